//! Where a connection breaks before an answer came, nobody knows whether the message arrived.

use super::assert_unanswered_by;
use crate::example::{claim_input, claim_of, line};
use crate::support::{Reply, Server};

const HINT: &str =
    "Lexer may have got it; sending it again does no harm. Is Lexer up? https://status.lexer.io";

const BROKE: &str = "{host} closed the connection without an answer";

#[test]
fn the_server_closes_the_connection() {
    assert_unanswered_by(Reply::close(), &[], BROKE, HINT);
}

#[test]
fn the_server_resets_the_connection() {
    assert_unanswered_by(Reply::reset(), &[], BROKE, HINT);
}

#[test]
fn the_answer_ends_in_its_head() {
    for head in [
        "HT",
        "HTTP/1.1 201",
        "HTTP/1.1 201 Created\r\n",
        "HTTP/1.1 201 Created\r\na: b",
    ] {
        assert_unanswered_by(Reply::raw(head), &[], BROKE, HINT);
    }
}

#[test]
fn only_an_interim_answer_comes() {
    assert_unanswered_by(
        Reply::raw("HTTP/1.1 100 Continue\r\n\r\n"),
        &[],
        BROKE,
        HINT,
    );
}

#[test]
fn the_next_message_is_sent_on_another_connection() {
    for reply in [
        Reply::close(),
        Reply::reset(),
        Reply::raw("garbage\r\n\r\n"),
    ] {
        let server = Server::answering([reply, Reply::created()]);
        claim_input()
            .stdin([line("m_1"), line("m_2")].join("\n"))
            .server(&server)
            .stdout_like("--- m_1 [..]\n201 m_2 claimed\n")
            .stderr_like("hint: [..]\n")
            .code(5)
            .run();
        server.received([claim_of("m_1"), claim_of("m_2")]);
        assert_eq!(server.connections(), 2);
    }
}
