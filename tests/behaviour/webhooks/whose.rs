//! Whose a message is: the page's or another's, the bot's or a person's.

use super::{claim_of, echo_of, from_customer, from_page, message, payload};
use crate::batch::{claims, echoes, summary};
use crate::support::{Reply, Run, Server};

/// Runs `run`, which sends nothing of the one event that it has, and says why.
#[track_caller]
fn assert_skipped(run: Run, why: &str) {
    let server = Server::answering([]);
    run.args(["-v"])
        .server(&server)
        .stdout(format!("--- {why}\n"))
        .stderr_like(summary("0 accepted, 1 skipped"))
        .run();
    server.received([]);
}

/// Runs `run`, which echoes `m_1`.
#[track_caller]
fn assert_echoed(run: Run) {
    let server = Server::answering([Reply::created()]);
    run.server(&server)
        .stdout("201 m_1 echoed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    server.received([echo_of("m_1")]);
}

/// The payload of an echo of `m_1` that names this app, or none.
fn echo_by(app: Option<&str>) -> String {
    let app = app
        .map(|app| format!(r#","app_id":{app}"#))
        .unwrap_or_default();
    payload(&[&from_page(&format!(
        r#""message":{{"mid":"m_1","is_echo":true{app}}}"#
    ))])
}

#[test]
fn a_customers_id_never_goes_out_as_the_page() {
    let swapped = payload(&[&from_page(r#""message":{"mid":"m_1"}"#)]);
    assert_skipped(
        claims(&[]).stdin(swapped.as_str()),
        "m_1 skipped: its recipient is not the page of its entry",
    );
    let swapped = payload(&[&from_customer(r#""message":{"mid":"m_1","is_echo":true}"#)]);
    assert_skipped(
        echoes(&[]).stdin(swapped.as_str()),
        "m_1 skipped: its sender is not the page of its entry",
    );
    let to_itself = message("m_1").replace(r#""id":"7""#, r#""id":"42""#);
    assert_skipped(
        claims(&[]).stdin(payload(&[&to_itself])),
        "m_1 skipped: its sender is the page itself",
    );
}

#[test]
fn the_page_of_an_event_is_its_own_whatever_the_flags_say() {
    let server = Server::answering([Reply::created()]);
    claims(&["--account-id", "99", "--published-at", "now"])
        .stdin(payload(&[&message("m_1")]))
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    server.received([claim_of("m_1")]);
    let no_page = message("m_1").replace(r#""recipient":{"id":"42"},"#, "");
    assert_skipped(
        claims(&["--account-id", "42"]).stdin(payload(&[&no_page])),
        "m_1 skipped: its recipient is not the page of its entry",
    );
}

#[test]
fn ids_that_are_numbers_keep_their_digits() {
    const PAGE: &str = "9007199254740993123";
    let server = Server::answering([Reply::created()]);
    claims(&[])
        .stdin(
            payload(&[&message("m_1")])
                .replace(r#""42""#, PAGE)
                .replace(r#""7""#, "9007199254740993124"),
        )
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    let body = String::from_utf8(claim_of("m_1").body).unwrap();
    server.received([claim_of("m_1").json(&body.replace("42\"}", &format!("{PAGE}\"}}")))]);
}

#[test]
fn events_in_standby_are_sent_only_if_asked_for() {
    let standby = payload(&[&message("m_1")]).replace("messaging", "standby");
    assert_skipped(
        claims(&[]).stdin(standby.as_str()),
        "line 1: skipped: in standby: another app has the conversation",
    );
    let server = Server::answering([Reply::created()]);
    claims(&["--standby"])
        .stdin(standby.as_str())
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    server.received([claim_of("m_1")]);
    assert_echoed(echoes(&["--standby"]).stdin(echo_by(Some("5")).replace("messaging", "standby")));
}

#[test]
fn any_bots_echo_is_sent_unless_one_app_is_named() {
    for app in [None, Some("5"), Some(r#""6""#)] {
        assert_echoed(echoes(&[]).stdin(echo_by(app)));
    }
    for app in ["5", r#""5""#] {
        assert_echoed(echoes(&["--app-id", "5"]).stdin(echo_by(Some(app))));
    }
    assert_skipped(
        echoes(&["--app-id", "5"]).stdin(echo_by(Some("6"))),
        "line 1: skipped: the app 6 sent it",
    );
    assert_skipped(
        echoes(&["--app-id", "5"]).stdin(echo_by(None)),
        "line 1: skipped: it doesn't say which app sent it",
    );
}

#[test]
fn the_profile_names_the_app_and_a_flag_another() {
    for id in ["5", "\"5\""] {
        let run = |args| echoes(args).config(&format!("[profiles.default]\napp_id = {id}\n"));
        assert_echoed(run(&[]).stdin(echo_by(Some("5"))));
        assert_echoed(run(&["--app-id", "6"]).stdin(echo_by(Some("6"))));
        assert_skipped(
            run(&[]).stdin(echo_by(Some("6"))),
            "line 1: skipped: the app 6 sent it",
        );
    }
}

#[test]
fn what_a_person_wrote_in_the_page_inbox_is_never_echoed() {
    for args in [&[][..], &["--app-id", "263902037430900"]] {
        for app in ["263902037430900", r#""263902037430900""#] {
            assert_skipped(
                echoes(args).stdin(echo_by(Some(app))),
                "line 1: skipped: a person sent it in Meta's Page Inbox",
            );
        }
    }
}

#[test]
fn a_notice_that_the_bots_message_was_unsent_is_no_message() {
    let event = from_page(r#""message":{"mid":"m_1","is_echo":true,"is_deleted":true}"#);
    assert_skipped(
        echoes(&[]).stdin(payload(&[&event])),
        "line 1: skipped: a notice that an earlier message was unsent",
    );
}
