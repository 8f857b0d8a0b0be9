//! `lexbot sandbox -- COMMAND`: the command's environment, its end, and the report of the inbox.

use super::client::{Connection, post};
use super::{BODY, CLAIM, ECHO, TOKEN};
use crate::batch::lines;
use crate::support::{Home, lexbot, program};

const NO_REQUESTS: &str = "sandbox: 0 requests\n";

/// The shell's command line for a script, which Windows needs in another language.
fn shell<'a>(on_unix: &'a str, on_windows: &'a str) -> [&'a str; 3] {
    if cfg!(windows) {
        ["cmd", "/C", on_windows]
    } else {
        ["sh", "-c", on_unix]
    }
}

#[test]
fn the_inbox_is_reported_after_the_command() {
    let run = lexbot(["sandbox", "--rate", "0", "--"])
        .args(shell(
            "echo $LEXBOT_BASE_URL; read line; exit 3",
            "echo %LEXBOT_BASE_URL%& set /p line=& exit 3",
        ))
        .stdout_like("http://[..]\n")
        .stderr(
            "sandbox: 3 requests: 1 message claimed, 1 message echoed, 1 rejected\n\
             \x20 201 claim m_1 (page 42)\n\
             \x20 201 echo  m_2 (page 42)\n\
             \x20 401 claim m_1 (page 42): the token is wrong\n",
        )
        .code(3)
        .spawn();
    let mut connection = Connection::to(run.read_line().trim_end());
    connection.exchange(&post(CLAIM, TOKEN, BODY));
    connection.exchange(&post(ECHO, TOKEN, &BODY.replace("m_1", "m_2")));
    connection.exchange(&post(CLAIM, "wrong", BODY));
    run.finish();
}

#[test]
fn the_command_finds_this_lexbot_and_nothing_beside_it() {
    let home = Home::new();
    for (name, text) in [
        ("bin/lexbot", "another"),
        ("bin/found", "right"),
        ("opt/found", "wrong"),
    ] {
        if cfg!(windows) {
            home.write(format!("{name}.cmd"), format!("@echo {text}\r\n"));
        } else {
            home.write(name, format!("#!/bin/sh\necho {text}\n"));
            home.set_mode(name, 0o755);
        }
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = [home.path().join("bin")]
        .into_iter()
        .chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).unwrap();
    let (original, copy) = (env!("CARGO_BIN_EXE_lexbot"), "opt/lexbot-1.2.exe");
    if cfg!(windows) {
        // Windows itself would look for this one first.
        home.write("opt/found.exe", "no program");
        std::fs::copy(original, home.path().join(copy)).unwrap();
    } else {
        // This process must not write the copy: a child that another thread forks meanwhile would keep it open.
        program("cp", [original, copy]).home(&home).run();
    }
    let version = concat!("lexbot ", env!("CARGO_PKG_VERSION"), "\n");
    for (command, stdout) in [
        (&["lexbot", "--version"][..], version),
        (&shell("lexbot --version", "lexbot --version"), version),
        (&["found"], "right[..]\n"),
    ] {
        program(home.path().join(copy), ["sandbox", "--"])
            .args(command)
            .home(&home)
            .env("PATH", &path)
            .stdout_like(stdout)
            .stderr(NO_REQUESTS)
            .run();
    }
}

#[test]
fn lexbot_gets_every_message_past_the_rate_of_the_sandbox() {
    // A busy machine can delay an arrival so much that the next one is too early; `rate_limit::strict` is about that.
    lexbot(["sandbox", "--expect", "15", "--"])
        .args(["lexbot", "claim", "-i", "-", "-q"])
        .stdin(lines(15))
        .stderr_like("...")
        .run();
}

#[cfg(unix)]
mod on_unix {
    use super::{Home, NO_REQUESTS, lexbot};

    #[test]
    fn a_signal_is_passed_on_to_the_command() {
        for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
            // `cat` waits for input that never comes; only a signal ends it. Another shell would wait for its child. The
            // innermost shell prints the line: a child that dash has just forked would ignore SIGINT.
            let inner = "echo; exec cat";
            let nested = format!("sh -c '{inner}'; exit");
            for script in [inner, &nested, &format!("sh -c \"{nested}\"; exit")] {
                let home = Home::new();
                let run = lexbot(["sandbox", "--", "sh", "-c", script])
                    .home(&home)
                    .stderr(NO_REQUESTS)
                    .stdout("\n")
                    .code(code)
                    .spawn();
                run.read_line();
                run.signal(signal);
                run.wait();
                assert_eq!(home.names("tmp"), [""; 0], "{signal}: {script}");
            }
        }
    }
}
