//! `lexbot sandbox -- COMMAND`: the command's environment, its end, and the report of the inbox.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::client::{Connection, post};
use super::{BODY, CLAIM, ECHO, TOKEN};
use crate::support::{Home, Run, lexbot};

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
fn the_command_finds_the_sandbox_and_no_settings_of_the_user() {
    let home = Home::new();
    let output = lexbot(["sandbox", "--client-id", "7", "--account-id", "41"])
        .args(["--account-id", "42", "--", "env"])
        .home(&home)
        .env("LEXBOT_TOKEN", "a real one")
        .env("LEXBOT_PROFILE", "production")
        .stdout_like("...")
        .stderr(NO_REQUESTS)
        .run();
    let lines = output.stdout.lines();
    let mut variables: Vec<_> = lines
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
    assert!(config.starts_with(&format!("CONFIG={}/tmp/", home.path().display())));
}

#[test]
fn the_configuration_is_a_new_path_that_lasts_as_long_as_the_command() {
    let home = Home::new();
    sandbox_sh(r#"test ! -e "$LEXBOT_CONFIG" && echo made > "$LEXBOT_CONFIG" && ls "$TMPDIR""#)
        .home(&home)
        .stdout_like("lexbot-sandbox-[..]\n")
        .run();
    let left = fs::read_dir(home.path().join("tmp")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn the_inbox_is_reported_after_the_command() {
    let script = "echo $LEXBOT_BASE_URL; read line; exit 3";
    let mut run = lexbot(["sandbox", "--rate", "0", "--", "sh", "-c", script])
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
    run.close_stdin();
    run.wait();
}

#[test]
fn the_command_finds_this_lexbot() {
    let home = Home::new();
    let other = home.write("bin/lexbot", "#!/bin/sh\necho another\n");
    fs::set_permissions(&other, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", home.path().join("bin").display());
    for run in [
        sandbox(&["lexbot", "--version"]),
        sandbox_sh("lexbot --version"),
    ] {
        run.home(&home)
            .env("PATH", &path)
            .stdout(concat!("lexbot ", env!("CARGO_PKG_VERSION"), "\n"))
            .run();
    }
}

#[test]
fn without_a_path_the_command_has_the_usual_one() {
    sandbox_sh("echo found")
        .no_env("PATH")
        .stdout("found\n")
        .run();
}

#[test]
fn the_sandbox_exits_with_the_code_of_the_command() {
    for (script, code) in [
        ("exit 0", 0),
        ("exit 42", 42),
        ("kill -KILL $$", 137),
        // Ctrl-C goes to both: the command ends, and the sandbox still reports.
        ("kill -INT $PPID; kill -INT $$", 130),
    ] {
        sandbox_sh(script).code(code).run();
    }
}

#[test]
fn a_command_that_cannot_run_has_its_own_exit_code() {
    let home = Home::new();
    let script = home.write("script", "#!/bin/sh\n");
    let script = script.to_str().unwrap();
    for (command, code, error) in [
        (
            "no-such-command",
            127,
            "error: cannot run no-such-command: no such file or directory\n\
             hint: check the spelling and the PATH; for a script, also the interpreter in its first line\n",
        ),
        (
            "/no/such/file",
            127,
            "error: cannot run /no/such/file: no such file or directory\n\
             hint: check the spelling and the PATH; for a script, also the interpreter in its first line\n",
        ),
        (
            script,
            126,
            "error: cannot run {script}: permission denied\n\
             hint: make it executable: chmod +x {script}\n",
        ),
    ] {
        sandbox(&[command])
            .home(&home)
            .stderr(error.replace("{script}", script))
            .code(code)
            .run();
    }
}

#[test]
fn sigterm_is_passed_on_to_the_command() {
    // `cat` waits for input that never comes; only a signal ends it.
    sandbox_sh("kill -TERM $PPID; exec cat")
        .code(143)
        .spawn()
        .wait();
}

#[test]
fn lexbot_keeps_to_the_rate_of_the_sandbox() {
    let claims = r#"i=0; while [ $i -lt 15 ]; do i=$((i + 1))
        echo '{"object_id":"m_'$i'","published_at":1458692752478,"account_id":"42"}'; done | lexbot claim -i - -q"#;
    lexbot(["sandbox", "--", "sh", "-c", claims])
        .stderr_like("sandbox: 15 requests: 15 messages claimed\n...")
        .run();
}
