//! SIGINT, SIGTERM and SIGHUP: the first finishes what is in flight, the second ends the run at once.

use std::io::{BufRead as _, BufReader, Write as _};
use std::time::Duration;

use serde_json::Value;

use crate::batch::{claims, field, lines, results, stopped, with_outcome};
use crate::example::{FLAGS, claim_of, line};
use crate::support::{Gate, Home, Reply, Server, lexbot, program};

/// Printed once a signal was taken and responses are pending.
const STOPPING: &str = "stopping: ";

const SIGNALS: [(&str, i32); 3] = [("INT", 130), ("TERM", 143), ("HUP", 129)];

#[test]
fn a_signal_ends_a_run_that_waits_for_input() {
    for (signal, code) in SIGNALS {
        let server = Server::answering([Reply::created()]);
        let mut run = claims(&[])
            .server(&server)
            .stdout("201 m_1 claimed\n")
            .stderr_like(stopped("1 accepted"))
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
fn a_request_in_flight_is_finished_and_reported() {
    for (signal, code) in SIGNALS {
        let gate = Gate::new();
        let server = Server::answering([Reply::created().gated(&gate)]);
        let mut run = claims(&[])
            .server(&server)
            .stdout("201 m_1 claimed\n")
            .stderr_like(stopped("1 accepted"))
            .code(code)
            .spawn();
        run.write_line(&line("m_1"));
        server.wait_for(1);
        run.signal(signal);
        run.wait_for_stderr(STOPPING);
        gate.open();
        run.wait();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn the_message_of_the_flags_is_reported() {
    for (signal, code) in SIGNALS {
        // The signal comes before the response or in the long wait after it.
        let later = Reply::status(503, "Service Unavailable").header("Retry-After", "60");
        let server = Server::answering([later]);
        let run = lexbot(["claim"])
            .args(FLAGS)
            .server(&server)
            .stdout("503 m_1 Service Unavailable (empty response)\n")
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
        .stderr_like(stopped("[..] accepted[..] lines left"))
        .code(143)
        .spawn();
    server.wait_for(8);
    run.signal("TERM");
    run.wait_for_stderr(STOPPING);
    gate.open();
    let results = results(&run.wait());
    // Everything that was read is reported: as accepted if it was sent, else as not sent.
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
        ("HUP", "TERM", 143),
        ("TERM", "HUP", 129),
    ] {
        let gate = Gate::new();
        let server = Server::by_text(
            "m_1",
            Reply::created().gated(&gate),
            Reply::status(503, "Later").header("Retry-After", "60"),
        );
        let run = claims(&["-j", "2"])
            .stdin(lines(2))
            .server(&server)
            .stdout("503 m_2 Service Unavailable (empty response)\n")
            .stderr_like("hint: [..]\n")
            .code(code)
            .spawn();
        server.wait_for(2);
        run.signal(first);
        // Until the first signal `m_2` waits for its next attempt, and `m_1` is in flight all the time.
        run.read_line();
        run.wait_for_stderr("hint: ");
        run.wait_for_stderr(STOPPING);
        run.signal(second);
        run.wait();
        server.received_in_any_order(["m_1", "m_2"].map(claim_of));
    }
}

#[test]
fn the_exit_code_of_a_signal_takes_precedence() {
    let gate = Gate::new();
    let server = Server::answering([Reply::status(401, "Unauthorized").gated(&gate)]);
    let mut run = claims(&[])
        .server(&server)
        .stdout("401 m_1 Unauthorized (empty response)\n")
        .stderr_like("hint: [..]\n[..]\nstopped: 0 accepted, 1 unauthorized in [..]\n")
        .code(143)
        .spawn();
    run.write_line(&line("m_1"));
    server.wait_for(1);
    run.signal("TERM");
    run.wait_for_stderr(STOPPING);
    gate.open();
    run.wait();
    server.received([claim_of("m_1")]);
}

#[test]
fn every_line_that_was_read_from_a_pipe_has_a_result() {
    const MESSAGES: usize = 1000;
    let gate = Gate::new();
    let server = Server::always(Reply::created().gated(&gate));
    let home = Home::new();
    program("mkfifo", ["fifo"]).home(&home).run();
    // Open for both, so that it neither blocks nor ends.
    let mut fifo = std::fs::File::options()
        .read(true)
        .write(true)
        .open(home.path().join("fifo"))
        .unwrap();
    let run = lexbot(["claim", "-i", "fifo", "--rate", "0", "--json"])
        .home(&home)
        .server(&server)
        .stdout_like("...")
        .stderr_like(stopped("8 accepted, [..] not sent"))
        .code(143)
        .spawn();
    fifo.write_all(lines(MESSAGES).as_bytes()).unwrap();
    server.wait_for(8);
    run.signal("TERM");
    run.wait_for_stderr(STOPPING);
    gate.open();
    let results = results(&run.wait());
    assert_eq!(with_outcome(&results, "accepted").len(), 8);
    let mut lines = field(&results, "line");
    lines.sort_by_key(Value::as_u64);
    let expected: Vec<_> = (1..=results.len() as u64).map(Value::from).collect();
    assert_eq!(lines, expected);

    // What was not read is still in the pipe.
    fifo.write_all(b"end\n").unwrap();
    let mut left: Vec<String> = Vec::new();
    for text in BufReader::new(fifo).lines() {
        match text.unwrap() {
            end if end == "end" => break,
            text => left.push(text),
        }
    }
    // The first of them may be the rest of a line whose beginning was read.
    let whole = left.iter().filter(|text| text.starts_with('{')).count();
    let torn = left.len() - whole;
    assert_eq!(results.len() + torn + whole, MESSAGES);
    server.ignore_requests();
}

#[test]
fn a_signal_that_is_ignored_at_the_start_stays_ignored() {
    for signal in ["HUP", "INT", "TERM"] {
        let script = format!(r#"trap '' {signal}; exec "$0" claim -i - --rate 0"#);
        let server = Server::always(Reply::created());
        let mut run = program("sh", ["-c", &script, env!("CARGO_BIN_EXE_lexbot")])
            .server(&server)
            .stdout("201 m_1 claimed\n201 m_2 claimed\n")
            .stderr_like(crate::batch::summary("2 accepted"))
            .spawn();
        run.write_line(&line("m_1"));
        run.read_line();
        run.signal(signal);
        run.write_line(&line("m_2"));
        run.read_line();
        run.finish();
        server.received(["m_1", "m_2"].map(claim_of));
    }
}

#[test]
fn a_response_that_came_while_the_process_was_stopped_counts() {
    let gate = Gate::new();
    let server = Server::answering([Reply::created().gated(&gate)]);
    let run = lexbot(["claim", "--timeout", "1", "--retries", "0"])
        .args(FLAGS)
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .spawn();
    server.wait_for(1);
    run.signal("STOP");
    std::thread::sleep(Duration::from_millis(200));
    gate.open();
    std::thread::sleep(Duration::from_secs(1));
    run.signal("CONT");
    run.wait();
    server.received([claim_of("m_1")]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_exit_code_of_a_signal_takes_precedence_over_a_failed_write() {
    let gate = Gate::new();
    let server = Server::answering([Reply::created().gated(&gate)]);
    let script = r#"exec "$0" claim -i - --rate 0 > /dev/full"#;
    let mut run = program("sh", ["-c", script, env!("CARGO_BIN_EXE_lexbot")])
        .server(&server)
        .stderr_like("...\nerror: cannot write to standard output: no space left on device\n")
        .code(143)
        .spawn();
    run.write_line(&line("m_1"));
    server.wait_for(1);
    run.signal("TERM");
    run.wait_for_stderr(STOPPING);
    gate.open();
    run.wait();
    server.received([claim_of("m_1")]);
}
