//! A refused token stops the run: every other message would be refused, too.

use std::time::Duration;

use crate::batch::{claims, field, lines, results, summary, with_outcome};
use crate::example::{claim_of, line};
use crate::support::{Gate, Reply, Server};

/// The pattern of the hint after a refused token, and then the summary.
fn hint_and_summary(counts: &str) -> String {
    format!(
        "hint: Lexer refused the token in LEXBOT_TOKEN: [..]\n      [..]\n{}",
        summary(counts)
    )
}

#[test]
fn requests_in_flight_are_finished_and_reported() {
    let (refused, accepted) = (Gate::new(), Gate::new());
    let server = Server::by_text(
        "m_1",
        Reply::status(401, "Unauthorized").gated(&refused),
        Reply::created().gated(&accepted),
    );
    let run = claims(&["-j", "4", "--json"])
        .stdin(lines(30))
        .server(&server)
        .stdout_like("...")
        .stderr_like(hint_and_summary("3 accepted, 1 unauthorized, 26 not sent"))
        .code(4)
        .spawn();
    server.wait_for(4);
    refused.open();
    assert!(run.read_line().contains(r#""outcome":"unauthorized""#));
    accepted.open();
    let output = run.wait();
    let mut accepted = with_outcome(&results(&output), "accepted");
    accepted.sort();
    assert_eq!(accepted, ["m_2", "m_3", "m_4"]);
    server.received_in_any_order(["m_1", "m_2", "m_3", "m_4"].map(claim_of));
}

#[test]
fn the_rest_of_the_input_is_still_validated() {
    let server = Server::answering([Reply::status(401, "Unauthorized")]);
    let output = claims(&["-j", "1", "--json"])
        .stdin(format!(
            "{}\ngarbage\n{{\"error\":{{}}}}\n{}\n",
            line("m_1"),
            line("m_2")
        ))
        .server(&server)
        .stdout_like("...")
        .stderr_like(hint_and_summary(
            "0 accepted, 1 unauthorized, 1 invalid, 1 skipped, 1 not sent",
        ))
        .code(4)
        .run();
    let mut lines = field(&results(&output), "line");
    lines.sort_by_key(serde_json::Value::as_u64);
    assert_eq!(lines, [1, 2, 3, 4]);
    server.received([claim_of("m_1")]);
}

#[test]
fn an_open_pipe_does_not_keep_the_run_alive() {
    let gate = Gate::new();
    let server = Server::answering([Reply::status(401, "Unauthorized").gated(&gate)]);
    let mut run = claims(&["-j", "1"])
        .server(&server)
        .stdout(
            "401 m_1 Unauthorized (empty response)\n\
             --- m_2 not sent: the token was refused\n\
             --- m_3 not sent: the token was refused\n\
             --- m_4 not sent: the token was refused\n",
        )
        .stderr_like(hint_and_summary("0 accepted, 1 unauthorized, 3 not sent"))
        .code(4)
        .spawn();
    for id in ["m_1", "m_2", "m_3", "m_4"] {
        run.write_line(&line(id));
    }
    server.wait_for(1);
    gate.open();
    run.wait();
    server.received([claim_of("m_1")]);
}

#[test]
fn a_busy_pipe_does_not_keep_the_run_alive() {
    let server = Server::always(Reply::status(401, "Unauthorized"));
    let mut run = claims(&[])
        .server(&server)
        .stdout_like("401 m_1 Unauthorized (empty response)\n...")
        .stderr_like("hint: [..]\n[..]\n[..]\n")
        .code(4)
        .spawn();
    // A bot with twenty events a second, for five seconds.
    let mut events = (0..100).map(|_| line("m_1"));
    while events.next().is_some_and(|event| run.takes_line(&event)) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let read = run.wait().stdout.lines().count();
    assert!(
        read < 50,
        "{read} of 100 events were read after the token was refused"
    );
    server.ignore_requests();
}
