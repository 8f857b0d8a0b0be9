//! `lexbot sandbox`: how it starts, serves, reports what it received, and ends.

mod client;
mod command;
mod faults;
mod record;
mod responses;

use std::time::{Duration, Instant};

use client::{Sandbox, post};

#[cfg(unix)]
use crate::support::lexbot;

const CLAIM: &str = "/api/clients/1/bots/objects/claim";
const ECHO: &str = "/api/clients/1/bots/objects/echo";
const TOKEN: &str = "sandbox-token";
const BODY: &str = r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"42"}"#;

#[test]
fn a_connection_serves_requests_until_the_client_closes_it() {
    let sandbox = Sandbox::start(&[]);
    let mut connection = sandbox.connect();
    let request = post(CLAIM, TOKEN, BODY);
    let last = request.replace("localhost", "localhost\r\nConnection: close");
    for request in [&request, &request, &last] {
        assert_eq!(connection.exchange(request).status, "201 Created");
    }
    assert!(connection.closes());
}

#[test]
fn a_client_that_asks_for_keep_alive_gets_it() {
    let sandbox = Sandbox::start(&[]);
    for version in ["HTTP/1.0", "HTTP/1.1"] {
        let mut connection = sandbox.connect();
        let request = post(CLAIM, TOKEN, BODY).replace("HTTP/1.1", version);
        for value in ["keep-alive", "keep-alive", "close"] {
            let request = request.replace("Host:", &format!("Connection: {value}\r\nHost:"));
            let response = connection.exchange(&request);
            assert_eq!(response.status, "201 Created");
            let expected = format!("Connection: {value}");
            assert_eq!(response.headers[1..], [expected], "{version}");
        }
        assert!(connection.closes(), "{version}");
    }
}

#[test]
fn an_http_1_0_client_that_does_not_ask_is_disconnected() {
    let sandbox = Sandbox::start(&[]);
    let mut connection = sandbox.connect();
    let request = post(CLAIM, TOKEN, BODY).replace("HTTP/1.1", "HTTP/1.0");
    let response = connection.exchange(&request);
    assert_eq!(response.status, "201 Created");
    assert_eq!(response.headers[1..], ["Connection: close"]);
    assert!(connection.closes());
}

#[test]
fn each_response_waits_for_the_latency() {
    let sandbox = Sandbox::start(&["--latency", "200"]);
    let start = Instant::now();
    sandbox.post(CLAIM, TOKEN, BODY);
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[test]
fn broken_requests_get_a_response_and_harm_no_other() {
    let sandbox = Sandbox::start(&[]);
    while !sandbox.line().starts_with("Each request is listed here") {}
    let not_found = sandbox.connect().exchange("GET foo HTTP/1.1\r\n\r\n");
    assert_eq!(not_found.status, "404 Not Found");

    let mut garbage = sandbox.connect();
    let response = garbage.exchange("\u{16}\u{3}\u{1}\r\n\r\n");
    assert_eq!(response.status, "400 Bad Request");
    assert!(garbage.closes());

    sandbox.connect().send(b"POST / HTTP/1.1\r\nContent-Le");

    let blank = " ".repeat(3 * 1024 * 1024);
    let too_large = sandbox.post(CLAIM, TOKEN, &blank);
    assert_eq!(too_large.status, "413 Payload Too Large");

    assert_eq!(sandbox.post(CLAIM, TOKEN, BODY).status, "201 Created");
    assert_eq!(
        [(); 4].map(|()| sandbox.line()),
        [
            "404 GET foo: no such path",
            "400 unreadable request: not an HTTP request: invalid token",
            "413 claim: the body is over 2 MiB",
            "201 claim m_1 (page 42)",
        ]
    );
}

#[test]
fn stdout_has_the_base_url_alone_and_stderr_the_rest() {
    let sandbox = Sandbox::start(&["--token", "it's-mine", "--client-id", "7"]);
    let base_url = &sandbox.base_url;
    let assignments = if cfg!(windows) {
        format!(
            "  $env:LEXBOT_BASE_URL = '{base_url}'; $env:LEXBOT_TOKEN = 'it''s-mine'; \
             $env:LEXBOT_CLIENT_ID = '7'; $env:LEXBOT_ACCOUNT_ID = '1234567890'"
        )
    } else {
        format!(
            "  export LEXBOT_BASE_URL={base_url}; export LEXBOT_TOKEN='it'\\''s-mine'; \
             export LEXBOT_CLIENT_ID=7; export LEXBOT_ACCOUNT_ID=1234567890"
        )
    };
    assert_eq!(
        [(); 3].map(|()| sandbox.line()),
        [
            "The sandbox responds as Lexer does, and holds nothing real. To use it:",
            &assignments,
            "Each request is listed here. Ctrl-C stops the sandbox.",
        ]
    );
    let escape = BODY.replace("m_1", r"m_\u001b[2J");
    for (body, line) in [
        (BODY, "201 echo  m_1 (page 42)"),
        (
            &escape.replace("facebook", "twitter"),
            "500 echo  m_\\u{1b}[2J (page 42): source does not have a valid value",
        ),
        (
            "{",
            "500 echo: the body is not JSON: EOF while parsing an object at line 1 column 1",
        ),
    ] {
        sandbox.post("/api/clients/7/bots/objects/echo", "it's-mine", body);
        assert_eq!(sandbox.line(), line);
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_sandbox_with_its_code() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let run = lexbot(["sandbox"])
            .stdout_like("http://[..]\n")
            .stderr_like("...\n201 claim m_1 (page 42)\n")
            .code(code)
            .spawn();
        let mut connection = client::Connection::to(&run.read_line());
        connection.exchange(&post(CLAIM, TOKEN, BODY));
        run.signal(signal);
        run.wait();
    }
}
