//! Ten messages in a row without a final response stop the run.

use crate::batch::{claims, lines, results, summary, with_outcome};
use crate::example::line;
use crate::support::{Reply, Request, Server};

const HINT: &str = "hint: 10 messages in a row got no final response, so the run stopped: [..]\n";

/// A server that accepts these messages, and is down for the others.
fn up_for(ids: &'static [&'static str]) -> Server {
    Server::scripted(move |request: &Request| {
        let is_up = ids
            .iter()
            .any(|id| request.text().contains(&format!("\"{id}\"")));
        if is_up {
            Reply::created()
        } else {
            Reply::status(503, "Service Unavailable")
        }
    })
}

#[test]
fn ten_failures_in_a_row_stop_the_run() {
    let server = up_for(&[]);
    let output = claims(&["-j", "1", "--retries", "0", "--json"])
        .stdin(lines(13))
        .server(&server)
        .stdout_like("...")
        .stderr_like(format!(
            "hint: [..]\n{}{HINT}",
            summary("0 accepted, 10 unavailable, 3 not sent")
        ))
        .code(5)
        .run();
    let results = results(&output);
    assert_eq!(with_outcome(&results, "not_sent"), ["m_11", "m_12", "m_13"]);
    assert_eq!(results[12]["error"], "not sent: Lexer is not available");
    assert_eq!(server.requests().len(), 10);
}

#[test]
fn nine_failures_are_not_enough_and_a_final_response_resets_the_count() {
    let server = up_for(&["m_10"]);
    claims(&["-j", "1", "--retries", "0", "-q"])
        .stdin(lines(19))
        .server(&server)
        .stdout_like("...")
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
    assert_eq!(server.requests().len(), 19);
}

#[test]
fn attempts_are_not_counted_as_messages() {
    let server = up_for(&[]);
    claims(&["-j", "1", "--retries", "1"])
        .stdin(lines(9))
        .server(&server)
        .stdout_like("...")
        .stderr_like(format!(
            "hint: [..]\n{}",
            summary("0 accepted, 9 unavailable")
        ))
        .code(5)
        .run();
    assert_eq!(server.requests().len(), 18);
}

#[test]
fn workers_finish_the_messages_that_they_have() {
    let server = up_for(&[]);
    let output = claims(&["--retries", "0", "--json"])
        .stdin(lines(100))
        .server(&server)
        .stdout_like("...")
        .stderr_like(format!("hint: [..]\n[..]\n{HINT}"))
        .code(5)
        .run();
    let results = results(&output);
    let unavailable = with_outcome(&results, "unavailable").len();
    assert!((10..10 + 8).contains(&unavailable), "{unavailable}");
    assert_eq!(with_outcome(&results, "not_sent").len(), 100 - unavailable);
    assert_eq!(server.requests().len(), unavailable);
}

#[test]
fn an_open_pipe_does_not_keep_the_run_alive() {
    let server = up_for(&[]);
    let mut run = claims(&["-j", "1", "--retries", "0"])
        .server(&server)
        .stdout_like("...")
        .stderr_like(format!(
            "hint: [..]\n{}{HINT}",
            summary("0 accepted, 10 unavailable")
        ))
        .code(5)
        .spawn();
    for number in 1..=10 {
        run.write_line(&line(&format!("m_{number}")));
    }
    run.wait();
    assert_eq!(server.requests().len(), 10);
}
