//! The progress of a batch on a terminal: a bar for a file, a counter for a pipe, and nothing left of it at the end.

use crate::batch::lines;
use crate::support::{Gate, Home, Reply, Server, in_a_terminal, requires};

/// How a line is erased.
const ERASE: &str = "\r\u{1b}[2K";

/// What a terminal shows while this command claims three messages from `in.json`, and what is left of it. The last
/// message waits until the terminal shows `awaited`.
#[track_caller]
fn shown_and_left(command: &str, awaited: &str) -> (String, String) {
    let home = Home::new();
    home.write("in.json", lines(3));
    let gate = Gate::new();
    let server = Server::answering([
        Reply::created(),
        Reply::status(404, "Not Found"),
        Reply::created().gated(&gate),
    ]);
    server.ignore_requests();
    let run = in_a_terminal(command)
        .home(&home)
        .server(&server)
        .env("NO_COLOR", "1")
        .stdout_like("...")
        .code(1)
        .spawn();
    run.wait_for_stdout(awaited);
    gate.open();
    let shown = run.wait().stdout;
    let left = |line: &str| line.rsplit(ERASE).next().map(|line| format!("{line}\n"));
    let left = shown.lines().filter_map(left).collect();
    (shown, left)
}

#[test]
fn a_file_has_a_bar_and_a_pipe_has_a_counter() {
    if !requires("script") {
        return;
    }
    for (input, is_file) in [
        ("lexbot claim -i in.json", true),
        ("cat in.json | lexbot claim -i -", false),
    ] {
        let (shown, left) = shown_and_left(&format!("{input} --rate 0 -j 1"), "2 done, 1 failed");
        let states: Vec<&str> = shown.split(ERASE).collect();
        let bar = |state: &&str| state.starts_with("[======    ] 66% 2 done");
        assert_eq!(states.iter().any(bar), is_file, "{states:?}");
        let left: Vec<&str> = left.lines().collect();
        let [one, two, hint, three, summary] = left[..] else {
            panic!("{left:?}");
        };
        assert_eq!(one, "201 m_1 claimed");
        assert_eq!(two, "404 m_2 Not Found (empty response)");
        assert!(hint.starts_with("hint: "), "{hint}");
        assert_eq!(three, "201 m_3 claimed");
        assert!(
            summary.starts_with("2 accepted, 1 rejected in "),
            "{summary}"
        );
    }
}

#[test]
fn a_wait_is_shown_on_a_terminal_until_it_is_over() {
    if !requires("script") {
        return;
    }
    for (term, is_dumb) in [("xterm", false), ("dumb", true)] {
        for command in [
            "lexbot claim -i in.json -j 1 --json",
            "lexbot check --retries 0",
        ] {
            let home = Home::new();
            home.write("in.json", lines(1));
            let gate = Gate::new();
            let server = Server::answering([Reply::status(404, "Not Found").gated(&gate)]);
            server.ignore_requests();
            let run = in_a_terminal(command)
                .env("TERM", term)
                .home(&home)
                .server(&server)
                .stdout_like("...")
                .code(1)
                .spawn();
            run.wait_for_stdout("waiting for 127.0.0.1:");
            gate.open();
            let shown = run.wait().stdout;
            // Without an erasable line, each line of a log has a time.
            let lines = shown
                .lines()
                .filter(|line| line.contains("Z waiting for 127.0.0.1:"));
            assert_eq!(lines.count() > 0, is_dumb, "{shown:?}");
            assert_eq!(shown.contains(ERASE), !is_dumb, "{shown:?}");
            let left = |line: &str| line.rsplit(ERASE).next().map(str::to_owned);
            let left: Vec<String> = shown.lines().filter_map(left).collect();
            let is_left = left.iter().any(|line| line.contains("waiting for"));
            assert_eq!(is_left, is_dumb, "{left:?}");
        }
    }
}

#[test]
fn progress_is_hidden_if_stderr_is_not_a_terminal_or_by_an_option() {
    if !requires("script") {
        return;
    }
    for end in ["-q", "-v", "2> stderr"] {
        let command = format!("lexbot claim -i in.json --rate 0 -j 1 {end}");
        let (shown, _) = shown_and_left(&command, "m_2");
        assert!(
            !shown.contains(ERASE) && !shown.contains("done"),
            "{shown:?}"
        );
    }
}
