//! What is told of the events of a payload.

use serde_json::json;

use super::{claim_of, echo, echo_of, from_customer, message, payload};
use crate::batch::{claims, echoes, results, summary};
use crate::support::{Reply, Server};

/// A claimed message, an echo, a read report, and a message that has no time.
fn mixed() -> String {
    let no_time = message("m_3").replace(r#""timestamp":1458692752478,"#, "");
    let read = from_customer(r#""read":{"watermark":1458668856253}"#);
    payload(&[&message("m_1"), &echo("m_2"), &read, &no_time])
}

#[test]
fn only_what_was_to_be_sent_is_told() {
    let server = Server::answering([Reply::created()]);
    claims(&["-j", "1"])
        .stdin(format!("\n{}\n", mixed()))
        .server(&server)
        .stdout_like("...\n--- line 2: timestamp is missing\n...")
        .stderr_like(summary("1 accepted, 1 invalid, 2 skipped"))
        .code(2)
        .run();
    server.received([claim_of("m_1")]);
}

#[test]
fn each_skipped_event_is_told_with_the_reason_where_details_are_wanted() {
    let server = Server::answering([Reply::created()]);
    let output = claims(&["-v"])
        .stdin(mixed())
        .server(&server)
        .stdout_like("...")
        .stderr_like("...")
        .code(2)
        .run();
    let mut told: Vec<_> = output.stdout.lines().collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "--- line 1: skipped: a read report",
            "--- line 1: skipped: the page sent it",
            "--- line 1: timestamp is missing",
            "201 m_1 claimed",
        ]
    );
    server.ignore_requests();
}

#[test]
fn quiet_tells_nothing_of_skipped_events() {
    let server = Server::answering([Reply::created()]);
    claims(&["-q"])
        .stdin(mixed())
        .server(&server)
        .stdout("--- line 1: timestamp is missing\n")
        .code(2)
        .run();
    server.ignore_requests();
}

#[test]
fn each_event_is_a_json_object() {
    let server = Server::answering([Reply::created()]);
    let output = claims(&["--json"])
        .stdin(format!("\n{}\n", mixed()))
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("1 accepted, 1 invalid, 2 skipped"))
        .code(2)
        .run();
    let mut results = results(&output);
    // The one that is sent is known later than the others, or not.
    results.sort_by_key(|result| result["error"].to_string());
    let skipped = |why: &str| {
        json!({"action": "claim", "line": 2, "object_id": null, "account_id": null, "ok": true, "outcome": "skipped",
            "status": null, "body": null, "error": why, "retryable": false, "attempts": 0})
    };
    assert_eq!(
        results,
        [
            skipped("a read report"),
            skipped("the page sent it"),
            json!({"action": "claim", "line": 2, "object_id": "m_3", "account_id": "42", "ok": false, "outcome": "invalid",
                "status": null, "body": null, "error": "timestamp is missing", "retryable": false, "attempts": 0}),
            json!({"action": "claim", "line": 2, "object_id": "m_1", "account_id": "42", "ok": true, "outcome": "accepted",
                "status": 201, "body": {"status": "ok"}, "error": null, "retryable": false, "attempts": 1}),
        ]
    );
    server.ignore_requests();
}

#[test]
fn the_same_payload_has_something_for_each_action() {
    let payload = payload(&[&message("m_1"), &echo("m_2")]);
    let server = Server::answering([Reply::created(), Reply::created()]);
    claims(&[])
        .stdin(payload.as_str())
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(summary("1 accepted, 1 skipped"))
        .run();
    echoes(&[])
        .stdin(payload.as_str())
        .server(&server)
        .stdout("201 m_2 echoed\n")
        .stderr_like(summary("1 accepted, 1 skipped"))
        .run();
    server.received([claim_of("m_1"), echo_of("m_2")]);
}

#[test]
fn a_payload_may_span_lines_and_stand_among_messages() {
    let server = Server::always(Reply::created());
    let pretty = payload(&[&message("m_1"), &echo("m_2")]).replace(',', ",\n  ");
    let last = 2 + pretty.lines().count() as u64;
    let input = format!(
        "{}\n{pretty}\n[{}]\n",
        crate::example::line("m_0"),
        payload(&[&message("m_3")])
    );
    let output = claims(&["-j", "1", "--json"])
        .stdin(input)
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("3 accepted, 1 skipped"))
        .run();
    let mut lines: Vec<_> = results(&output)
        .iter()
        .map(|result| result["line"].as_u64().unwrap())
        .collect();
    lines.sort_unstable();
    assert_eq!(lines, [1, 2, 2, last]);
    server.received([
        crate::example::claim_of("m_0"),
        claim_of("m_1"),
        claim_of("m_3"),
    ]);
}

#[test]
fn a_payload_with_nothing_to_send_is_no_failure() {
    let server = Server::answering([]);
    claims(&[])
        .stdin(format!(
            "{}\n{}\n{}\n",
            payload(&[]),
            r#"{"object":"page","entry":[]}"#,
            payload(&[&message("m_1")]).replace(r#""page""#, r#""instagram""#)
        ))
        .server(&server)
        .stderr_like(summary("0 accepted, 1 skipped"))
        .run();
    server.received([]);
}

#[test]
fn the_same_message_twice_in_a_payload_is_sent_once() {
    let server = Server::answering([Reply::created()]);
    claims(&[])
        .stdin(payload(&[&message("m_1"), &message("m_1")]))
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(summary("1 accepted, 1 skipped"))
        .run();
    server.received([claim_of("m_1")]);
}

#[test]
fn a_dry_run_prints_what_would_be_sent_of_a_payload() {
    let body = String::from_utf8(claim_of("m_1").body).unwrap();
    let run = || claims(&["--dry-run"]).stdin(payload(&[&echo("m_2"), &message("m_1")]));
    run().stdout(format!("{body}\n")).run();
    run()
        .args(["-v"])
        .stdout(format!("{body}\n"))
        .stderr("--- line 1: skipped: the page sent it\n")
        .run();
}

#[test]
fn without_validation_a_payload_is_sent_as_it_is() {
    let server = Server::answering([Reply::created()]);
    let payload = payload(&[&message("m_1")]);
    claims(&["--no-validate"])
        .stdin(payload.as_str())
        .server(&server)
        .stdout("201 line 1: claimed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    server.received([crate::support::Request::post(crate::example::CLAIM).json(&payload)]);
}
