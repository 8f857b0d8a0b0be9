//! `token_command`: which of its output is the token, when it is run, and what is told when it fails.

use crate::example::{CLAIM, FLAGS, claim, claim_of, line};
use crate::support::{Home, Output, Reply, Request, Run, Server, TOKEN, lexbot};

/// A run whose profile has this `token_command`, for `server`.
fn with_command(run: Run, command: &str, server: &Server) -> Run {
    // A string of JSON is one of TOML too.
    let command = serde_json::Value::from(command);
    run.config(&format!(
        "[profiles.default]\nclient_id = 123\ntoken_command = {command}\n"
    ))
    .env("LEXBOT_BASE_URL", server.url())
}

/// A command that prints the token and counts its runs in the file `runs`.
fn counting() -> String {
    format!("echo run >>\"$HOME/runs\"; echo {TOKEN}; echo login: ana")
}

/// How often [`counting`] was run.
fn runs(home: &Home) -> usize {
    let path = home.path().join("runs");
    if path.exists() {
        home.read(path).lines().count()
    } else {
        0
    }
}

/// Asserts that `command` gives no token: nothing is sent, and this is the error after the setting's name.
#[track_caller]
fn assert_fails(command: &str, error: &str, hint: &str) -> Output {
    let home = Home::new();
    let server = Server::answering([]);
    let output = with_command(claim(), command, &server)
        .home(&home)
        .stderr(format!(
            "error: token_command of profile \"default\" in {}{error}\nhint: {hint}\n",
            home.config_path().display()
        ))
        .code(3)
        .run();
    server.received([]);
    assert_eq!(server.connections(), 0);
    output
}

#[test]
fn the_first_line_of_its_output_is_the_token() {
    for command in [
        format!("echo {TOKEN}"),
        format!("printf '%s' {TOKEN}"),
        format!("printf '%s\\r\\nlogin: ana\\nurl: lexer\\n' {TOKEN}"),
        format!("echo ' {TOKEN} '; echo careful >&2"),
        format!("A={TOKEN} && echo \"$A\" | cat"),
    ] {
        let server = Server::answering([Reply::created()]);
        with_command(claim(), &command, &server)
            .stdout("201 m_1 claimed\n")
            .run();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn it_has_no_part_in_standard_input() {
    let server = Server::answering([Reply::created()]);
    let command = format!("cat >\"$HOME/eaten\"; echo {TOKEN}");
    let home = Home::new();
    with_command(lexbot(["claim", "-i", "-", "-q"]), &command, &server)
        .home(&home)
        .stdin(line("m_1"))
        .run();
    server.received([claim_of("m_1")]);
    assert_eq!(home.read("eaten"), "");
}

#[test]
fn it_runs_once_however_many_messages_and_attempts_there_are() {
    let home = Home::new();
    let server = Server::answering([
        Reply::status(503, "Down").header("retry-after", "0"),
        Reply::created(),
        Reply::created(),
        Reply::created(),
    ]);
    let run = lexbot(["claim", "-i", "-", "-j", "1", "-q"]);
    with_command(run, &counting(), &server)
        .home(&home)
        .stdin([line("m_1"), line("m_2"), line("m_3")].join("\n"))
        .run();
    server.received(["m_1", "m_1", "m_2", "m_3"].map(claim_of));
    assert_eq!(runs(&home), 1);
}

#[test]
fn it_isn_t_run_where_no_token_is_needed() {
    let home = Home::new();
    let server = Server::answering([]);
    for args in [
        &["claim", "--dry-run"][..],
        &["claim", "--curl"],
        &["echo", "--dry-run"],
        &["config", "path"],
    ] {
        let flags = if args[0] == "config" { &[][..] } else { &FLAGS };
        with_command(lexbot(args).args(flags), &counting(), &server)
            .home(&home)
            .stdout_like("[..]\n")
            .run();
    }
    lexbot(["completions", "bash"])
        .home(&home)
        .stdout_like("...")
        .run();
    lexbot(["claim"])
        .home(&home)
        .code(2)
        .stderr_like("...")
        .run();
    server.received([]);
    assert_eq!(runs(&home), 0);
}

#[test]
fn it_isn_t_run_where_the_variable_has_the_token() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    with_command(claim(), &counting(), &server)
        .home(&home)
        .env("LEXBOT_TOKEN", "0ther")
        .stdout("201 m_1 claimed\n")
        .run();
    server.received([claim_of("m_1").header("auth-api-token", "0ther")]);
    assert_eq!(runs(&home), 0);
}

#[test]
fn it_isn_t_run_where_the_profile_has_a_token() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    claim()
        .home(&home)
        .config(&format!(
            "[profiles.default]\nclient_id = 123\ntoken = '{TOKEN}'\ntoken_command = 'echo run >>\"$HOME/runs\"'\n"
        ))
        .env("LEXBOT_BASE_URL", server.url())
        .stdout("201 m_1 claimed\n")
        .stderr_like("...")
        .run();
    server.received([Request::post(CLAIM).json(&crate::example::body("m_1"))]);
    assert_eq!(runs(&home), 0);
}

