//! The server's script, and the assertions on the requests that it received.

use std::io::{Read as _, Write as _};

use super::{assert_has, client_of, failure_of, rest_of};
use crate::support::{Reply, Request, Server, TOKEN};

const LAST: &str = "GET /last HTTP/1.1\r\nconnection: close\r\n\r\n";

/// What lexbot would send.
fn post(path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nAuth-Api-Token: {TOKEN}\r\nContent-Type: application/json\r\n\
         User-Agent: lexbot/{}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        env!("CARGO_PKG_VERSION"),
        body.len()
    )
}

/// Sends `requests` one after the other and ignores the responses.
fn send<const N: usize>(server: &Server, requests: [String; N]) {
    for request in requests {
        rest_of(&mut client_of(server, &request));
    }
}

#[test]
fn replies_to_a_list_come_in_order() {
    let server = Server::answering([
        Reply::created(),
        Reply::status(500, "Oops").html("<p>"),
        Reply::status(401, "No").header("X-A", "b").body("\n"),
    ]);
    let answers = ["", "", ""].map(|_| rest_of(&mut client_of(&server, LAST)));
    assert_eq!(
        answers,
        [
            "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{\"status\":\"ok\"}",
            "HTTP/1.1 500 Oops\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: 3\r\n\r\n<p>",
            "HTTP/1.1 401 No\r\nx-a: b\r\ncontent-length: 1\r\n\r\n\n",
        ]
    );
    server.received([(); 3].map(|()| Request::bare("GET", "/last")));
}

#[test]
fn a_connection_serves_several_requests() {
    let server = Server::always(Reply::status(200, "OK"));
    // Sent in pieces, the second request together with the end of the first.
    let mut client = client_of(&server, "PUT /first?a=b HTTP/1.1\r\ncontent-le");
    client.write_all(b"ngth: 4\r\n\r\nbo").unwrap();
    client.write_all(format!("dy{LAST}").as_bytes()).unwrap();
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(rest_of(&mut client), answer.repeat(2));
    assert_eq!(server.connections(), 1);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].method, "PUT");
    assert_eq!(requests[0].path, "/first?a=b");
    assert_eq!(requests[0].value_of("content-length"), Some("4"));
    assert_eq!(requests[0].text(), "body");
}

#[test]
fn a_function_can_choose_the_replies_and_a_reply_can_close_the_connection() {
    let mut status = 200;
    let server = Server::scripted(move |request| {
        status += 1;
        Reply::status(status, &request.path).header("Connection", "close")
    });
    for status in [201, 202] {
        assert_eq!(
            rest_of(&mut client_of(&server, "GET /a HTTP/1.1\r\n\r\n")),
            format!("HTTP/1.1 {status} /a\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        );
    }
    server.ignore_requests();
}

#[test]
fn every_difference_from_the_expected_requests_fails() {
    let a = || Request::post("/a").json("{}");
    let b = || Request::post("/b").json(r#"{"é":1}"#);
    let server = Server::always(Reply::created());
    send(&server, [post("/a", "{}"), post("/b", r#"{"é":1}"#)]);

    server.received([a(), b()]);
    server.received_in_any_order([b(), a()]);
    failure_of(|| server.received_in_any_order([a(), a()]));
    for (expected, parts) in [
        (vec![], &["0 requests were expected and 2 received"][..]),
        (
            vec![a()],
            &["1 requests were expected and 2 received", "+ POST /b\n"],
        ),
        (vec![b(), a()], &["2 requests were expected and 2 received"]),
        (vec![a(), b().json("{ }")], &["- { }\n", "+ {\"é\":1}\n"]),
        (
            vec![a(), Request::post("/c").json(r#"{"é":1}"#)],
            &["- POST /c\n", "+ POST /b\n"],
        ),
        (
            vec![a().header("user-agent", "lexbot"), b()],
            &["- user-agent: lexbot\n", "+ user-agent: lexbot/"],
        ),
        (vec![a(), b().header("x-missing", "")], &["- x-missing: \n"]),
    ] {
        assert_has(&failure_of(|| server.received(expected)), parts);
    }
}

#[test]
fn the_token_is_allowed_only_where_it_is_expected() {
    let usual = post("/", "");
    let other = usual.replace(TOKEN, "other");
    let twice = usual.replace("Host: x", "Auth-Api-Token: other");
    let other_expected = Request::post("/").header("Auth-Api-Token", "other");
    for (sent, expected, passes) in [
        (&usual, Request::post("/"), true),
        (&other, other_expected, true),
        (&other, Request::post("/"), false),
        (&usual, Request::bare("POST", "/"), false),
        (&twice, Request::post("/"), false),
    ] {
        let server = Server::always(Reply::created());
        send(&server, [sent.to_owned()]);
        let received = || server.received([expected]);
        if passes {
            received();
        } else {
            failure_of(received);
        }
    }
}

/// Asserts that `server` fails the test for these reasons when it gets `request`; returns its response.
#[track_caller]
fn assert_complains(server: Server, request: &str, reasons: &[&str]) -> String {
    server.ignore_requests();
    let mut client = client_of(&server, request);
    let mut response = Vec::new();
    if !request.is_empty() {
        // The end may be a reset: the server leaves unread what it doesn't understand.
        let _ = client.read_to_end(&mut response);
    }
    assert_has(&failure_of(|| drop(server)), reasons);
    String::from_utf8(response).unwrap()
}

#[test]
fn whatever_does_not_follow_the_script_fails() {
    let beyond = ["a request beyond the script: GET /last", "requests.rs"];
    let response = assert_complains(Server::answering([]), LAST, &beyond);
    assert_has(&response, &["HTTP/1.1 599 Not In The Script\r\n"]);
    let left_over = Server::answering([Reply::created()]);
    assert_complains(left_over, "", &["1 replies were left over"]);
    let panicking = Server::scripted(|_| panic!("in the script"));
    assert_complains(panicking, LAST, &["its script panicked"]);
}

#[test]
fn a_malformed_request_fails() {
    for (request, reason) in [
        ("GET /\r\n\r\n", "no request line"),
        ("GET / HTTP/1.0\r\n\r\n", "no request line"),
        ("GET / HTTP/1.1\r\na b: c\r\n\r\n", "no header"),
        ("GET / HTTP/1.1\r\nA: \u{80}\r\nb\r\n\r\n", "no header"),
        (
            "GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\nx",
            "content-length",
        ),
        (
            "GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
            "content-length",
        ),
        (
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "without its length",
        ),
    ] {
        let reasons = ["a malformed request: ", reason];
        assert_complains(Server::answering([]), request, &reasons);
    }
}

#[test]
fn a_test_has_to_ask_for_the_requests() {
    let server = Server::always(Reply::created());
    let failure = failure_of(|| drop(server));
    assert_has(&failure, &["the test never asked for its requests"]);
    Server::always(Reply::created()).ignore_requests();
}

#[test]
fn a_server_does_not_hide_why_a_test_failed() {
    let failure = failure_of(|| {
        let _server = Server::answering([Reply::created()]);
        panic!("the test's own");
    });
    assert_eq!(failure, "the test's own");
}
