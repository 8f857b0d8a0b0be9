//! SIGINT and SIGTERM: the first finishes what is in flight, the second ends the run at once.

use crate::batch::{claims, lines, results, summary, with_outcome};
use crate::example::{FLAGS, claim_of, line};
use crate::support::{Gate, Home, Reply, Server, lexbot};

const SIGNALS: [(&str, i32); 2] = [("INT", 130), ("TERM", 143)];

#[test]
fn a_run_that_waits_for_input_ends() {
    for (signal, code) in SIGNALS {
        let server = Server::answering([Reply::created()]);
        let mut run = claims(&[])
            .server(&server)
            .stdout("201 m_1 claimed\n")
            .stderr_like(summary("1 accepted"))
            .code(code)
            .spawn();
        run.write_line(&line("m_1"));
        run.read_line();
        run.signal(signal);
        run.wait();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn a_request_in_flight_is_finished_and_told() {
    for (signal, code) in SIGNALS {
        let gate = Gate::new();
        let server = Server::answering([Reply::created().gated(&gate)]);
        let mut run = claims(&[])
            .server(&server)
            .stdout("201 m_1 claimed\n")
            .stderr_like(summary("1 accepted"))
            .code(code)
            .spawn();
        run.write_line(&line("m_1"));
        server.wait_for(1);
        run.signal(signal);
        gate.open();
        run.wait();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn the_one_message_of_the_flags_is_told_too() {
    for (signal, code) in SIGNALS {
        // The signal comes before the answer or in the long wait after it.
        let later = Reply::status(503, "Service Unavailable").header("Retry-After", "60");
        let server = Server::answering([later]);
        let run = lexbot(["claim"])
            .args(FLAGS)
            .server(&server)
            .stdout("503 m_1 Service Unavailable (empty answer)\n")
            .stderr_like("hint: [..]\n")
            .code(code)
            .spawn();
        server.wait_for(1);
        run.signal(signal);
        run.wait();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn a_file_is_read_no_further() {
    const MESSAGES: usize = 20_000;
    let gate = Gate::new();
    let server = Server::always(Reply::created().gated(&gate));
    let home = Home::new();
    home.write("in.json", lines(MESSAGES));
    let run = lexbot(["claim", "-i", "in.json", "--rate", "0", "--json"])
        .home(&home)
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("[..] accepted[..]"))
        .code(143)
        .spawn();
    server.wait_for(8);
    run.signal("TERM");
    gate.open();
    let results = results(&run.wait());
    // Whatever was read is told: as accepted if it was sent, else as not sent.
    assert!(results.len() < MESSAGES, "{}", results.len());
    let accepted = with_outcome(&results, "accepted");
    assert_eq!(accepted.len(), server.requests().len());
    assert_eq!(
        accepted.len() + with_outcome(&results, "not_sent").len(),
        results.len()
    );
    let mut lines: Vec<_> = results
        .iter()
        .map(|result| result["line"].as_u64().unwrap())
        .collect();
    lines.sort_unstable();
    assert!(
        lines.iter().copied().eq(1..=results.len() as u64),
        "{lines:?}"
    );
}

#[test]
fn a_second_signal_ends_the_run_at_once() {
    for (first, second, code) in [
        ("INT", "INT", 130),
        ("INT", "TERM", 143),
        ("TERM", "INT", 130),
    ] {
        let gate = Gate::new();
        let server = Server::answering([Reply::created().gated(&gate)]);
        let mut run = claims(&["-j", "1"])
            .server(&server)
            .stdout("--- line 3: this is not JSON\n--- m_4 not sent: the run was stopped\n")
            .code(code)
            .spawn();
        run.write_line(&line("m_1"));
        server.wait_for(1);
        for next in [&line("m_2"), "garbage", &line("m_4")] {
            run.write_line(next);
        }
        // `m_1` is in flight and `m_2` waits for it, so that the reader has no room for `m_4`.
        assert_eq!(run.read_line(), "--- line 3: this is not JSON");
        run.signal(first);
        assert_eq!(run.read_line(), "--- m_4 not sent: the run was stopped");
        run.signal(second);
        run.wait();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn a_signal_counts_for_more_than_what_became_of_the_messages() {
    let gate = Gate::new();
    let server = Server::answering([Reply::status(401, "Unauthorized").gated(&gate)]);
    let mut run = claims(&[])
        .server(&server)
        .stdout("401 m_1 Unauthorized (empty answer)\n")
        .stderr_like("hint: [..]\n[..]\n0 accepted, 1 unauthorized in [..]\n")
        .code(143)
        .spawn();
    run.write_line(&line("m_1"));
    server.wait_for(1);
    run.signal("TERM");
    gate.open();
    run.wait();
    server.received([claim_of("m_1")]);
}
