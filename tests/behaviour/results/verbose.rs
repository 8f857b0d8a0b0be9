//! `-v`: the request and the response on stderr, the token redacted.

use crate::batch::lines;
use crate::example::{body, claim, claim_input};
use crate::support::{Reply, Server, refused_port};

/// What is printed of the request that claims `id` at `url`.
fn request(url: &str, id: &str) -> String {
    format!(
        "> POST {url}/123/bots/objects/claim\n> content-type: application/json\n\
         > auth-api-token: (redacted)\n> user-agent: lexbot/{}\n> {}\n",
        env!("CARGO_PKG_VERSION"),
        body(id)
    )
}

/// Asserts what `-v` prints of this response to a claim of `m_1`.
#[track_caller]
fn assert_prints(reply: Reply, args: &[&str], stdout: &str, response: &str) {
    let server = Server::answering([reply]);
    server.ignore_requests();
    claim()
        .args(args)
        .server(&server)
        .stdout_like(stdout)
        .stderr_like(request(&server.url(), "m_1") + response)
        .run();
}

#[test]
fn request_and_response_are_shown_with_the_time_between() {
    for option in ["-v", "--verbose"] {
        assert_prints(
            Reply::created().header("x-request-id", "7"),
            &[option],
            "201 m_1 claimed\n",
            "< 201\n< content-type: application/json\n< x-request-id: 7\n< content-length: 15\n\
             < {\"status\":\"ok\"}\n* [..] ms\n",
        );
    }
    assert_prints(
        Reply::created(),
        &["-v", "--json"],
        "{\"action\":\"claim\",[..]}\n",
        "...\n* [..] ms\n",
    );
}

#[test]
fn every_message_is_shown() {
    let server = Server::answering([
        Reply::status(404, "Not Found").body("two\r\nlines\n"),
        Reply::status(200, "OK"),
    ]);
    server.ignore_requests();
    let url = server.url();
    claim_input()
        .args(["-v"])
        .stdin(lines(2))
        .server(&server)
        .stdout("404 m_1 two  lines\n200 m_2 claimed\n")
        .stderr_like(format!(
            "{}< 404\n< content-length: 11\n< two\n< lines\n* [..] ms\nhint: [..]\n\
             {}< 200\n< content-length: 0\n* [..] ms\n",
            request(&url, "m_1"),
            request(&url, "m_2")
        ))
        .code(1)
        .run();
}

#[test]
fn a_body_that_breaks_off_is_reported() {
    assert_prints(
        Reply::raw("HTTP/1.1 201 Created\r\ncontent-length: 15\r\n\r\n{\"status\""),
        &["-v"],
        "201 m_1 claimed\n",
        "< 201\n< content-length: 15\n< {\"status\"\n\
         * the body broke off or is longer than 64 KiB\n* [..] ms\n",
    );
}

#[test]
fn a_missing_response_is_reported() {
    let refused = refused_port();
    let error = format!("127.0.0.1:{} refused the connection", refused.port());
    claim()
        .args(["-v"])
        .base_url(&refused.url())
        .stdout(format!("--- m_1 {error}\n"))
        .stderr_like(format!(
            "{}* {error}\n* [..] ms\nhint: [..]\n",
            request(&refused.url(), "m_1")
        ))
        .code(5)
        .run();
}
