//! What a run gets; everything unexpected fails it. Most of these run a shell instead of lexbot.

use std::time::Duration;

use super::{assert_has, client_of, failure_of, rest_of};
use crate::support::{CLIENT_ID, Home, Output, Reply, Run, SECRET, Server, TOKEN, lexbot, program};

const VERSION: &str = concat!("lexbot ", env!("CARGO_PKG_VERSION"), "\n");

/// A run of a shell script.
fn shell(script: &str) -> Run {
    program("sh", ["-c", script])
}

#[test]
fn a_run_with_the_expected_output_and_exit_code_passes() {
    let output = lexbot(["--version"]).stdout(VERSION).run();
    let expected = Output {
        stdout: VERSION.to_owned(),
        stderr: String::new(),
        code: 0,
    };
    assert_eq!(output, expected);
    lexbot(["claim"])
        .args(["--object-id"])
        .code(2)
        .stderr_like("error: a value is required for '--object-id <ID>' [..]\n...\n")
        .run();
    shell("echo a; echo b").stdout_in_any_order("b\na\n").run();
}

#[test]
fn any_unexpected_output_or_exit_code_fails() {
    let part = &TOKEN[5..15];
    let any = |script: &str| shell(script).any_output();
    let version = lexbot(["--version"]);
    for (run, complaints) in [
        (
            version,
            &["standard output is not as expected:", "\"--version\""][..],
        ),
        (shell("echo a").stdout("b\n"), &["- b\n", "+ a\n"]),
        (
            shell("echo a >&2"),
            &["standard error is not as expected:", "+ a\n"],
        ),
        (shell("echo a >&2").stderr("a"), &["- a∅\n", "+ a\n"]),
        (shell("echo ab").stdout_like("b[..]\n"), &["- b[..]\n"]),
        (shell("echo ab >&2").stderr_like("b[..]\n"), &["- b[..]\n"]),
        (shell("echo a").stdout_in_any_order("a\nb\n"), &["- b\n"]),
        (any("printf '\\377'"), &["standard output is not UTF-8"]),
        (any("printf '\\377' >&2"), &["standard error is not UTF-8"]),
        (shell("exit 3"), &["the exit code is 3, expected 0"]),
        (shell("exit 0").code(1), &["the exit code is 0, expected 1"]),
        (
            any(&format!("echo '<{part}>'")),
            &["standard output shows a secret"],
        ),
        (
            any(&format!("echo '<{part}>' >&2")),
            &["standard error shows a secret"],
        ),
        (
            any(&format!("echo my-{SECRET}")),
            &["standard output shows a secret"],
        ),
    ] {
        assert_has(&failure_of(|| run.run()), complaints);
    }
}

#[test]
fn only_the_summary_of_a_batch_can_be_left_out() {
    let summary = "echo '1 accepted in 0.1 s (10 a second)' >&2";
    shell(summary).summary_aside().run();
    failure_of(|| shell(summary).run());
    failure_of(|| shell("echo accepted >&2").summary_aside().run());
}

#[test]
fn a_failure_shows_what_the_server_saw() {
    let server = Server::answering([Reply::status(200, "OK").header("connection", "close")]);
    server.ignore_requests();
    rest_of(&mut client_of(&server, "GET /seen HTTP/1.1\r\n\r\n"));
    let failure = failure_of(|| shell("exit 1").server(&server).run());
    assert_has(&failure, &["the server received 1 requests\nGET /seen\n"]);
}

#[test]
fn a_run_gets_only_its_own_environment() {
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
fn standard_input_is_what_the_test_gives() {
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
    run.finish();
}

#[test]
fn a_line_that_never_comes_fails() {
    let failure = failure_of(|| shell("printf half; echo why >&2").spawn().read_line());
    assert_has(&failure, &["printed no other line", "half", "why"]);
    failure_of(|| shell("echo out").spawn().read_stderr_line());
}

/// `INT` is not among them: a child of a shell's background job may ignore it.
#[test]
fn a_run_can_be_sent_a_signal() {
    for (signal, number) in [("TERM", 15), ("KILL", 9)] {
        let run = program("cat", [""; 0]).code(-number).spawn();
        run.signal(signal);
        run.wait();
    }
}

#[test]
fn an_unprivileged_run_is_not_root_and_owns_its_home() {
    let home = Home::new();
    home.write("file", "");
    home.set_mode("file", 0);
    shell("test -O file && ! cat file; touch made")
        .home(&home)
        .unprivileged()
        .stderr_like("[..]denied\n")
        .run();
    assert_eq!(home.read("made"), "");
}

#[test]
fn a_run_that_does_not_end_is_killed() {
    let run = shell("echo started; exec cat")
        .limit(Duration::from_millis(50))
        .spawn();
    assert_eq!(run.read_line(), "started");
    let failure = failure_of(|| run.wait());
    assert_has(&failure, &["did not end within 50ms", "started"]);
}

#[test]
fn the_reader_of_standard_output_can_close_it() {
    let broken_pipe = -13;
    for (lines, stdout) in [(2, "y\ny\n"), (0, "")] {
        program("yes", [""; 0])
            .reader_leaves_after(lines)
            .stdout(stdout)
            .code(broken_pipe)
            .run();
    }
}
