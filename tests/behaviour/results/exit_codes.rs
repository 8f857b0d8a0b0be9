//! The exit code of a run, and which wins where several apply: 4, then 5, 1, 2.

use crate::example::{claim_input, line};
use crate::support::{Reply, Server};

const ACCEPTED: u16 = 201;
const REJECTED: u16 = 400;
const UNAVAILABLE: u16 = 503;
const UNAUTHORIZED: u16 = 401;

/// A message that is never sent.
const INVALID: u16 = 0;

/// Asserts the exit code of a run whose messages come to this.
///
/// A refused token comes last: a run may stop there.
#[track_caller]
fn assert_code(ends: &[u16], code: i32) {
    let sent = ends.iter().filter(|end| **end != INVALID);
    let server = Server::answering(sent.map(|status| Reply::status(*status, "Whatever")));
    let input: Vec<String> = ends
        .iter()
        .map(|end| match *end {
            INVALID => "garbage".to_owned(),
            _ => line("m_1"),
        })
        .collect();
    claim_input()
        .stdin(input.join("\n"))
        .server(&server)
        .stdout_like("...")
        .stderr_like("...")
        .code(code)
        .run();
    server.ignore_requests();
}

#[test]
fn of_one_message() {
    for (end, code) in [
        (ACCEPTED, 0),
        (REJECTED, 1),
        (INVALID, 2),
        (UNAUTHORIZED, 4),
        (UNAVAILABLE, 5),
    ] {
        assert_code(&[end], code);
    }
}

#[test]
fn of_several_the_worst() {
    assert_code(&[ACCEPTED, ACCEPTED], 0);
    assert_code(&[INVALID, ACCEPTED], 2);
    assert_code(&[ACCEPTED, INVALID], 2);
    assert_code(&[REJECTED, INVALID, ACCEPTED], 1);
    assert_code(&[INVALID, REJECTED], 1);
    assert_code(&[UNAVAILABLE, REJECTED, INVALID], 5);
    assert_code(&[INVALID, REJECTED, UNAVAILABLE], 5);
    assert_code(&[ACCEPTED, INVALID, REJECTED, UNAVAILABLE, UNAUTHORIZED], 4);
}
