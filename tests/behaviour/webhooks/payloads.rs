//! How the events of a payload are reported.

use serde_json::{Value, json};

use super::{claim_of, echo, echo_of, event, message, payload};
use crate::batch::{claims, echoes, field, results, summary};
use crate::results::json::object;
use crate::support::{Reply, Request, Server};

/// A claimed message, an echo, a read report, and a message that has no time.
fn mixed() -> String {
    let no_time = message("m_3").replace(r#""timestamp":1458692752478,"#, "");
    let read = event("\"7\"", "\"42\"", r#""read":{"watermark":1458668856253}"#);
    payload(&[&message("m_1"), &echo("m_2"), &read, &no_time])
}

#[test]
fn skipped_events_are_printed_with_verbose_only() {
    let accepted = "201 m_1 claimed\n";
    let invalid = "--- line 2: timestamp is missing\n";
    let skipped = "--- line 2: skipped: a read report\n--- line 2: skipped: the page sent it\n";
    let counts = summary("1 accepted, 1 invalid, 2 skipped");
    for (option, stdout, stderr) in [
        ("--color=never", format!("{accepted}{invalid}"), &*counts),
        ("-v", format!("{accepted}{invalid}{skipped}"), "..."),
        ("-q", invalid.to_owned(), ""),
    ] {
        let server = Server::answering([Reply::created()]);
        claims(&[option])
            .stdin(format!("\n{}\n", mixed()))
            .server(&server)
            .stdout_in_any_order(stdout)
            .stderr_like(stderr)
            .code(1)
            .run();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn each_event_is_a_json_object() {
    let server = Server::answering([Reply::created()]);
    let output = claims(&["--json"])
        .stdin(format!("\n{}\n", mixed()))
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("1 accepted, 1 invalid, 2 skipped"))
        .code(1)
        .run();
    let mut results = results(&output);
    assert_eq!(field(&results, "value_done"), [false, false, false, true]);
    for result in &mut results {
        result["value_done"] = "checked".into();
    }
    // The message that is sent may have its result before or after the others.
    results.sort_by_key(|result| [&result["object_id"], &result["reason"]].map(Value::to_string));
    let of_line_2 = |differences: Value| {
        let mut expected = object(json!({"line": 2, "end_line": 2, "value_done": "checked"}));
        for (key, value) in differences.as_object().expect("an object") {
            expected[key] = value.clone();
        }
        expected
    };
    let not_sent = json!({"object_id": null, "account_id": null, "published_at": null, "status": null, "body": null, "attempts": 0});
    let skipped = |reason: &str| {
        let mut expected = of_line_2(not_sent.clone());
        expected["outcome"] = "skipped".into();
        expected["reason"] = reason.into();
        expected["customer_id"] = "7".into();
        expected
    };
    let mut invalid = of_line_2(not_sent.clone());
    for (key, value) in [
        ("object_id", json!("m_3")),
        ("account_id", json!("42")),
        ("customer_id", json!("7")),
        ("ok", json!(false)),
        ("outcome", json!("invalid")),
        ("error", json!("timestamp is missing")),
    ] {
        invalid[key] = value;
    }
    assert_eq!(
        results,
        [
            of_line_2(json!({"account_id": "42", "customer_id": "7"})),
            invalid,
            skipped("a read report"),
            skipped("the page sent it"),
        ]
    );
    server.ignore_requests();
}

#[test]
fn one_payload_serves_both_commands() {
    let payload = payload(&[&message("m_1"), &echo("m_2")]);
    let server = Server::answering([Reply::created(), Reply::created()]);
    for (run, printed) in [
        (claims(&[]), "201 m_1 claimed\n"),
        (echoes(&["--app-id", "5"]), "201 m_2 echoed\n"),
    ] {
        run.stdin(payload.as_str())
            .server(&server)
            .stdout(printed)
            .stderr_like(summary("1 accepted, 1 skipped"))
            .run();
    }
    server.received([claim_of("m_1"), echo_of("m_2")]);
}

#[test]
fn a_payload_may_span_lines_and_be_mixed_with_messages() {
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
    let mut lines = field(&results(&output), "line");
    lines.sort_unstable_by_key(serde_json::Value::as_u64);
    assert_eq!(lines, [1, 2, 2, last]);
    let first = crate::example::claim_of("m_0");
    server.received([first, claim_of("m_1"), claim_of("m_3")]);
}

#[test]
fn a_payload_without_messages_succeeds() {
    let server = Server::answering([]);
    claims(&[])
        .stdin(format!(
            "{}\n{}\n{}\n",
            payload(&[]),
            r#"{"object":"page","entry":[]}"#,
            payload(&[&message("m_1")]).replace(r#""page""#, r#""instagram""#)
        ))
        .server(&server)
        .stderr_like(summary("0 accepted, 3 skipped"))
        .run();
    server.received([]);
}

#[test]
fn a_message_that_a_payload_repeats_is_sent_once() {
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
fn a_dry_run_prints_the_bodies_of_a_payload() {
    for (args, stderr) in [
        (&["--dry-run"][..], ""),
        (
            &["--dry-run", "-v"],
            "--- line 1: skipped: the page sent it\n",
        ),
    ] {
        claims(args)
            .stdin(payload(&[&echo("m_2"), &message("m_1")]))
            .stdout(format!("{}\n", claim_of("m_1").text()))
            .stderr(stderr)
            .run();
    }
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
    server.received([Request::post(crate::example::CLAIM).json(&payload)]);
}
