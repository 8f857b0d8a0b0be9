//! `lexbot sandbox -- COMMAND`: the command's environment, its end, and the report of the inbox.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::client::{Connection, post};
use super::{BODY, CLAIM, ECHO, TOKEN};
use crate::support::{Home, Run, lexbot, program};

const NO_REQUESTS: &str = "sandbox: 0 requests\n";

/// A sandbox that runs `command` and receives nothing.
fn sandbox(command: &[&str]) -> Run {
    let run = lexbot(["sandbox", "--"]).args(command);
    run.stderr(NO_REQUESTS)
}

/// The same for a shell script.
fn sandbox_sh(script: &str) -> Run {
    sandbox(&["sh", "-c", script])
}

#[test]
fn the_inbox_is_reported_after_the_command() {
    let script = "echo $LEXBOT_BASE_URL; read line; exit 3";
    let run = lexbot(["sandbox", "--rate", "0", "--", "sh", "-c", script])
        .stdout_like("http://[..]\n")
        .stderr(
            "sandbox: 3 requests: 1 message claimed, 1 message echoed, 1 rejected\n\
             \x20 201 claim m_1 (page 42)\n\
             \x20 201 echo  m_2 (page 42)\n\
             \x20 401 claim m_1 (page 42): the token is wrong\n",
        )
        .code(3)
        .spawn();
    let mut connection = Connection::to(&run.read_line());
    connection.exchange(&post(CLAIM, TOKEN, BODY));
    connection.exchange(&post(ECHO, TOKEN, &BODY.replace("m_1", "m_2")));
    connection.exchange(&post(CLAIM, "wrong", BODY));
    run.finish();
}

#[test]
fn the_command_finds_this_lexbot_and_nothing_beside_it() {
    let home = Home::new();
    for (file, text) in [("bin/lexbot", "another"), ("opt/ls", "the wrong ls")] {
        let file = home.write(file, format!("#!/bin/sh\necho {text}\n"));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", home.path().join("bin").display());
    // This process must not write the copy: a child that another thread forks meanwhile would keep it open.
    program("cp", [env!("CARGO_BIN_EXE_lexbot"), "opt/lexbot-1.2"])
        .home(&home)
        .run();
    let version = concat!("lexbot ", env!("CARGO_PKG_VERSION"), "\n");
    for (command, stdout) in [
        (&["lexbot", "--version"][..], version),
        (&["sh", "-c", "lexbot --version"], version),
        (&["ls", "opt"], "lexbot-1.2\nls\n"),
    ] {
        program(home.path().join("opt/lexbot-1.2"), ["sandbox", "--"])
            .args(command)
            .home(&home)
            .env("PATH", &path)
            .stdout(stdout)
            .stderr(NO_REQUESTS)
            .run();
    }
}

#[test]
fn a_signal_is_passed_on_to_the_command() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        // `cat` waits for input that never comes; only a signal ends it. Another shell would wait for its child. The
        // innermost shell prints the line: a child that dash has just forked would ignore SIGINT.
        let inner = "echo; exec cat";
        let nested = format!("sh -c '{inner}'; exit");
        for script in [inner, &nested, &format!("sh -c \"{nested}\"; exit")] {
            let home = Home::new();
            let run = sandbox_sh(script)
                .home(&home)
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

#[test]
fn lexbot_gets_every_message_past_the_rate_of_the_sandbox() {
    // A busy machine can delay an arrival so much that the next one is too early; `rate_limit::strict` is about that.
    let claims = r#"i=0; while [ $i -lt 15 ]; do i=$((i + 1))
        echo '{"object_id":"m_'$i'","published_at":1458692752478,"account_id":"42"}'; done | lexbot claim -i - -q"#;
    lexbot(["sandbox", "--expect", "15", "--", "sh", "-c", claims])
        .stderr_like("...")
        .run();
}
