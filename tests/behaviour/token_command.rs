//! `token_command`: which part of its output is the token, when it is run, and what is reported when it fails.

use crate::example::{FLAGS, claim, claim_of, line};
use crate::support::{Home, Output, Reply, Run, SECRET, Server, TOKEN, lexbot};

/// A run whose profile has this `token_command`, for `server`.
fn with_command(run: Run, command: &str, server: &Server) -> Run {
    // A JSON string is also a TOML string.
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
    if home.path().join("runs").exists() {
        home.read("runs").lines().count()
    } else {
        0
    }
}

/// Asserts that `command` fails with what the pattern `error` matches and with this hint, that nothing is sent,
/// and that no output of the command is shown (which the harness does).
#[track_caller]
fn assert_fails(command: &str, error: &str, hint: &str) -> Output {
    let home = Home::new();
    let server = Server::answering([]);
    let file = home.config_path();
    let output = with_command(claim(), command, &server)
        .home(&home)
        .stderr_like(format!(
            "error: token_command of profile \"default\" in {}{error}\nhint: {hint}\n",
            file.display()
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
fn it_cannot_read_the_messages_on_standard_input() {
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
fn it_runs_once_for_all_messages_and_attempts() {
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
    // The others don't wait for the second attempt.
    server.received_in_any_order(["m_1", "m_1", "m_2", "m_3"].map(claim_of));
    assert_eq!(runs(&home), 1);
}

#[test]
fn it_does_not_run_where_no_token_is_needed() {
    let home = Home::new();
    let server = Server::answering([]);
    for (run, code) in [
        (lexbot(["claim", "--dry-run"]).args(FLAGS), 0),
        (lexbot(["claim", "--curl"]).args(FLAGS), 0),
        (lexbot(["echo", "--dry-run"]).args(FLAGS), 0),
        (lexbot(["config", "path"]), 0),
        (lexbot(["completions", "bash"]), 0),
        (lexbot(["claim"]).stderr_like("error: [..]\n..."), 2),
    ] {
        with_command(run, &counting(), &server)
            .home(&home)
            .stdout_like("...")
            .code(code)
            .run();
    }
    server.received([]);
    assert_eq!(runs(&home), 0);
}

#[test]
fn it_does_not_run_where_a_token_is_set() {
    let home = Home::new();
    let server = Server::answering([Reply::created(), Reply::created()]);
    let config = format!(
        "[profiles.default]\nclient_id = 123\ntoken = '{TOKEN}'\ntoken_command = 'echo run >>\"$HOME/runs\"'\n"
    );
    for run in [
        with_command(claim(), &counting(), &server).env("LEXBOT_TOKEN", "0ther"),
        with_command(claim(), "", &server)
            .config(&config)
            .stderr_like("..."),
    ] {
        run.home(&home).stdout("201 m_1 claimed\n").run();
    }
    server.received([
        claim_of("m_1").header("auth-api-token", "0ther"),
        claim_of("m_1"),
    ]);
    assert_eq!(runs(&home), 0);
}

#[test]
fn its_failure_is_reported_with_its_exit_code_and_its_message() {
    for (command, error) in [
        (
            &format!("echo {TOKEN}; echo 'gpg: no key' >&2; exit 3")[..],
            "exit code 3: gpg: no key",
        ),
        ("exit 1", "exit code 1"),
        ("kill -9 $$", "signal: 9 (SIGKILL)"),
        // Each shell has its own words for this.
        (
            "no-such-program-here show lexer",
            "exit code 127: [..]no-such-program-here[..]",
        ),
        // Characters that a terminal would obey are escaped, and line breaks removed.
        (
            "printf '\\033[31mno\\nkey\\342\\200\\256' >&2; exit 2",
            "exit code 2: \\u{1b}[31mno key\\u{202e}",
        ),
    ] {
        assert_fails(
            command,
            &format!(" failed with {error}"),
            "run the command by itself to see what it needs",
        );
    }
}

#[test]
fn a_long_message_of_a_failed_command_is_shortened() {
    let output = assert_fails("printf '%0999999d' 0 >&2; exit 2", " failed [..]", "[..]");
    assert!(output.stderr.len() < 1000, "{}", output.stderr.len());
}

#[test]
fn output_that_is_not_a_token_is_refused_and_not_shown() {
    const UNSENDABLE: &str = "the token has a character that can't be sent in an HTTP header";
    for (command, error) in [
        ("true", "the token is empty"),
        ("echo; echo s3cret", "the token is empty"),
        ("printf 's3cret\\001'", UNSENDABLE),
        ("printf '\\377\\376s3cret'", UNSENDABLE),
    ] {
        assert_fails(
            command,
            &format!(": {error}"),
            "the first line that it prints must be the token",
        );
    }
}

#[test]
fn its_other_output_is_never_shown() {
    let server = Server::always(Reply::status(500, "Oops"));
    let command = format!("echo {TOKEN}; echo {SECRET}; echo {SECRET} >&2");
    for args in [&["-v"][..], &["--json"], &["-q"]] {
        with_command(claim().args(args), &command, &server)
            .stdout_like("...")
            .stderr_like("...")
            .code(1)
            .run();
    }
    server.ignore_requests();
}

#[test]
fn a_token_in_the_message_of_a_failed_command_is_not_shown() {
    for command in [
        format!("set -x; echo {TOKEN}; exit 1"),
        format!("echo {TOKEN}; echo \"can't use {TOKEN}\" >&2; exit 1"),
        TOKEN.to_owned(),
        format!(" {TOKEN} "),
    ] {
        assert_fails(&command, "[..]", "[..]");
    }
}
