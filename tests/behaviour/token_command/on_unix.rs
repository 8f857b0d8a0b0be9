//! `token_command` with the user's terminal, and with signals.

#[cfg(target_os = "linux")]
use std::time::Duration;

use super::with_command;
use crate::example::{FLAGS, claim, claim_of, line};
use crate::support::{Gate, Home, Reply, Server, TOKEN, lexbot, program};
#[cfg(target_os = "linux")]
use crate::support::{Running, in_a_terminal, requires};

#[test]
fn its_stderr_is_shown_while_it_runs() {
    let home = Home::new();
    program("mkfifo", ["answer"]).home(&home).run();
    let server = Server::answering([Reply::created()]);
    let command = format!("echo 'Vault password:' >&2; cat answer; echo {TOKEN}");
    let run = with_command(claim(), &command, &server)
        .home(&home)
        .stdout("201 m_1 claimed\n")
        .stderr("Vault password:\n")
        .spawn();
    assert_eq!(run.read_stderr_line(), "Vault password:");
    home.write("answer", "");
    run.wait();
    server.received([claim_of("m_1")]);
}

/// Whether a process with these arguments is running.
#[cfg(target_os = "linux")]
fn is_running(arguments: &str) -> bool {
    let processes = std::fs::read_dir("/proc").expect("processes");
    processes.flatten().any(|process| {
        let there = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&there)
            .replace('\0', " ")
            .trim_end()
            == arguments
    })
}

/// Each script sleeps for a time of its own, so that its process can be told from others.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_ends_it_and_lexbot() {
    let signals = [
        ("INT", 130),
        ("TERM", 143),
        ("HUP", 129),
        ("QUIT", 131),
        ("USR1", 138),
        ("ALRM", 142),
    ];
    let mut seconds = 1_000_000 + std::process::id();
    for (signal, code) in signals {
        for command in [
            "echo >&2; exec sleep SECONDS",
            "echo >&2; sleep SECONDS; echo x",
            "echo >&2; sleep SECONDS | cat",
            "echo >&2; trap '' INT TERM HUP QUIT; sleep SECONDS; echo x",
            "echo >&2; exec >&-; sleep SECONDS; echo x",
        ] {
            seconds += 1;
            let server = Server::answering([]);
            let home = Home::new();
            let run = with_command(
                claim(),
                &command.replace("SECONDS", &seconds.to_string()),
                &server,
            )
            .home(&home)
            .stderr("\n")
            .code(code)
            .spawn();
            run.read_stderr_line();
            let sleep = format!("sleep {seconds}");
            while !is_running(&sleep) {
                std::thread::sleep(Duration::from_millis(2));
            }
            run.signal(signal);
            run.wait();
            assert!(!is_running(&sleep), "{signal}: {command}");
            server.received([]);
        }
    }
}

/// Runs `command` as `token_command` on a terminal, whose name it prints first; then the exit code, and whether the
/// terminal shows what is typed.
#[cfg(target_os = "linux")]
fn on_a_terminal(command: &str, output: &str) -> Running {
    const SESSION: &str = "trap : INT QUIT; sh -c 'echo $$; exec lexbot check --quiet'; \
        echo code $?; stty -a | grep -o -e '-*echo '";
    let server = Server::answering([]);
    server.ignore_requests();
    with_command(in_a_terminal(SESSION), command, &server)
        .env("NO_COLOR", "1")
        .stdout_like(format!("{output}\r\necho \r\n"))
        .spawn()
}

#[cfg(target_os = "linux")]
#[test]
fn the_terminal_is_restored_if_it_fails_or_is_killed() {
    if !requires("script") {
        return;
    }
    let hide = "stty -echo </dev/tty; echo hidden >&2";
    for end in ["exit 1", "kill -KILL $$", "kill -QUIT $$"] {
        on_a_terminal(&format!("{hide}; {end}"), "...\ncode 3").wait();
    }
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let session = on_a_terminal(&format!("{hide}; sleep 60"), &format!("...\ncode {code}"));
        let id = session.read_line();
        assert_eq!(session.read_line().trim(), "hidden");
        program("sh", ["-c", &format!("kill -s {signal} {id}")]).run();
        session.wait();
    }
}

#[test]
fn a_signal_after_it_has_its_usual_effect() {
    let command = format!("echo {TOKEN}");
    for (signal, code) in [
        ("INT", -2),
        ("TERM", -15),
        ("HUP", -1),
        ("QUIT", -3),
        ("USR1", -10),
    ] {
        let gate = Gate::new();
        let server = Server::answering([Reply::created().gated(&gate)]);
        let run = with_command(lexbot(["check"]), &command, &server)
            .code(code)
            .spawn();
        server.wait_for(1);
        run.signal(signal);
        run.wait();
        server.ignore_requests();
    }
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let server = Server::answering([Reply::created()]);
        let mut run = with_command(lexbot(["claim", "-i", "-"]), &command, &server)
            .stdout("201 m_1 claimed\n")
            .summary_aside()
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
fn a_signal_that_is_ignored_at_the_start_stays_ignored() {
    let home = Home::new();
    program("mkfifo", ["answer"]).home(&home).run();
    let server = Server::answering([Reply::created()]);
    let command = format!("echo >&2; cat answer; echo {TOKEN}");
    let script = r#"trap '' HUP; exec "$0" "$@""#;
    let run = program("sh", ["-c", script, env!("CARGO_BIN_EXE_lexbot"), "claim"]).args(FLAGS);
    let run = with_command(run, &command, &server)
        .home(&home)
        .stdout("201 m_1 claimed\n")
        .stderr("\n")
        .spawn();
    run.read_stderr_line();
    run.signal("HUP");
    home.write("answer", "");
    run.wait();
    server.received([claim_of("m_1")]);
}
