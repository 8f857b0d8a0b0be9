//! What a run says while it waits: for a response, for another attempt, for the end of an outage or a pause. How often it
//! says so is tested beside the code, without waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::batch::{claims, lines, summary};
use crate::example::{FLAGS, claim};
use crate::support::{Gate, Home, Reply, Server, lexbot};

const STOPPING: &str =
    "[..]Z stopping: 1 response pending (at most [..] s); a second signal exits at once\n";

#[test]
fn a_silent_server_is_named_with_the_attempt() {
    for args in [&["claim"][..], &["check"], &["claim", "--json"]] {
        let gate = Gate::new();
        let server = Server::answering([Reply::status(401, "Unauthorized").gated(&gate)]);
        let host = server.url().replace("http://", "");
        let message = if args[0] == "claim" { &FLAGS[..] } else { &[] };
        let run = lexbot(args)
            .args(message)
            .server(&server)
            .waits_shown()
            .any_output()
            .code(4)
            .spawn();
        let said = run.read_stderr_line();
        gate.open();
        let (time, said) = said.split_once(' ').unwrap();
        assert!(time.len() == 20 && time.ends_with('Z'), "{time}");
        assert_eq!(said, format!("waiting for {host} for 2 s (attempt 1 of 4)"));
        run.wait();
        server.ignore_requests();
    }
}

#[test]
fn nothing_is_said_with_quiet() {
    let server = Server::answering([Reply::silence()]);
    claim()
        .args(["-q", "--timeout", "3"])
        .server(&server)
        .waits_shown()
        .stdout_like("--- m_1 no [..] within 3 s\n")
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
    server.ignore_requests();
}

#[test]
fn an_outage_is_announced_with_its_cause_and_its_end() {
    let is_down = Arc::new(AtomicBool::new(true));
    let is_still_down = Arc::clone(&is_down);
    let server = Server::scripted(move |_| {
        if is_still_down.load(Ordering::SeqCst) {
            Reply::status(503, "Service Unavailable")
        } else {
            Reply::created()
        }
    });
    let host = server.url().replace("http://", "");
    let run = claims(&["--retries", "1000"])
        .stdin(lines(3))
        .server(&server)
        .waits_shown()
        .stdout_like("...")
        .stderr_like(format!(
            "[..]Z outage for [..] s, 3 messages waiting: {host} answered 503 [..]\n[..]Z outage over after [..] s\n{}",
            summary("3 accepted")
        ))
        .spawn();
    run.read_stderr_line();
    is_down.store(false, Ordering::SeqCst);
    run.wait();
    server.ignore_requests();
}

#[test]
fn a_pause_is_told_from_a_silent_server() {
    let server = Server::answering([
        Reply::status(429, "Slow Down").header("Retry-After", "4"),
        Reply::created(),
    ]);
    lexbot(["claim"])
        .args(FLAGS)
        .server(&server)
        .waits_shown()
        .stdout("201 m_1 claimed\n")
        .stderr_like(
            "[..]Z 429: now 6.7 requests a second; [..]\n[..]Z waiting to try again in [..] s (attempt 2 of 4): [..] answered 429 Too Many Requests (empty response)\n",
        )
        .run();
    server.ignore_requests();
}

#[test]
fn a_pause_that_another_run_caused_is_named() {
    let server = Server::answering([
        Reply::status(429, "Slow Down").header("Retry-After", "4"),
        Reply::created(),
    ]);
    let home = Home::new();
    let claim = |retries| {
        let claim = lexbot(["claim", "--retries", retries]).args(FLAGS);
        claim.home(&home).server(&server).waits_shown()
    };
    claim("0")
        .stdout_like("429 m_1 [..]\n")
        .stderr_like("...")
        .code(5)
        .run();
    claim("3")
        .stdout("201 m_1 claimed\n")
        .stderr_like(
            "[..]Z waiting for the pause after 429 ([..] s left) for 2 s (attempt 1 of 4)\n",
        )
        .run();
    server.ignore_requests();
}

#[cfg(unix)]
#[test]
fn a_signal_says_what_is_pending() {
    use crate::batch::stopped;
    let gate = Gate::new();
    let server = Server::answering([Reply::created().gated(&gate)]);
    let home = Home::new();
    home.write("in.json", lines(300));
    let run = lexbot(["claim", "-i", "in.json", "-j", "1", "--rate", "0"])
        .home(&home)
        .server(&server)
        .waits_shown()
        .stdout_like("...")
        .stderr_like(format!(
            "{STOPPING}{}",
            stopped("1 accepted, [..] not sent, [..] lines left")
        ))
        .code(130)
        .spawn();
    server.wait_for(1);
    run.signal("INT");
    let said = run.read_stderr_line();
    assert!(said.ends_with(" exits at once"), "{said}");
    gate.open();
    let output = run.wait();
    // Every line of the file is accounted for.
    let summary = output.stderr.lines().last().unwrap();
    let counts: Vec<u32> = summary[..summary.find(" in ").unwrap()]
        .split(' ')
        .filter_map(|word| word.parse().ok())
        .collect();
    assert_eq!(counts.iter().sum::<u32>(), 300, "{summary}");
    server.ignore_requests();
}

#[cfg(unix)]
#[test]
fn a_signal_says_nothing_with_quiet_or_if_nothing_is_pending() {
    use crate::batch::stopped;
    use crate::example::line;

    let server = Server::answering([Reply::created()]);
    let mut run = claims(&[])
        .server(&server)
        .waits_shown()
        .stdout("201 m_1 claimed\n")
        .stderr_like(stopped("1 accepted"))
        .code(143)
        .spawn();
    run.write_line(&line("m_1"));
    run.read_line();
    run.signal("TERM");
    run.wait();
    server.ignore_requests();

    let server = Server::answering([Reply::silence()]);
    let run = claim()
        .args(["-q"])
        .server(&server)
        .waits_shown()
        .code(143)
        .spawn();
    server.wait_for(1);
    run.signal("INT");
    run.signal("TERM");
    run.wait();
    server.ignore_requests();
}
