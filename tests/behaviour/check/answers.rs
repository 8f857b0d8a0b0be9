//! What an answer says: one is good, and every other is told with its status, its text and the next step.

use super::{answered, check, good};
use crate::support::{Output, Reply};
use crate::trust::object;

const PORTAL: &str = "<!DOCTYPE html><html><head><title>Welcome to FreeWifi</title></head></html>";

const NOT_LEXER: &str = "hint: Lexer doesn't answer like this[..]\n";

/// Asserts what a check says of an answer: result, hint and code; and in JSON, outcome and whether to try again.
#[track_caller]
fn assert_told(
    reply: &Reply,
    result: &str,
    hint: &str,
    code: i32,
    (outcome, retryable): (&str, bool),
) {
    answered(
        check()
            .stdout_like(format!("...\nresult      {result}\n"))
            .stderr_like(hint)
            .code(code),
        reply.clone(),
    );
    let output: Output = answered(
        check()
            .args(["--json"])
            .stdout_like("{[..]}\n")
            .stderr_like(hint)
            .code(code),
        reply.clone(),
    );
    let object = object(&output);
    assert_eq!(object["ok"], outcome == "accepted", "{object}");
    assert_eq!(object["outcome"], outcome, "{object}");
    assert_eq!(object["retryable"], retryable, "{object}");
    let (status, text) = result.split_once(' ').unwrap();
    if outcome == "accepted" {
        assert_eq!(object["error"], serde_json::Value::Null);
    } else {
        assert_eq!(object["status"].to_string(), status);
        assert_eq!(object["error"], text);
    }
}

#[test]
fn lexer_s_refusal_of_a_claim_without_a_message_is_good() {
    let result = "ok: Lexer is reachable and accepts the token (answer 500, as it should be)";
    assert_told(&good(), result, "", 0, ("accepted", false));
    let another = Reply::status(500, "Oops").json(r#"{"error":"account_id is missing"}"#);
    assert_told(&another, result, "", 0, ("accepted", false));
}

#[test]
fn a_token_that_is_refused() {
    for (status, reason) in [(401, "Unauthorized"), (403, "Forbidden")] {
        assert_told(
            &Reply::status(status, reason).json(r#"{"error":"bad token"}"#),
            &format!("{status} bad token"),
            "hint: Lexer refused the token: [..]\n      lexbot config set-token --profile default\n",
            4,
            ("unauthorized", false),
        );
    }
}

#[test]
fn a_wrong_client_id_or_path() {
    assert_told(
        &Reply::status(404, "Not Found"),
        "404 Not Found (empty answer)",
        "hint: check the client ID 123, which stands beside the token in Lexer, and the base URL http://127.0.0.1:[..]\n",
        1,
        ("rejected", false),
    );
}

#[test]
fn too_many_requests_and_a_lexer_that_is_down() {
    assert_told(
        &Reply::status(429, "Too Many Requests"),
        "429 Too Many Requests (empty answer)",
        "hint: too many requests: [..]\n",
        5,
        ("unavailable", true),
    );
    for (status, reason) in [
        (502, "Bad Gateway"),
        (503, "Service Unavailable"),
        (504, "Gateway Timeout"),
    ] {
        assert_told(
            &Reply::status(status, reason).html("<title>Down</title>"),
            &format!("{status} Down (HTML page, 19 bytes)"),
            "hint: Lexer has trouble of its own: see https://status.lexer.io, and run it again later\n",
            5,
            ("unavailable", true),
        );
    }
}

#[test]
fn an_answer_that_lexer_wouldn_t_give_is_not_called_fine() {
    for (reply, result) in [
        (
            Reply::status(200, "OK").html(PORTAL),
            "200 Welcome to FreeWifi (HTML page, 75 bytes)",
        ),
        (Reply::created(), r#"201 {"status":"ok"}"#),
        (
            Reply::status(204, "No Content"),
            "204 No Content (empty answer)",
        ),
        (
            Reply::status(200, "OK").json(r#"{"error":"object_id is missing"}"#),
            "200 object_id is missing",
        ),
        (
            Reply::status(500, "Oops").html("<title>Scary</title>"),
            "500 Scary (HTML page, 20 bytes)",
        ),
        (
            Reply::status(500, "Oops").json(r#"{"error":"state does not have a valid value"}"#),
            "500 state does not have a valid value",
        ),
        (
            Reply::status(500, "Oops").body("object_id is missing"),
            "500 object_id is missing",
        ),
        (
            Reply::status(500, "Oops"),
            "500 Internal Server Error (empty answer)",
        ),
    ] {
        assert_told(&reply, result, NOT_LEXER, 1, ("rejected", false));
    }
}

#[test]
fn a_redirect_is_told_and_not_followed() {
    let elsewhere = crate::support::Server::answering([]);
    for status in [301, 302, 303, 307, 308] {
        assert_told(
            &Reply::status(status, "Elsewhere")
                .header("location", &elsewhere.url())
                .body("elsewhere"),
            &format!("{status} elsewhere"),
            "hint: the server redirects, and lexbot never follows: check the base URL [..]\n",
            1,
            ("rejected", false),
        );
    }
    elsewhere.received([]);
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn another_try_is_made_where_it_can_help() {
    let server = crate::support::Server::answering([
        Reply::status(503, "Service Unavailable").header("retry-after", "0"),
        good(),
    ]);
    let output = crate::support::lexbot(["check", "--json", "--retries", "1"])
        .server(&server)
        .stdout_like("{[..]}\n")
        .run();
    assert_eq!(object(&output)["attempts"], 2);
    server.received([super::request(), super::request()]);
}
