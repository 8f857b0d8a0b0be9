//! `lexbot relay`: one stream of webhooks, claimed and echoed.

use serde_json::{Value, json};

use super::{claim_of, echo, echo_of, event, message, payload};
use crate::batch::{field, results, summary};
use crate::support::{Home, Reply, Run, Server, lexbot};

/// Relays the webhooks on stdin, one at a time and without a rate limit.
fn relay(args: &[&str]) -> Run {
    lexbot(["relay", "-i", "-", "-j", "1", "--rate", "0"]).args(args)
}

/// The same for a bot whose app is the one of [`echo`].
pub(super) fn relay_of_app_5(args: &[&str]) -> Run {
    relay(args).args(["--app-id", "5"])
}

/// A customer's message, the bot's reply, another app's message, and a read report.
fn conversation() -> String {
    let read = event("\"7\"", "\"42\"", r#""read":{"watermark":1458668856253}"#);
    let other = echo("m_3").replace(r#""app_id":5"#, r#""app_id":6"#);
    payload(&[&message("m_1"), &echo("m_2"), &other, &read])
}

#[test]
fn each_event_gets_what_it_calls_for() {
    let server = Server::answering([Reply::created(), Reply::created()]);
    relay_of_app_5(&["-v"])
        .stdin(conversation())
        .server(&server)
        .stdout_in_any_order(
            "201 m_1 claimed\n201 m_2 echoed\n--- line 1: skipped: the app 6 sent it\n--- line 1: skipped: a read report\n",
        )
        .stderr_like("...")
        .run();
    server.received([claim_of("m_1"), echo_of("m_2")]);
}

#[test]
fn json_names_the_action_of_each_event() {
    let server = Server::answering([Reply::created(), Reply::created()]);
    let output = relay_of_app_5(&["--json"])
        .stdin(conversation())
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("2 accepted, 2 skipped"))
        .run();
    let mut results = results(&output);
    results.sort_by_key(|result| result["object_id"].to_string());
    assert_eq!(
        field(&results, "action"),
        [json!("claim"), json!("echo"), Value::Null, Value::Null]
    );
    assert_eq!(field(&results, "customer_id"), ["7"; 4]);
    server.received([claim_of("m_1"), echo_of("m_2")]);
}

#[test]
fn single_entries_and_events_and_send_api_responses_are_taken() {
    let server = Server::answering([Reply::created(), Reply::created(), Reply::created()]);
    let entry = format!(r#"{{"id":"42","messaging":[{}]}}"#, message("m_1"));
    let response = r#"{"message_id":"m_3","published_at":1458692752478}"#;
    relay_of_app_5(&["--account-id", "42"])
        .stdin(format!("{entry} {} {response}", echo("m_2")))
        .server(&server)
        .stdout("201 m_1 claimed\n201 m_2 echoed\n201 m_3 echoed\n")
        .stderr_like(summary("3 accepted"))
        .run();
    server.received([claim_of("m_1"), echo_of("m_2"), echo_of("m_3")]);
}

#[test]
fn a_single_event_without_a_configured_page_is_invalid() {
    let server = Server::answering([]);
    relay_of_app_5(&[])
        .stdin(message("m_1"))
        .server(&server)
        .stdout("--- line 1: a single event doesn't name its page, and there is no default\n")
        .stderr_like(format!(
            "hint: set their page with --account-id PAGE, [..]\n{}",
            summary("0 accepted, 1 invalid")
        ))
        .code(1)
        .run();
    server.received([]);
}

#[test]
fn a_message_body_is_invalid() {
    let server = Server::answering([]);
    relay_of_app_5(&[])
        .stdin(crate::example::line("m_1"))
        .server(&server)
        .stdout(
            "--- line 1: a message body doesn't say whether to claim or echo it: use lexbot claim or lexbot echo\n",
        )
        .stderr_like(summary("0 accepted, 1 invalid"))
        .code(1)
        .run();
    server.received([]);
}

#[test]
fn the_bots_app_must_be_known_at_the_start() {
    let server = Server::answering([]);
    for option in ["--quiet", "--dry-run"] {
        relay(&[option])
            .stdin(conversation())
            .server(&server)
            .stderr_like(
                "error: no app ID: relay must know which echoes are the bot's own\nhint: give --app-id ID [..]\n      [..]\n",
            )
            .code(3)
            .run();
    }
    server.received([]);
    let server = Server::answering([Reply::created(), Reply::created()]);
    relay(&[])
        .stdin(conversation())
        .env("LEXBOT_APP_ID", "5")
        .server(&server)
        .stdout("201 m_1 claimed\n201 m_2 echoed\n")
        .stderr_like(summary("2 accepted, 2 skipped"))
        .run();
    server.received([claim_of("m_1"), echo_of("m_2")]);
}

#[test]
fn echo_stops_at_the_first_echo_of_an_unknown_app() {
    let server = Server::answering([]);
    let input = format!(
        "{}\n{}\n",
        payload(&[&message("m_1"), &echo("m_2")]),
        payload(&[&echo("m_4")])
    );
    let run = |args: &[&str]| {
        lexbot(["echo", "-i", "-", "--rate", "0", "-j", "1"])
            .args(args)
            .stdin(input.as_str())
            .server(&server)
            .code(3)
    };
    let error = "error: app 5 sent this echo, and the bot's own app isn't known\n\
        hint: if that is your bot (App ID in Meta's App Dashboard), set app_id = \"5\" in the profile, or give --app-id 5;\n      \
        if not, set your bot's: this app may be Lexer's, through which agents answer\n";
    let not_sent = "--- m_2 not sent: the bot's own app isn't known\n";
    run(&[])
        .stdout_like(format!("{not_sent}..."))
        .stderr_like(format!("stopped: [..] in [..] s[..]\n{error}"))
        .run();
    run(&["--dry-run"]).stderr_like(error).run();
    server.received([]);
}

#[test]
fn one_journal_serves_both_actions() {
    let home = Home::new();
    let server = Server::answering([Reply::created(), Reply::created()]);
    let run = |counts| {
        relay_of_app_5(&["--journal", "journal"])
            .home(&home)
            .stdin(conversation())
            .server(&server)
            .stderr_like(summary(counts))
    };
    run("2 accepted, 2 skipped")
        .stdout("201 m_1 claimed\n201 m_2 echoed\n")
        .run();
    run("0 accepted, 4 skipped").run();
    server.received([claim_of("m_1"), echo_of("m_2")]);
}

#[test]
fn a_dry_run_prints_the_action_and_the_body() {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    relay_of_app_5(&["--dry-run"])
        .stdin(conversation())
        .stdout(format!(
            "claim\t{}\necho\t{}\n",
            text(claim_of("m_1").body),
            text(echo_of("m_2").body)
        ))
        .run();
    relay_of_app_5(&["--dry-run"])
        .stdin(payload(&[]))
        .stderr("hint: everything was skipped: -v shows why\n")
        .run();
}
