//! `--timeout`: how long an answer may take.

use std::time::Duration;

use super::assert_unanswered_by;
use crate::example::{claim, claim_input, line};
use crate::support::{Gate, Reply, Server};

const HINT: &str =
    "Lexer may have got it; sending it again does no harm. --timeout SECONDS waits longer";

const SHORT: [&str; 2] = ["--timeout", "0.2"];

/// A head takes far longer than the timeout at this pace.
const PAUSE: Duration = Duration::from_millis(50);

#[test]
fn nothing_comes() {
    assert_unanswered_by(
        Reply::silence(),
        &SHORT,
        "no answer from {host} within 0.2 s",
        HINT,
    );
}

#[test]
fn a_head_comes_in_part() {
    assert_unanswered_by(
        Reply::raw_open("HTTP/1.1 201 Created\r\ncontent-"),
        &SHORT,
        "no answer from {host} within 0.2 s",
        HINT,
    );
}

#[test]
fn a_head_comes_byte_by_byte() {
    assert_unanswered_by(
        Reply::drip("HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n", PAUSE),
        &SHORT,
        "no answer from {host} within 0.2 s",
        HINT,
    );
}

#[test]
fn interim_answers_don_t_make_it_longer() {
    assert_unanswered_by(
        Reply::drip(
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(4),
            Duration::from_millis(5),
        ),
        &SHORT,
        "no answer from {host} within 0.2 s",
        HINT,
    );
}

#[test]
fn a_late_answer_is_an_answer() {
    let server = Server::answering([Reply::created().after(Duration::from_millis(300))]);
    server.ignore_requests();
    claim()
        .args(["--timeout", "60"])
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .run();
}

#[test]
fn a_head_that_came_byte_by_byte_is_an_answer() {
    let server = Server::answering([Reply::drip(
        "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}",
        Duration::from_millis(2),
    )]);
    server.ignore_requests();
    claim().server(&server).stdout("201 m_1 claimed\n").run();
}

#[test]
fn an_acceptance_whose_body_doesn_t_come_in_time_is_one() {
    let head = "HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n";
    for reply in [
        Reply::raw_open(head),
        Reply::raw_open(format!("{head}{{\"sta")),
    ] {
        let server = Server::answering([reply]);
        server.ignore_requests();
        claim()
            .args(SHORT)
            .server(&server)
            .stdout("201 m_1 claimed\n")
            .run();
    }
}

#[test]
fn the_next_message_is_sent_on_another_connection() {
    let server = Server::answering([Reply::silence(), Reply::created()]);
    claim_input()
        .args(SHORT)
        .stdin([line("m_1"), line("m_2")].join("\n"))
        .server(&server)
        .stdout_like("--- m_1 no answer from [..]\n201 m_2 claimed\n")
        .stderr_like("hint: Lexer may have got it[..]\n")
        .code(5)
        .run();
    assert_eq!(server.requests().len(), 2);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_result_is_told_before_the_next_message_is_answered() {
    let gate = Gate::new();
    let server = Server::answering([Reply::created(), Reply::created().gated(&gate)]);
    let run = claim_input()
        .stdin([line("m_1"), line("m_2")].join("\n"))
        .server(&server)
        .stdout("201 m_1 claimed\n201 m_2 claimed\n")
        .spawn();
    assert_eq!(run.read_line(), "201 m_1 claimed");
    server.wait_for(2);
    gate.open();
    run.wait();
    server.ignore_requests();
}
