//! `lexbot sandbox -- COMMAND`: the command's environment, its end, and what is told of the inbox.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Output, Stdio};

use tempfile::TempDir;

use super::client::{Connection, lexbot, post};
use super::{BODY, CLAIM, ECHO, TOKEN};

/// Runs `lexbot sandbox` with `arguments` to its end.
fn run(arguments: &[&str]) -> Output {
    let home = TempDir::new().unwrap();
    lexbot(home.path())
        .arg("sandbox")
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

#[test]
fn the_command_finds_the_sandbox_in_its_environment_and_nothing_of_the_users_own() {
    let home = TempDir::new().unwrap();
    let output = lexbot(home.path())
        .env("LEXBOT_TOKEN", "a real one")
        .env("LEXBOT_PROFILE", "production")
        .args(["sandbox", "--client-id", "7", "--account-id", "41"])
        .args(["--account-id", "42", "--", "env"])
        .output()
        .unwrap();
    let mut variables: Vec<_> = text(&output.stdout)
        .lines()
        .filter_map(|line| line.strip_prefix("LEXBOT_"))
        .collect();
    variables.sort_unstable();
    let [account, base_url, client, config, token] = variables[..] else {
        panic!("{variables:?}");
    };
    assert_eq!(account, "ACCOUNT_ID=41");
    assert_eq!(client, "CLIENT_ID=7");
    assert_eq!(token, "TOKEN=sandbox-token");
    assert!(base_url.starts_with("BASE_URL=http://127.0.0.1:"));
    assert!(base_url.ends_with("/api/clients"));
    assert!(config.starts_with(&format!("CONFIG={}/", home.path().display())));
}

#[test]
fn the_config_file_does_not_exist_and_its_directory_lasts_as_long_as_the_command() {
    let home = TempDir::new().unwrap();
    let script = r#"test ! -e "$LEXBOT_CONFIG" && echo made > "$LEXBOT_CONFIG" && ls "$HOME""#;
    let output = lexbot(home.path())
        .args(["sandbox", "--", "sh", "-c", script])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).starts_with("lexbot-sandbox-"));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn what_the_inbox_received_is_told_after_the_command() {
    let home = TempDir::new().unwrap();
    let mut sandbox = lexbot(home.path())
        .args(["sandbox", "--rate", "0", "--"])
        .args(["sh", "-c", "echo $LEXBOT_BASE_URL; read line; exit 3"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(sandbox.stdout.take().unwrap());
    let mut base_url = String::new();
    stdout.read_line(&mut base_url).unwrap();

    let mut connection = Connection::to(base_url.trim_end());
    connection.exchange(&post(CLAIM, TOKEN, BODY));
    connection.exchange(&post(ECHO, TOKEN, &BODY.replace("m_1", "m_2")));
    connection.exchange(&post(CLAIM, "wrong", BODY));
    let output = sandbox.wait_with_output().unwrap();

    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    assert_eq!(
        text(&output.stderr),
        "sandbox: 3 requests: 1 message claimed, 1 echoed, 1 rejected\n\
         \x20 201 claim m_1 (page 42)\n\
         \x20 201 echo  m_2 (page 42)\n\
         \x20 401 claim m_1 (page 42): the token is wrong\n"
    );
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn the_lexbot_that_the_command_finds_is_this_one() {
    let home = TempDir::new().unwrap();
    let other = home.path().join("lexbot");
    fs::write(&other, "#!/bin/sh\necho another\n").unwrap();
    fs::set_permissions(&other, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", home.path().display());
    let version = concat!("lexbot ", env!("CARGO_PKG_VERSION"), "\n");
    for command in [
        &["lexbot", "--version"][..],
        &["sh", "-c", "lexbot --version"],
    ] {
        let output = lexbot(home.path())
            .env("PATH", &path)
            .args(["sandbox", "--"])
            .args(command)
            .output()
            .unwrap();
        assert_eq!(text(&output.stdout), version);
        assert_eq!(text(&output.stderr), "sandbox: 0 requests\n");
    }
}

#[test]
fn without_a_path_the_command_has_the_usual_one() {
    let home = TempDir::new().unwrap();
    let output = lexbot(home.path())
        .env_remove("PATH")
        .args(["sandbox", "--", "sh", "-c", "echo found"])
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout), "found\n");
}

#[test]
fn the_commands_end_is_the_sandboxs_end() {
    for (script, code) in [("exit 0", 0), ("exit 42", 42), ("kill -KILL $$", 137)] {
        let output = run(&["--", "sh", "-c", script]);
        assert_eq!(text(&output.stderr), "sandbox: 0 requests\n");
        assert_eq!(output.status.code(), Some(code), "{script}");
    }
}

#[test]
fn a_command_that_cannot_run_is_told_apart_from_one_that_failed() {
    let missing = run(&["--", "no-such-command"]);
    assert_eq!(missing.status.code(), Some(127));
    assert_eq!(
        text(&missing.stderr),
        "error: cannot run no-such-command: no such command\n\
         hint: check how it is spelled, and that its directory is on the PATH\n"
    );

    let missing = run(&["--", "/no/such/file"]);
    assert_eq!(missing.status.code(), Some(127));
    assert_eq!(
        text(&missing.stderr),
        "error: cannot run /no/such/file: no such file\n\
         hint: check the path; of a script, also the program that its first line names\n"
    );

    let home = TempDir::new().unwrap();
    let script = home.path().join("script");
    fs::write(&script, "#!/bin/sh\n").unwrap();
    let script = script.to_str().unwrap();
    let not_executable = run(&["--", script]);
    assert_eq!(not_executable.status.code(), Some(126));
    assert_eq!(
        text(&not_executable.stderr),
        format!(
            "error: cannot run {script}: permission denied\n\
             hint: make it executable: chmod +x {script}\n"
        )
    );
}

#[test]
fn ctrl_c_is_the_commands_and_the_sandbox_still_reports() {
    let output = run(&["--", "sh", "-c", "kill -INT $PPID; kill -INT $$"]);
    assert_eq!(text(&output.stderr), "sandbox: 0 requests\n");
    assert_eq!(output.status.code(), Some(130));
}

#[test]
fn a_request_to_terminate_is_passed_on_to_the_command() {
    let home = TempDir::new().unwrap();
    // `cat` waits for input that doesn't come: only a signal ends it.
    let mut sandbox = lexbot(home.path())
        .args(["sandbox", "--", "sh", "-c", "kill -TERM $PPID; exec cat"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input = sandbox.stdin.take();
    let output = sandbox.wait_with_output().unwrap();
    drop(input);
    assert_eq!(text(&output.stderr), "sandbox: 0 requests\n");
    assert_eq!(output.status.code(), Some(143));
}
