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
    let [account, base_url, cache, client, config, token] = variables[..] else {
        panic!("{variables:?}");
    };
    assert_eq!(account, "ACCOUNT_ID=41");
    assert_eq!(client, "CLIENT_ID=7");
    assert_eq!(token, "TOKEN=sandbox-token");
    assert!(base_url.starts_with("BASE_URL=http://127.0.0.1:"));
    assert!(base_url.ends_with("/api/clients"));
    let temporary = format!("{}/tmp/", home.path().display());
    assert!(cache.starts_with(&format!("CACHE_DIR={temporary}")));
    assert!(config.starts_with(&format!("CONFIG={temporary}")));
}

#[test]
fn the_configuration_is_a_new_path_that_lasts_as_long_as_the_command() {
    let home = Home::new();
    sandbox_sh(r#"test ! -e "$LEXBOT_CONFIG" && echo made > "$LEXBOT_CONFIG" && ls "$TMPDIR""#)
        .home(&home)
        .stdout_like("lexbot-sandbox-[..]\n")
        .run();
    assert_eq!(home.names("tmp"), [""; 0]);
}

#[test]
fn the_user_s_cache_is_left_alone() {
    let home = Home::new();
    let script = "lexbot claim --object-id m_1 --published-at now && ls \"$LEXBOT_CACHE_DIR\"";
    lexbot(["sandbox", "--", "sh", "-c", script])
        .home(&home)
        .stdout_like("201 m_1 claimed\nrate-[..]\n")
        .stderr_like("sandbox: 1 request: 1 message claimed\n...")
        .run();
    assert_eq!(home.names("."), ["run", "tmp"]);
    assert_eq!(home.names("tmp"), [""; 0]);
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
fn a_signal_that_is_ignored_at_the_start_stays_ignored() {
    let lexbot = env!("CARGO_BIN_EXE_lexbot");
    let script = r#"trap '' HUP; exec "$0" sandbox -- sh -c 'kill -HUP $PPID $$; echo alive'"#;
    program("sh", ["-c", script, lexbot])
        .stdout("alive\n")
        .stderr(NO_REQUESTS)
        .run();
}

#[test]
fn an_empty_command_is_a_usage_error() {
    for args in [&["sandbox", "--"][..], &["sandbox", "--", "", "x"]] {
        lexbot(args)
            .stderr(
                "error: there is no command after --\n\
                 hint: lexbot sandbox -- COMMAND, or lexbot sandbox to run it until Ctrl-C\n",
            )
            .code(2)
            .run();
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
