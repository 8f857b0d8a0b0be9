//! Every documented answer, as text and with its hint.

use super::answered;
use crate::example::{claim, claim_input, echo, line};
use crate::support::{Reply, Server};

const BAD_REQUEST: &str = "Lexer answers 500 to a bad request, so the same again won't help: see the body with --dry-run, the exchange with -v";

/// Asserts what a claim of `m_1` prints when `reply` comes: `text` after the ID, and `hint`, in which
/// `{url}` stands for the server's.
#[track_caller]
fn assert_told(reply: Reply, status: u16, text: &str, hint: &str, code: i32) {
    let server = Server::answering([reply]);
    server.ignore_requests();
    claim()
        .server(&server)
        .stdout(format!("{status} m_1 {text}\n"))
        .stderr(format!("hint: {}\n", hint.replace("{url}", &server.url())))
        .code(code)
        .run();
}

#[test]
fn an_accepted_message_is_claimed_or_echoed() {
    for (reply, status) in [
        (Reply::created(), 201),
        (Reply::status(201, "Created"), 201),
        (Reply::status(200, "OK").html("<html>fine</html>"), 200),
        (Reply::status(202, "Accepted").json("{"), 202),
        (Reply::status(204, "No Content"), 204),
        // The status counts, not the body.
        (
            Reply::status(200, "OK").json(r#"{"error":"object_id is missing"}"#),
            200,
        ),
    ] {
        answered(
            claim().stdout(format!("{status} m_1 claimed\n")),
            reply.clone(),
        );
        answered(echo().stdout(format!("{status} m_1 echoed\n")), reply);
    }
}

#[test]
fn a_page_that_is_not_integrated() {
    assert_told(
        Reply::status(400, "Bad Request").json(
            r#"{"status":"400 Invalid Account","error":"Cannot find an integrated account: 77"}"#,
        ),
        400,
        "Cannot find an integrated account: 77",
        "is 77 a Facebook page that is connected to client 123 in Lexer? check --account-id and --client-id",
        1,
    );
}

#[test]
fn a_token_that_is_refused() {
    for (status, reason) in [(401, "Unauthorized"), (403, "Forbidden")] {
        assert_told(
            Reply::status(status, reason),
            status,
            &format!("{reason} (empty answer)"),
            "Lexer refused the token: copy it from the bot user's page (Manage > Team > Our Team) and store it with\n      \
             lexbot config set-token --profile default",
            4,
        );
    }
}

#[test]
fn a_wrong_path() {
    assert_told(
        Reply::status(404, "Not Found").body("no such client"),
        404,
        "no such client",
        "check the client ID 123, which stands beside the token in Lexer, and the base URL {url}",
        1,
    );
}

#[test]
fn too_many_requests() {
    assert_told(
        Reply::status(429, "Too Many Requests").header("retry-after", "1"),
        429,
        "Too Many Requests (empty answer)",
        "too many requests: Lexer takes 10 a second for each token; wait a moment and run it again",
        5,
    );
}

#[test]
fn a_bad_request_that_is_told_in_json() {
    for error in [
        "object_id is missing",
        "source does not have a valid value",
        "state does not have a valid value",
    ] {
        assert_told(
            Reply::status(500, "Internal Server Error").json(&format!(r#"{{"error":"{error}"}}"#)),
            500,
            error,
            BAD_REQUEST,
            1,
        );
    }
}

#[test]
fn a_bad_request_that_is_told_in_broken_json() {
    // As Lexer's page prints it.
    let body = r#"{"error:"source does not have a valid value"}"#;
    assert_told(
        Reply::status(500, "Internal Server Error").json(body),
        500,
        body,
        BAD_REQUEST,
        1,
    );
}

#[test]
fn a_bad_request_that_is_told_in_html() {
    let titled = "<!DOCTYPE html>\n<html><head><title>\n  We&#39;re sorry,\n something went wrong (500)</title></head><body></body></html>\n";
    let untitled = "<html><head><style>p { color: red }</style></head><body><h1>Oops!</h1><p>Bad &amp; ugly</p></body></html>";
    for (page, gist) in [
        (titled, "We're sorry, something went wrong (500)"),
        (untitled, "Oops! Bad & ugly"),
    ] {
        assert_told(
            Reply::status(500, "Internal Server Error").html(page),
            500,
            &format!("{gist} (HTML page, {} bytes)", page.len()),
            BAD_REQUEST,
            1,
        );
    }
}

#[test]
fn lexer_is_down() {
    for (status, reason) in [
        (502, "Bad Gateway"),
        (503, "Service Unavailable"),
        (504, "Gateway Timeout"),
    ] {
        let page = format!("<html><title>{status} {reason}</title></html>");
        assert_told(
            Reply::status(status, reason).html(&page),
            status,
            &format!("{status} {reason} (HTML page, {} bytes)", page.len()),
            "Lexer has trouble of its own: see https://status.lexer.io, and run it again later",
            5,
        );
    }
}

#[test]
fn an_answer_that_nobody_documents_is_a_refusal() {
    for (status, reason) in [
        (402, "Payment Required"),
        (405, "Method Not Allowed"),
        (418, "I'm a teapot"),
    ] {
        assert_told(
            Reply::status(status, reason),
            status,
            &format!("{reason} (empty answer)"),
            "Lexer doesn't document this answer: see the exchange with -v, and check the base URL {url}",
            1,
        );
    }
    assert_told(
        Reply::status(501, "Not Implemented"),
        501,
        "Not Implemented (empty answer)",
        "Lexer has trouble of its own: see https://status.lexer.io, and run it again later",
        1,
    );
}

#[test]
fn a_hint_is_given_once_a_run() {
    let refusal = |page: &str| {
        Reply::status(400, "Bad Request").json(&format!(
            r#"{{"error":"Cannot find an integrated account: {page}"}}"#
        ))
    };
    let server = Server::answering([refusal("77"), refusal("77"), refusal("88")]);
    server.ignore_requests();
    let hint = |page: &str| {
        format!(
            "hint: is {page} a Facebook page that is connected to client 123 in Lexer? check --account-id and --client-id\n"
        )
    };
    claim_input()
        .stdin([line("m_1"), line("m_2"), line("m_3").replace("77", "88")].join("\n"))
        .server(&server)
        .stdout(
            "400 m_1 Cannot find an integrated account: 77\n\
             400 m_2 Cannot find an integrated account: 77\n\
             400 m_3 Cannot find an integrated account: 88\n",
        )
        .stderr(hint("77") + &hint("88"))
        .code(1)
        .run();
}
