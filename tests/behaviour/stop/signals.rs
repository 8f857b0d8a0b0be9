//! SIGINT, SIGTERM and SIGHUP: the first finishes what is in flight, the second ends the run at once.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::time::Duration;

use serde_json::Value;

use crate::batch::{claims, field, lines, results, stopped, summary, with_outcome};
use crate::example::{FLAGS, claim_of, line};
use crate::support::{Gate, Home, Output, Reply, Run, Running, Server, lexbot, program};

const SIGNALS: [(&str, i32); 3] = [("INT", 130), ("TERM", 143), ("HUP", 129)];

/// Sends a signal to `run`, which waits for responses, and lets these come once it has taken the signal.
#[track_caller]
fn stop(run: Running, signal: &str, gate: &Gate) -> Output {
    run.signal(signal);
    run.wait_for_stderr("stopping: ");
    gate.open();
    run.wait()
}

/// Stops `run` while its request for `m_1`, which it reads from stdin, waits for `reply`.
#[track_caller]
fn stop_in_flight(run: Run, signal: &str, reply: Reply) {
    let gate = Gate::new();
    let server = Server::answering([reply.gated(&gate)]);
    let mut run = run.server(&server).spawn();
    run.write_line(&line("m_1"));
    server.wait_for(1);
    stop(run, signal, &gate);
    server.received([claim_of("m_1")]);
}

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
        let run = claims(&[])
            .stdout("201 m_1 claimed\n")
            .stderr_like(stopped("1 accepted"))
            .code(code);
        stop_in_flight(run, signal, Reply::created());
    }
}

#[test]
fn the_exit_code_of_a_signal_takes_precedence() {
    let run = claims(&[])
        .stdout("401 m_1 Unauthorized (empty response)\n")
        .stderr_like("hint: [..]\n[..]\nstopped: 0 accepted, 1 unauthorized in [..]\n")
        .code(143);
    stop_in_flight(run, "TERM", Reply::status(401, "Unauthorized"));
}

#[cfg(target_os = "linux")]
#[test]
fn the_exit_code_of_a_signal_takes_precedence_over_a_failed_write() {
    let script = r#"exec "$0" claim -i - --rate 0 > /dev/full"#;
    let run = program("sh", ["-c", script, env!("CARGO_BIN_EXE_lexbot")])
        .stderr_like("...\nerror: cannot write to standard output: no space left on device\n")
        .code(143);
    stop_in_flight(run, "TERM", Reply::created());
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

/// Stops a run over `file` with eight requests in flight; returns how many lines it has read. `feed` is called once it has
/// started.
#[track_caller]
fn stop_reading(home: &Home, file: &str, counts: &str, feed: impl FnOnce()) -> usize {
    let gate = Gate::new();
    let server = Server::always(Reply::created().gated(&gate));
    let run = lexbot(["claim", "-i", file, "--rate", "0", "--json"])
        .home(home)
        .server(&server)
        .stdout_like("...")
        .stderr_like(stopped(counts))
        .code(143)
        .spawn();
    feed();
    server.wait_for(8);
    let results = results(&stop(run, "TERM", &gate));
    // Every line that was read has one result: accepted if it was sent, else not sent.
    let mut lines = field(&results, "line");
    lines.sort_by_key(Value::as_u64);
    let expected: Vec<_> = (1..=results.len()).map(Value::from).collect();
    assert_eq!(lines, expected);
    let accepted = with_outcome(&results, "accepted").len();
    assert_eq!(accepted, server.requests().len());
    let not_sent = with_outcome(&results, "not_sent").len();
    assert_eq!(accepted + not_sent, results.len());
    results.len()
}

#[test]
fn a_file_is_read_no_further() {
    const MESSAGES: usize = 20_000;
    let home = Home::new();
    home.write("in.json", lines(MESSAGES));
    let read = stop_reading(&home, "in.json", "[..] accepted[..] lines left", || {});
    assert!(read < MESSAGES, "{read}");
}

#[test]
fn every_line_that_was_read_from_a_pipe_has_a_result() {
    const MESSAGES: usize = 1000;
    let home = Home::new();
    program("mkfifo", ["fifo"]).home(&home).run();
    // Open for both, so that it neither blocks nor ends.
    let mut both = File::options();
    let fifo = both.read(true).write(true).open(home.path().join("fifo"));
    let fifo = fifo.unwrap();
    let write = |text: &str| (&fifo).write_all(text.as_bytes()).unwrap();
    let feed = || write(&lines(MESSAGES));
    let read = stop_reading(&home, "fifo", "8 accepted, [..] not sent", feed);
    // What was not read is still in the pipe. The first of it may be the rest of a line whose beginning was read.
    write("end\n");
    let left = BufReader::new(fifo).lines().map(Result::unwrap);
    let left = left.take_while(|text| text != "end").count();
    assert_eq!(read + left, MESSAGES);
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
        run.wait_for_stderr("stopping: ");
        run.signal(second);
        run.wait();
        server.received_in_any_order(["m_1", "m_2"].map(claim_of));
    }
}

#[test]
fn a_signal_that_is_ignored_at_the_start_stays_ignored() {
    for signal in ["HUP", "INT", "TERM"] {
        let script = format!(r#"trap '' {signal}; exec "$0" claim -i - --rate 0"#);
        let server = Server::always(Reply::created());
        let mut run = program("sh", ["-c", &script, env!("CARGO_BIN_EXE_lexbot")])
            .server(&server)
            .stdout("201 m_1 claimed\n201 m_2 claimed\n")
            .stderr_like(summary("2 accepted"))
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
