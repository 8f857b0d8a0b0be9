//! `--timeout`: how long a response may take.

use std::time::Duration;

use crate::example::{claim, claim_input, line};
use crate::support::{Gate, Reply, Server};

const SHORT: [&str; 2] = ["--timeout", "0.2"];

#[test]
fn a_response_within_the_timeout_counts() {
    let server = Server::answering([
        Reply::created().after(Duration::from_millis(300)),
        Reply::drip(
            "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}",
            Duration::from_millis(2),
        ),
    ]);
    for _ in 0..2 {
        claim()
            .args(["--timeout", "60"])
            .server(&server)
            .stdout("201 m_1 claimed\n")
            .run();
    }
    server.ignore_requests();
}

#[test]
fn after_a_timeout_the_next_message_takes_another_connection() {
    let server = Server::answering([Reply::silence(), Reply::created()]);
    claim_input()
        .args(SHORT)
        .stdin([line("m_1"), line("m_2")].join("\n"))
        .server(&server)
        .stdout_like("--- m_1 no response from [..]\n201 m_2 claimed\n")
        .stderr_like("hint: Lexer may have received it[..]\n")
        .code(5)
        .run();
    assert_eq!(server.requests().len(), 2);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_result_is_printed_before_the_next_response_comes() {
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
