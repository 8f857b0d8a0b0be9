//! What a response means: one is good, and every other is reported with its status, its text and the next step.

use serde_json::Value;

use super::{answered, check, good, request};
use crate::support::{Reply, Run, Server, lexbot};
use crate::trust::object;

const PORTAL: &str = "<!DOCTYPE html><html><head><title>Welcome to FreeWifi</title></head></html>";

/// Asserts what a check reports for a response: result, hint and code; and in JSON, outcome and whether to try again.
#[track_caller]
fn assert_reported(
    reply: &Reply,
    result: &str,
    hint: &str,
    code: i32,
    (outcome, retryable): (&str, bool),
) {
    let run = |run: Run| answered(run.stderr_like(hint).code(code), reply.clone());
    run(check().stdout_like(format!("...\nresult      {result}\n")));
    let output = run(check().args(["--json"]).stdout_like("{[..]}\n"));
    let object = object(&output);
    assert_eq!(object["ok"], outcome == "accepted", "{object}");
    assert_eq!(object["outcome"], outcome, "{object}");
    assert_eq!(object["retryable"], retryable, "{object}");
    if outcome == "accepted" {
        assert_eq!(object["error"], Value::Null);
    } else {
        let (status, text) = result.split_once(' ').unwrap();
        assert_eq!(object["status"].to_string(), status);
        assert_eq!(object["error"], text);
    }
}

#[test]
fn a_claim_refused_for_its_missing_message_is_good() {
    let result = "ok: Lexer is reachable and accepts the token (it answered 500, as expected)";
    let another = Reply::status(500, "Oops").json(r#"{"error":"account_id is missing"}"#);
    for reply in [good(), another] {
        assert_reported(&reply, result, "", 0, ("accepted", false));
    }
}

#[test]
fn a_refused_token_is_reported() {
    for status in [401, 403] {
        assert_reported(
            &Reply::status(status, "No").json(r#"{"error":"bad token"}"#),
            &format!("{status} bad token"),
            "hint: Lexer refused the token in LEXBOT_TOKEN: [..]\n      and put it into LEXBOT_TOKEN, [..]\n",
            4,
            ("unauthorized", false),
        );
    }
}

#[test]
fn a_missing_path_is_reported_with_the_client_id_and_the_base_url() {
    assert_reported(
        &Reply::status(404, "Not Found"),
        "404 Not Found (empty response)",
        "hint: check the client ID 123 (LEXBOT_CLIENT_ID), which [..]\n",
        1,
        ("rejected", false),
    );
}

#[test]
fn a_response_that_may_change_is_retryable() {
    let too_many = "[..]Z 429: now 6.7 requests a second; is the token used elsewhere?\nhint: Lexer accepts 10 requests a second [..]\n";
    let trouble =
        "hint: Lexer may have an outage: see https://status.lexer.io, and run it again later\n";
    for (reply, result, hint) in [
        (
            Reply::status(429, "Too Many Requests"),
            "429 Too Many Requests (empty response)",
            too_many,
        ),
        (page(502), "502 Down (HTML page, 19 bytes)", trouble),
        (page(503), "503 Down (HTML page, 19 bytes)", trouble),
        (page(504), "504 Down (HTML page, 19 bytes)", trouble),
    ] {
        assert_reported(&reply, result, hint, 5, ("unavailable", true));
    }
}

fn page(status: u16) -> Reply {
    Reply::status(status, "Oops").html("<title>Down</title>")
}

#[test]
fn a_response_that_lexer_would_not_give_is_not_good() {
    let ok = || Reply::status(200, "OK");
    let error = || Reply::status(500, "Oops");
    let missing = r#"{"error":"object_id is missing"}"#;
    let invalid = r#"{"error":"state does not have a valid value"}"#;
    for (reply, result) in [
        (
            ok().html(PORTAL),
            "200 Welcome to FreeWifi (HTML page, 75 bytes)",
        ),
        (Reply::created(), r#"201 {"status":"ok"}"#),
        (Reply::status(204, "No"), "204 No Content (empty response)"),
        (ok().json(missing), "200 object_id is missing"),
        (
            error().html("<title>Scary</title>"),
            "500 Scary (HTML page, 20 bytes)",
        ),
        (
            error().json(invalid),
            "500 state does not have a valid value",
        ),
        (
            error().body("object_id is missing"),
            "500 object_id is missing",
        ),
        (error(), "500 Internal Server Error (empty response)"),
    ] {
        let hint = "hint: Lexer would refuse [..]\n      such as [..]\n";
        assert_reported(&reply, result, hint, 1, ("rejected", false));
    }
}

#[test]
fn a_redirect_is_reported_and_not_followed() {
    let elsewhere = Server::answering([]);
    for status in [301, 302, 303, 307, 308] {
        let reply = Reply::status(status, "Elsewhere").header("location", &elsewhere.url());
        assert_reported(
            &reply.body("elsewhere"),
            &format!("{status} elsewhere"),
            "hint: lexbot doesn't follow redirects: check the base URL [..]\n",
            1,
            ("rejected", false),
        );
    }
    elsewhere.received([]);
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn a_check_is_retried_where_that_can_help() {
    let down = Reply::status(503, "Service Unavailable").header("retry-after", "0");
    let server = Server::answering([down, good()]);
    let output = lexbot(["check", "--json", "--retries", "1"])
        .server(&server)
        .stdout_like("{[..]}\n")
        .run();
    assert_eq!(object(&output)["attempts"], 2);
    server.received([request(), request()]);
}
