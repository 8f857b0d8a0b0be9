//! Answers that are unusual, and answers all the same.

use crate::example::{assert_sends_nothing, claim, claim_input, claim_of, line};
use crate::support::{Reply, Server};

/// Asserts what a claim of `m_1` prints after its ID, and that hints come with a code other than 0 only.
#[track_caller]
fn assert_told(reply: Reply, printed: &str, code: i32) {
    let server = Server::answering([reply]);
    let run = claim()
        .server(&server)
        .stdout(format!("{printed}\n"))
        .code(code);
    let run = if code == 0 {
        run
    } else {
        run.stderr_like("hint: [..]\n")
    };
    run.run();
    server.received([claim_of("m_1")]);
}

#[test]
fn a_body_in_chunks() {
    assert_told(
        Reply::raw(
            "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"sta\r\nA;x=y\r\ntus\":\"ok\"}\r\n0\r\n\r\n",
        ),
        "201 m_1 claimed",
        0,
    );
    assert_told(
        Reply::raw(
            "HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"err\r\n9\r\nor\":\"no\"}\r\n0\r\n\r\n",
        ),
        "400 m_1 no",
        1,
    );
}

#[test]
fn a_body_that_ends_with_the_connection() {
    for version in ["1.0", "1.1"] {
        assert_told(
            Reply::raw(format!(
                "HTTP/{version} 400 Bad Request\r\n\r\n{{\"error\":\"no\"}}"
            )),
            "400 m_1 no",
            1,
        );
    }
}

#[test]
fn a_head_with_bare_line_feeds_and_without_a_reason() {
    assert_told(
        Reply::raw("HTTP/1.1 201\ncontent-length: 0\n\n"),
        "201 m_1 claimed",
        0,
    );
}

#[test]
fn a_head_that_is_no_text() {
    assert_told(
        Reply::raw(
            b"HTTP/1.1 201 Cr\xc3\xa9\xe9\r\nx: \xff\xfe\r\ncontent-length: 0\r\n\r\n".as_slice(),
        ),
        "201 m_1 claimed",
        0,
    );
}

#[test]
fn an_interim_answer_before_the_answer() {
    for interim in [
        "100 Continue",
        "102 Processing",
        "103 Early Hints\r\nlink: </a>",
    ] {
        assert_told(
            Reply::raw(format!(
                "HTTP/1.1 {interim}\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n"
            )),
            "201 m_1 claimed",
            0,
        );
    }
}

#[test]
fn a_status_that_nobody_knows() {
    assert_told(
        Reply::status(999, "Request denied"),
        "999 m_1 no reason given (empty answer)",
        1,
    );
    assert_told(Reply::status(299, "Fine"), "299 m_1 claimed", 0);
    assert_told(Reply::status(600, "Whatever").body("why"), "600 m_1 why", 1);
}

#[test]
fn an_acceptance_whose_body_breaks_off_or_is_malformed() {
    for rest in [
        "content-length: 15\r\n\r\n{\"status\"",
        "content-length: 15\r\n\r\n",
        "transfer-encoding: chunked\r\n\r\n5\r\n{\"st",
        "transfer-encoding: chunked\r\n\r\nzz\r\n{\"status\":\"ok\"}",
    ] {
        assert_told(
            Reply::raw(format!("HTTP/1.1 201 Created\r\n{rest}")),
            "201 m_1 claimed",
            0,
        );
    }
}

#[test]
fn a_refusal_whose_body_breaks_off() {
    assert_told(
        Reply::raw("HTTP/1.1 400 Bad Request\r\ncontent-length: 99\r\n\r\n{\"error\":\"Cannot f"),
        "400 m_1 {\"error\":\"Cannot f",
        1,
    );
}

#[test]
fn a_body_without_end() {
    for head in ["", "content-length: 9999999999\r\n"] {
        assert_told(
            Reply::endless(
                format!("HTTP/1.1 201 Created\r\n{head}\r\n"),
                "x".repeat(1000),
            ),
            "201 m_1 claimed",
            0,
        );
    }
    let text = "no ".repeat(100);
    assert_told(
        Reply::endless("HTTP/1.1 400 Bad Request\r\n\r\n", "no "),
        &format!("400 m_1 {text}…"),
        1,
    );
}

#[test]
fn a_body_without_end_doesn_t_stand_in_the_way_of_the_next_message() {
    let server = Server::answering([
        Reply::endless("HTTP/1.1 201 Created\r\n\r\n", "x"),
        Reply::created(),
    ]);
    claim_input()
        .stdin([line("m_1"), line("m_2")].join("\n"))
        .server(&server)
        .stdout("201 m_1 claimed\n201 m_2 claimed\n")
        .run();
    server.received([claim_of("m_1"), claim_of("m_2")]);
    assert_eq!(server.connections(), 2);
}

#[test]
fn no_message_no_connection() {
    let server = Server::answering([]);
    claim_input().stdin("\n").server(&server).run();
    server.received([]);
    assert_eq!(server.connections(), 0);
    assert_sends_nothing(claim_input());
}
