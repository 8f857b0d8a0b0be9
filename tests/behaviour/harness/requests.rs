//! What servers make of requests: the script, and the assertions on what came.

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

/// Sends `requests` one after the other and takes no interest in the answers.
fn send<const N: usize>(server: &Server, requests: [String; N]) {
    for request in requests {
        rest_of(&mut client_of(server, &request));
    }
}

#[test]
fn a_list_is_answered_in_order() {
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
fn an_answer_can_end_the_connection() {
    let reply = Reply::status(200, "OK").header("connection", "close");
    let server = Server::answering([reply]);
    let answer = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let mut client = client_of(&server, "GET / HTTP/1.1\r\n\r\n");
    assert_eq!(rest_of(&mut client), answer);
    server.ignore_requests();
}

#[test]
fn a_function_can_make_the_replies() {
    let mut count = 200;
    let server = Server::scripted(move |request| {
        count += 1;
        Reply::status(count, &request.path)
    });
    for expected in ["HTTP/1.1 201 /last", "HTTP/1.1 202 /last"] {
        assert_has(&rest_of(&mut client_of(&server, LAST)), &[expected]);
    }
    server.ignore_requests();
}

#[test]
fn requests_have_to_be_as_expected() {
    let server = Server::always(Reply::created());
    send(&server, [post("/a", "{}"), post("/b", r#"{"é":1}"#)]);
    let a = || Request::post("/a").json("{}");
    let b = || Request::post("/b").json(r#"{"é":1}"#);

    server.received([a(), b()]);
    server.received_in_any_order([b(), a()]);
    failure_of(|| server.received([b(), a()]));
    failure_of(|| server.received([]));
    failure_of(|| server.received_in_any_order([a(), a()]));
    failure_of(|| server.received([a(), Request::post("/c").json(r#"{"é":1}"#)]));
    failure_of(|| server.received([a().header("user-agent", "lexbot"), b()]));
    failure_of(|| server.received([a(), b().header("x-missing", "")]));
    assert_has(
        &failure_of(|| server.received([a()])),
        &[
            "1 requests were expected (-) and 2 received (+)",
            "  + POST /b\n",
        ],
    );
    assert_has(
        &failure_of(|| server.received([a(), b().json("{ }")])),
        &["  - { }\n  + {\"é\":1}\n"],
    );
}

#[test]
fn the_token_has_to_be_where_it_is_expected_and_nowhere_else() {
    let meets = |sent: &str, expected: Request| {
        let server = Server::always(Reply::created());
        send(&server, [sent.to_owned()]);
        server.received([expected]);
    };
    let usual = post("/", "");
    let other = usual.replace(TOKEN, "other");
    let twice = usual.replace("Host: x", "Auth-Api-Token: other");
    meets(&usual, Request::post("/"));
    meets(&other, Request::post("/").header("Auth-Api-Token", "other"));
    failure_of(|| meets(&other, Request::post("/")));
    failure_of(|| meets(&usual, Request::bare("POST", "/")));
    failure_of(|| meets(&twice, Request::post("/")));
}

#[test]
fn a_request_beyond_the_script_fails() {
    let server = Server::answering([]);
    let answer = rest_of(&mut client_of(&server, LAST));
    assert_has(&answer, &["HTTP/1.1 599 Not In The Script\r\n"]);
    server.received([Request::bare("GET", "/last")]);
    let failure = failure_of(|| drop(server));
    assert_has(
        &failure,
        &["a request beyond the script: GET /last", "requests.rs"],
    );
}

#[test]
fn a_reply_left_over_fails() {
    let server = Server::answering([Reply::created()]);
    server.received([]);
    assert_has(&failure_of(|| drop(server)), &["1 replies were left over"]);
}

#[test]
fn a_test_has_to_ask_for_the_requests() {
    let server = Server::always(Reply::created());
    assert_has(
        &failure_of(|| drop(server)),
        &["nobody asked for its requests"],
    );
    Server::always(Reply::created()).ignore_requests();
}

#[test]
fn a_server_doesn_t_hide_why_a_test_failed() {
    let failure = failure_of(|| {
        let _server = Server::answering([Reply::created()]);
        panic!("the test's own");
    });
    assert_eq!(failure, "the test's own");
}

#[test]
fn a_malformed_request_fails() {
    for (request, complaint) in [
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
        let server = Server::answering([]);
        server.received([]);
        // What was not read turns the close into a reset, which is as good an end.
        let _ = client_of(&server, request).read_to_end(&mut Vec::new());
        let failure = failure_of(|| drop(server));
        assert_has(&failure, &["a malformed request: ", complaint]);
    }
}

#[test]
fn a_script_that_panics_fails() {
    let server = Server::scripted(|_| panic!("in the script"));
    // The thread that panics lets go of the connection, one way or another.
    let _ = client_of(&server, LAST).read_to_end(&mut Vec::new());
    server.ignore_requests();
    assert_has(&failure_of(|| drop(server)), &["its script panicked"]);
}
