//! The progress of a batch on a terminal: a bar for a file, a counter for a pipe, and nothing left of it at the end.

use super::in_a_terminal;
use crate::batch::lines;
use crate::support::{Home, Reply, Server, requires};

/// How a line is erased.
const ERASE: &str = "\r\u{1b}[2K";

/// What a terminal shows while this command claims three messages from `in.json`, and what is left of it.
#[track_caller]
fn shown_and_left(command: &str) -> (String, String) {
    let home = Home::new();
    home.write("in.json", lines(3));
    let server = Server::answering([
        Reply::created(),
        Reply::status(404, "Not Found"),
        Reply::created(),
    ]);
    server.ignore_requests();
    let shown = in_a_terminal(command)
        .home(&home)
        .server(&server)
        .env("NO_COLOR", "1")
        .stdout_like("...")
        .code(1)
        .run()
        .stdout;
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
        let (shown, left) = shown_and_left(&format!("{input} --rate 0 -j 1"));
        let states: Vec<&str> = shown.split(ERASE).collect();
        let counted = |state: &&str| state.contains("2 done, ") && state.contains(" 1 failed");
        assert!(states.iter().any(counted), "{states:?}");
        let bar = |state: &&str| state.starts_with("[=") && state.contains("100%");
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
fn progress_is_hidden_if_stderr_is_not_a_terminal_or_by_an_option() {
    if !requires("script") {
        return;
    }
    for end in ["-q", "-v", "2> stderr"] {
        let command = format!("lexbot claim -i in.json --rate 0 -j 1 {end}");
        let (shown, _) = shown_and_left(&command);
        assert!(
            !shown.contains(ERASE) && !shown.contains("done"),
            "{shown:?}"
        );
    }
}
