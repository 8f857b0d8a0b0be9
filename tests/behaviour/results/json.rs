//! `--json`: one object a line, always with the same keys.

use serde_json::{Value, json};

use super::{answered, objects};
use crate::example::{claim, claim_input, echo, line};
use crate::support::{Reply, Run, Server, lexbot, refused_port};

/// What is told of the claim of `m_1` when it is accepted, with these differences.
fn object(differences: Value) -> Value {
    let mut object = json!({
        "action": "claim",
        "line": null,
        "object_id": "m_1",
        "account_id": "77",
        "ok": true,
        "outcome": "accepted",
        "status": 201,
        "body": {"status": "ok"},
        "error": null,
        "retryable": false,
        "attempts": 1,
    });
    let Value::Object(differences) = differences else {
        panic!("differences are an object");
    };
    for (key, value) in differences {
        object[key] = value;
    }
    object
}

/// Asserts what is told of `run` when `reply` comes.
#[track_caller]
fn assert_told(run: Run, reply: Reply, code: i32, differences: Value) {
    let run = run.args(["--json"]).stdout_like("[..]\n").code(code);
    let run = if code == 0 {
        run
    } else {
        run.stderr_like("hint: [..]\n...")
    };
    assert_eq!(objects(&answered(run, reply)), [object(differences)]);
}

#[test]
fn the_keys_have_an_order() {
    answered(
        claim().args(["--json"]).stdout_like(
            "{\"action\":\"claim\",\"line\":null,\"object_id\":\"m_1\",\"account_id\":\"77\",\"ok\":true,\
             \"outcome\":\"accepted\",\"status\":201,\"body\":{\"status\":\"ok\"},\"error\":null,\
             \"retryable\":false,\"attempts\":1,\"elapsed_ms\":[..]}\n",
        ),
        Reply::created(),
    );
}

#[test]
fn an_accepted_message() {
    assert_told(claim(), Reply::created(), 0, json!({}));
    assert_told(echo(), Reply::created(), 0, json!({"action": "echo"}));
    assert_told(
        claim_input().stdin(format!("\n{}", line("m_2"))),
        Reply::status(202, "Accepted").body("later"),
        0,
        json!({"line": 2, "object_id": "m_2", "status": 202, "body": "later"}),
    );
    assert_told(
        claim(),
        Reply::status(200, "OK"),
        0,
        json!({"status": 200, "body": ""}),
    );
}

#[test]
fn a_message_that_lexer_refuses() {
    for (status, body, as_json, error) in [
        (
            400,
            r#"{"status":"400 Invalid Account","error":"Cannot find an integrated account: 77"}"#,
            json!({"status": "400 Invalid Account", "error": "Cannot find an integrated account: 77"}),
            "Cannot find an integrated account: 77",
        ),
        (404, "", json!(""), "Not Found (empty answer)"),
        (
            500,
            "{\r\n\"error\": \"object_id is missing\"}\n",
            json!({"error": "object_id is missing"}),
            "object_id is missing",
        ),
        (
            500,
            r#"{"error:"state does not have a valid value"}"#,
            json!(r#"{"error:"state does not have a valid value"}"#),
            r#"{"error:"state does not have a valid value"}"#,
        ),
        (
            500,
            "<html><title>Oops</title></html>",
            json!("<html><title>Oops</title></html>"),
            "Oops (HTML page, 32 bytes)",
        ),
    ] {
        assert_told(
            claim(),
            Reply::status(status, "Whatever").body(body),
            1,
            json!({"ok": false, "outcome": "rejected", "status": status, "body": as_json, "error": error}),
        );
    }
}

#[test]
fn a_token_that_lexer_refuses() {
    for (status, error) in [(401, "Unauthorized"), (403, "Forbidden")] {
        assert_told(
            claim(),
            Reply::status(status, error),
            4,
            json!({"ok": false, "outcome": "unauthorized", "status": status, "body": "",
                   "error": format!("{error} (empty answer)")}),
        );
    }
}

#[test]
fn an_answer_that_says_later() {
    for status in [429, 502, 503, 504] {
        assert_told(
            claim(),
            Reply::status(status, "Later").body("later"),
            5,
            json!({"ok": false, "outcome": "unavailable", "status": status, "body": "later",
                   "error": "later", "retryable": true}),
        );
    }
}

#[test]
fn no_answer() {
    let server = Server::answering([Reply::close()]);
    server.ignore_requests();
    let output = claim()
        .args(["--json"])
        .server(&server)
        .stdout_like("[..]\n")
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
    let error = format!(
        "127.0.0.1:{} closed the connection without an answer",
        server.port()
    );
    assert_eq!(
        objects(&output),
        [object(
            json!({"ok": false, "outcome": "unknown", "status": null, "body": null,
                       "error": error, "retryable": true})
        )]
    );
}

#[test]
fn no_connection() {
    let port = refused_port();
    let output = claim()
        .args(["--json"])
        .base_url(&port.url())
        .stdout_like("[..]\n")
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
    let error = format!("127.0.0.1:{} refused the connection", port.port());
    assert_eq!(
        objects(&output),
        [object(
            json!({"ok": false, "outcome": "unavailable", "status": null, "body": null,
                       "error": error, "retryable": true})
        )]
    );
}

#[test]
fn invalid_messages() {
    let server = Server::answering([]);
    let output = claim_input()
        .args(["--json"])
        .stdin("garbage\n\n{\"object_id\":\"m_3\",\"account_id\":77}\n{\"object_id\":4,\"account_id\":\"78\"}")
        .server(&server)
        .stdout_like("[..]\n[..]\n[..]\n")
        .code(2)
        .run();
    server.received([]);
    let invalid = |line: u64, id: Value, page: Value, why: &str| {
        object(
            json!({"line": line, "object_id": id, "account_id": page, "ok": false,
                      "outcome": "invalid", "status": null, "body": null, "error": why, "attempts": 0}),
        )
    };
    assert_eq!(
        objects(&output),
        [
            invalid(1, Value::Null, Value::Null, "this is not JSON"),
            invalid(3, json!("m_3"), json!("77"), "published_at is missing"),
            invalid(
                4,
                Value::Null,
                json!("78"),
                "object_id is not a non-empty string"
            ),
        ]
    );
}

#[test]
fn a_value_that_was_sent_as_it_is() {
    assert_told(
        claim_input().args(["--no-validate"]).stdin("42"),
        Reply::created(),
        0,
        json!({"line": 1, "object_id": null, "account_id": null}),
    );
}

#[test]
fn numbers_in_a_body_keep_their_digits_and_keys_their_order() {
    answered(
        claim().args(["--json"]).stdout_like(
            "[..],\"body\":{\"z\":1.50,\"a\":12345678901234567890123,\"a\":1e400},[..]\n",
        ),
        Reply::status(201, "Created")
            .body(r#"{"z": 1.50, "a": 12345678901234567890123, "a": 1e400}"#),
    );
}

#[test]
fn wrong_usage_prints_no_object() {
    lexbot(["claim", "--json"])
        .code(2)
        .stderr_like("error: nothing to claim[..]\n...\n")
        .run();
}