#[test]
fn its_failure_is_told_with_its_code_and_its_complaint() {
    let again = "run the command by itself to see what it needs";
    assert_fails(
        &format!("echo {TOKEN}; echo 'gpg: no key' >&2; exit 3"),
        " failed with exit code 3: gpg: no key",
        again,
    );
    assert_fails("exit 1", " failed with exit code 1", again);
    assert_fails("kill -9 $$", " failed with signal: 9 (SIGKILL)", again);
    // Each shell has its own words for this.
    let server = Server::answering([]);
    with_command(claim(), "no-such-program-here show lexer", &server)
        .stderr_like(
            "error: token_command of profile \"default\" in [..] failed with exit code 127: [..]no-such-program-here[..]\nhint: [..]\n",
        )
        .code(3)
        .run();
    server.received([]);
}

#[test]
fn a_complaint_can_t_act_on_a_terminal_and_is_not_endless() {
    let output = assert_fails_like("printf '\\033[31mno\\nkey\\342\\200\\256' >&2; exit 2");
    assert!(
        output
            .stderr
            .contains("exit code 2: \\u{1b}[31mno key\\u{202e}\n"),
        "{}",
        output.stderr
    );
    let output = assert_fails_like("printf '%0999999d' 0 >&2; exit 2");
    assert!(output.stderr.len() < 1000, "{}", output.stderr.len());
}

#[track_caller]
fn assert_fails_like(command: &str) -> Output {
    let server = Server::answering([]);
    let output = with_command(claim(), command, &server)
        .stderr_like("error: token_command [..]\nhint: [..]\n")
        .code(3)
        .run();
    server.received([]);
    output
}

#[test]
fn output_that_is_no_token_is_refused_and_not_shown() {
    let first_line = "the first line that it prints must be the token";
    for (command, error) in [
        ("true", "the token is empty"),
        ("echo; echo s3cond", "the token is empty"),
        (
            "printf 's3\\001cret'",
            "the token has a character that can't be sent in an HTTP header",
        ),
        (
            "printf '\\377\\376s3cret'",
            "the token has a character that can't be sent in an HTTP header",
        ),
    ] {
        let output = assert_fails(command, &format!(": {error}"), first_line);
        assert!(!output.stderr.contains("s3"), "{}", output.stderr);
    }
}

#[test]
fn what_it_prints_besides_the_token_is_never_shown() {
    let server = Server::always(Reply::status(500, "Oops"));
    let command = format!("echo {TOKEN}; echo s3cond; echo s3aside >&2");
    for args in [&["-v"][..], &["--json"], &["-q"]] {
        let output = with_command(claim().args(args), &command, &server)
            .stdout_like("...")
            .stderr_like("...")
            .code(1)
            .run();
        let printed = output.stdout + &output.stderr;
        assert!(!printed.contains("s3"), "{printed}");
    }
    server.ignore_requests();
}

#[test]
fn a_token_that_it_complains_with_is_not_shown() {
    // The harness fails a run that shows the token.
    for command in [
        format!("set -x; echo {TOKEN}; exit 1"),
        format!("echo {TOKEN}; echo \"can't use {TOKEN}\" >&2; exit 1"),
        TOKEN.to_owned(),
        format!(" {TOKEN} "),
    ] {
        assert_fails_like(&command);
    }
}
