//! `lexbot sandbox`: how it starts, serves, tells what it received, and ends.

mod answers;
mod client;
// Its commands are scripts for a Unix shell.
#[cfg(unix)]
mod command;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use client::{Sandbox, lexbot, post};
use tempfile::TempDir;

const CLAIM: &str = "/api/clients/1/bots/objects/claim";
const ECHO: &str = "/api/clients/1/bots/objects/echo";
const TOKEN: &str = "sandbox-token";
const BODY: &str = r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"42"}"#;

#[test]
fn a_connection_serves_one_request_after_another_until_the_client_is_done() {
    let sandbox = Sandbox::start(&[]);
    let mut connection = sandbox.connect();
    let request = post(CLAIM, TOKEN, BODY);
    let last = request.replace("Host: localhost", "Host: localhost\r\nConnection: close");
    assert_eq!(connection.exchange(&request).status, "201 Created");
    assert_eq!(connection.exchange(&request).status, "201 Created");
    assert_eq!(connection.exchange(&last).status, "201 Created");
    assert!(connection.closes());
}

#[test]
fn a_client_that_asks_for_keep_alive_gets_it() {
    let sandbox = Sandbox::start(&[]);
    for version in ["HTTP/1.0", "HTTP/1.1"] {
        let mut connection = sandbox.connect();
        let last = post(CLAIM, TOKEN, BODY).replace("HTTP/1.1", version);
        let request = last.replace("Host:", "Connection: Keep-Alive\r\nHost:");
        for _ in 0..2 {
            let answer = connection.exchange(&request);
            assert_eq!(answer.status, "201 Created");
            assert_eq!(answer.headers[1..], ["Connection: keep-alive"], "{version}");
        }
        let last = last.replace("Host:", "Connection: close\r\nHost:");
        let answer = connection.exchange(&last);
        assert_eq!(answer.headers[1..], ["Connection: close"], "{version}");
        assert!(connection.closes(), "{version}");
    }
}

#[test]
fn an_http_1_0_client_that_does_not_ask_is_disconnected() {
    let sandbox = Sandbox::start(&[]);
    let mut connection = sandbox.connect();
    let request = post(CLAIM, TOKEN, BODY).replace("HTTP/1.1", "HTTP/1.0");
    let answer = connection.exchange(&request);
    assert_eq!(answer.status, "201 Created");
    assert_eq!(answer.headers[1..], ["Connection: close"]);
    assert!(connection.closes());
}

#[test]
fn each_answer_waits_for_the_latency() {
    let sandbox = Sandbox::start(&["--latency", "200"]);
    let start = Instant::now();
    sandbox.post(CLAIM, TOKEN, BODY);
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[test]
fn broken_requests_are_answered_and_harm_no_other() {
    let mut sandbox = Sandbox::start_and_skip_help(&[]);
    let not_found = sandbox.connect().exchange("GET foo HTTP/1.1\r\n\r\n");
    assert_eq!(not_found.status, "404 Not Found");

    let mut garbage = sandbox.connect();
    assert_eq!(
        garbage.exchange("\u{16}\u{3}\u{1}\r\n\r\n").status,
        "400 Bad Request"
    );
    assert!(garbage.closes());

    sandbox.connect().send(b"POST / HTTP/1.1\r\nContent-Le");

    let mut too_large = sandbox.connect();
    let blank = " ".repeat(3 * 1024 * 1024);
    assert_eq!(
        too_large.exchange(&post(CLAIM, TOKEN, &blank)).status,
        "413 Content Too Large"
    );

    assert_eq!(sandbox.post(CLAIM, TOKEN, BODY).status, "201 Created");
    let log = [(); 4].map(|()| sandbox.line());
    assert_eq!(
        log,
        [
            "404 GET foo: no such path",
            "400 unreadable request: not an HTTP request: invalid token",
            "413 unreadable request: the body is over 2 MiB",
            "201 claim m_1 (page 42)",
        ]
    );
}

#[test]
fn the_base_url_stands_alone_on_standard_output_and_the_rest_on_standard_error() {
    let mut sandbox = Sandbox::start(&["--token", "it's mine", "--client-id", "7"]);
    let base_url = sandbox.base_url.clone();
    let help = [(); 3].map(|()| sandbox.line());
    assert_eq!(
        help,
        [
            "The sandbox answers as Lexer does, and holds nothing real. To use it:",
            &format!(
                "  export LEXBOT_BASE_URL={base_url} LEXBOT_TOKEN='it'\\''s mine' LEXBOT_CLIENT_ID=7 \
                 LEXBOT_ACCOUNT_ID=1234567890"
            ),
            "Each request is listed here. Ctrl-C stops the sandbox.",
        ]
    );

    let path = "/api/clients/7/bots/objects/echo";
    sandbox.post(path, "it's mine", BODY);
    assert_eq!(sandbox.line(), "201 echo  m_1 (page 42)");
    let escape = BODY.replace("m_1", r"m_\u001b[2J");
    sandbox.post(path, "it's mine", &escape.replace("facebook", "twitter"));
    assert_eq!(
        sandbox.line(),
        "500 echo  m_\\u{1b}[2J (page 42): source does not have a valid value"
    );
    sandbox.post(path, "it's mine", "{");
    assert_eq!(
        sandbox.line(),
        "500 echo: the body is not JSON: EOF while parsing an object at line 1 column 1"
    );
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_the_code_of_the_signal() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let sandbox = Sandbox::start(&[]);
        sandbox.post(CLAIM, TOKEN, BODY);
        assert_eq!(sandbox.end_by(signal), (Some(code), vec![]));
    }
}

#[test]
fn a_port_in_use_is_an_error_that_names_it() {
    let home = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = lexbot(home.path())
        .args(["sandbox", "--port", &port])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!(
            "error: cannot listen on 127.0.0.1:{port}: the port is in use\n\
             hint: leave --port out to take a free port\n"
        )
    );
}

#[test]
fn a_token_that_no_header_can_hold_is_a_usage_error() {
    let home = TempDir::new().unwrap();
    let output = lexbot(home.path())
        .args(["sandbox", "--token", "to\nken"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: --token: the token has a character that can't be sent in an HTTP header\n\
         hint: make one up from letters and digits, or leave --token out\n"
    );
}
