//! What comes is no HTTP answer.

use super::assert_unanswered_by;
use crate::example::claim;
use crate::support::{Reply, Server};

const HINT: &str = "check the base URL {url}: does an https server answer there?";

/// Asserts that these bytes are told as no answer, and why.
#[track_caller]
fn assert_not_http(bytes: impl Into<Vec<u8>>, why: &str) {
    let why = format!("{{host}} sent something that is not an HTTP answer: {why}");
    assert_unanswered_by(Reply::raw(bytes), &[], &why, HINT);
}

#[test]
fn garbage() {
    for garbage in [
        "SSH-2.0-OpenSSH_9.9\r\n",
        "HTTP/2 201 Created\r\n\r\n",
        "<html>\r\n\r\n",
    ] {
        assert_not_http(garbage, "invalid HTTP version");
    }
    assert_not_http(
        b"\x15\x03\x01\x00\x02\x02\x0a\r\n".as_slice(),
        "invalid HTTP version",
    );
}

#[test]
fn a_status_that_is_none() {
    for status in ["0", "99", "1000", "-1", "abc"] {
        assert_not_http(
            format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n"),
            "invalid response status",
        );
    }
    for status in ["000", "099"] {
        assert_not_http(
            format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n"),
            &format!("invalid status code: {status}"),
        );
    }
}

#[test]
fn a_length_that_is_none() {
    assert_not_http(
        "HTTP/1.1 201 Created\r\ncontent-length: abc\r\n\r\nabc",
        "content-length header not a number",
    );
    assert_not_http(
        "HTTP/1.1 201 Created\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "conflicting content-length headers",
    );
}

#[test]
fn a_head_without_end() {
    for line in ["x", "x: y\r\n"] {
        let reply = Reply::endless("HTTP/1.1 201 Created\r\na: ", line);
        let server = Server::answering([reply]);
        claim()
            .server(&server)
            .stdout_like("--- m_1 127.0.0.1:[..] sent something that is not an HTTP answer: [..]\n")
            .stderr_like("hint: [..]\n")
            .code(5)
            .run();
        assert_eq!(server.requests().len(), 1);
    }
}
