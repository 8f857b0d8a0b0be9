//! What runs are given, and that whatever they do unexpectedly is caught. Most run another program than
//! lexbot, one whose behaviour is known.

use std::time::Duration;

use super::{assert_has, client_of, failure_of, rest_of};
use crate::support::{CLIENT_ID, Home, Output, Reply, Run, Server, TOKEN, lexbot, program};

const VERSION: &str = concat!("lexbot ", env!("CARGO_PKG_VERSION"), "\n");

/// A run of a shell script.
fn shell(script: &str) -> Run {
    program("sh", ["-c", script])
}

#[test]
fn a_run_as_expected_passes() {
    let output = lexbot(["--version"]).stdout(VERSION).run();
    assert_eq!(
        output,
        Output {
            stdout: VERSION.to_owned(),
            stderr: String::new(),
            code: 0
        }
    );
    lexbot(["claim"])
        .args(["--object-id"])
        .code(2)
        .stderr_like("error: a value is required for '--object-id <ID>' [..]\n...\n")
        .run();
}

#[test]
fn unexpected_output_fails() {
    let failure = failure_of(|| lexbot(["--version"]).stdout("lexbot 9\n").run());
    assert_has(
        &failure,
        &[
            "standard output is not as expected (-):\n  - lexbot 9\n  + lexbot 0.",
            "\"--version\"",
        ],
    );
    let failure = failure_of(|| shell("echo more >&2").run());
    assert_has(
        &failure,
        &["standard error is not as expected (-):\n  + more\n    <end>\n"],
    );
    failure_of(|| lexbot(["--version"]).run());
    failure_of(|| shell("echo ab").stdout_like("b[..]\n").run());
    failure_of(|| shell("echo ab >&2").stderr_like("b[..]\n").run());
    failure_of(|| shell("echo ab >&2").stderr("ab").run());
    failure_of(|| shell("printf '\\377'").stdout_like("...").run());
}

#[test]
fn an_unexpected_exit_code_fails() {
    let failure = failure_of(|| shell("exit 3").run());
    assert_has(&failure, &["the exit code is 3, expected 0"]);
    failure_of(|| shell("exit 0").code(1).run());
}

#[test]
fn the_token_in_the_output_fails() {
    let part = &TOKEN[5..15];
    for stream in ["1", "2"] {
        let script = format!("echo '<{part}>' >&{stream}");
        let failure = failure_of(|| shell(&script).stdout_like("...").stderr_like("...").run());
        assert_has(&failure, &["gives the token away"]);
    }
}

#[test]
fn a_failure_shows_what_the_server_saw() {
    let server = Server::answering([Reply::status(200, "OK").header("connection", "close")]);
    server.ignore_requests();
    rest_of(&mut client_of(&server, "GET /seen HTTP/1.1\r\n\r\n"));
    let failure = failure_of(|| shell("exit 1").server(&server).run());
    assert_has(
        &failure,
        &["received 1 requests on 1 connections\nGET /seen\n"],
    );
}

#[test]
fn a_run_sees_only_its_own_environment() {
    let home = Home::new();
    let at = home.path().display();
    program("env", [""; 0])
        .home(&home)
        .env("B", "c")
        .env("A", "b")
        .no_env("B")
        .no_env("PATH")
        .stdout(format!(
            "A=b\nHOME={at}\nTMPDIR={at}/tmp\nTZ=Asia/Kathmandu\nXDG_CACHE_HOME={at}/.cache\n\
             XDG_CONFIG_HOME={at}/.config\nXDG_RUNTIME_DIR={at}/run\nXDG_STATE_HOME={at}/.local/state\n"
        ))
        .run();
    assert_eq!(home.mode("run"), 0o700);
}

#[test]
fn a_run_knows_its_server() {
    let server = Server::answering([]);
    shell("echo $LEXBOT_BASE_URL $LEXBOT_CLIENT_ID ${#LEXBOT_TOKEN}")
        .server(&server)
        .stdout(format!("{} {CLIENT_ID} {}\n", server.url(), TOKEN.len()))
        .run();
    server.received([]);
}

#[test]
fn a_home_can_be_shared() {
    let home = Home::new();
    shell("pwd -P >out; cat \"$XDG_CONFIG_HOME/lexbot/config.toml\"")
        .home(&home)
        .config("rate = 1\n")
        .stdout_like(if cfg!(target_os = "macos") {
            "..."
        } else {
            "rate = 1\n"
        })
        .stderr_like("...")
        .code(i32::from(cfg!(target_os = "macos")))
        .run();
    assert_eq!(home.mode(home.config_path()), 0o600);
    assert_eq!(home.read(home.config_path()), "rate = 1\n");
    let resolved = home.path().canonicalize().unwrap();
    assert_eq!(home.read("out"), format!("{}\n", resolved.display()));
    let written = home.write("a/b", [0x62]);
    assert_eq!(home.read(written), "b");
    failure_of(|| home.read("missing"));
}

#[test]
fn standard_input_is_what_the_test_says() {
    let cat = || program("cat", [""; 0]);
    cat().run();
    cat().stdin("text").stdout("text").run();
    let much = vec![b'x'; 1 << 20];
    let output = cat().stdin(much).stdout_like("[..]").run();
    assert_eq!(output.stdout.len(), 1 << 20);
    shell("exit 0").stdin(vec![b'x'; 1 << 20]).run();
}

#[test]
fn a_test_can_talk_with_a_run() {
    let mut run = shell("echo ready >&2; while read -r line; do echo \"<$line>\"; done; exit 4")
        .stdout("<a>\n<b c>\n")
        .stderr("ready\n")
        .code(4)
        .spawn();
    assert_eq!(run.read_stderr_line(), "ready");
    for (line, answer) in [("a", "<a>"), ("b c", "<b c>")] {
        run.write_line(line);
        assert_eq!(run.read_line(), answer);
    }
    run.close_stdin();
    run.wait();
}

#[test]
fn a_line_that_doesn_t_come_fails() {
    let failure = failure_of(|| shell("printf half; echo why >&2").spawn().read_line());
    assert_has(&failure, &["printed no other line", "half", "why"]);
    failure_of(|| shell("echo out").spawn().read_stderr_line());
}

#[test]
fn a_run_can_be_sent_a_signal() {
    let run = program("cat", [""; 0]).code(-15).spawn();
    run.signal("TERM");
    run.wait();
    let run = program("cat", [""; 0]).code(-2).spawn();
    run.signal("INT");
    run.wait();
}

#[test]
fn a_run_without_end_is_killed() {
    let run = shell("echo started; exec cat")
        .limit(Duration::from_millis(50))
        .spawn();
    assert_eq!(run.read_line(), "started");
    let failure = failure_of(|| run.wait());
    assert_has(&failure, &["did not end within 50ms", "started"]);
}

#[test]
fn the_reader_of_standard_output_can_leave() {
    let gone = -13;
    program("yes", [""; 0])
        .reader_leaves_after(2)
        .stdout("y\ny\n")
        .code(gone)
        .run();
    program("yes", [""; 0])
        .reader_leaves_after(0)
        .code(gone)
        .run();
}
