//! `-v`: the request and the answer on standard error, the token redacted.

use crate::example::{body, claim, claim_input, line};
use crate::support::{Reply, Server, refused_port};

const REQUEST: &str = "\
> content-type: application/json
> auth-api-token: (redacted)
> user-agent: lexbot/";

/// What is printed of the request that claims `id` at `url`.
fn request(url: &str, id: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let body = body(id);
    format!("> POST {url}/123/bots/objects/claim\n{REQUEST}{version}\n> {body}\n")
}

#[test]
fn request_and_answer_are_shown_with_the_time_between() {
    for option in ["-v", "--verbose"] {
        let server = Server::answering([Reply::created().header("x-request-id", "7")]);
        server.ignore_requests();
        claim()
            .args([option])
            .server(&server)
            .stdout("201 m_1 claimed\n")
            .stderr_like(format!(
                "{}< 201\n< content-type: application/json\n< x-request-id: 7\n< content-length: 15\n\
                 < {{\"status\":\"ok\"}}\n* [..] ms\n",
                request(&server.url(), "m_1")
            ))
            .run();
    }
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
        .stdin([line("m_1"), line("m_2")].join("\n"))
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
fn a_body_that_broke_off_is_told() {
    let server = Server::answering([Reply::raw(
        "HTTP/1.1 201 Created\r\ncontent-length: 15\r\n\r\n{\"status\"",
    )]);
    server.ignore_requests();
    claim()
        .args(["-v"])
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(format!(
            "{}< 201\n< content-length: 15\n< {{\"status\"\n\
             * the body broke off or is longer than 64 KiB\n* [..] ms\n",
            request(&server.url(), "m_1")
        ))
        .run();
}

#[test]
fn that_no_answer_came_is_told() {
    let refused = refused_port();
    let why = format!("127.0.0.1:{} refused the connection", refused.port());
    claim()
        .args(["-v"])
        .base_url(&refused.url())
        .stdout(format!("--- m_1 {why}\n"))
        .stderr_like(format!(
            "{}* {why}\n* [..] ms\nhint: [..]\n",
            request(&refused.url(), "m_1")
        ))
        .code(5)
        .run();
}

#[test]
fn it_leaves_results_in_json_alone() {
    let server = Server::answering([Reply::created()]);
    server.ignore_requests();
    claim()
        .args(["-v", "--json"])
        .server(&server)
        .stdout_like("{\"action\":\"claim\",[..]}\n")
        .stderr_like(format!("{}...\n* [..] ms\n", request(&server.url(), "m_1")))
        .run();
}
