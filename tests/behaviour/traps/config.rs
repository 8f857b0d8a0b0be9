//! `LEXBOT_CONFIG` that names what is no configuration file, and one that others can read.

use std::os::unix::fs::symlink;
use std::time::Duration;

use super::make_pipe;
use crate::example::{FLAGS, claim, claim_of};
use crate::home::{set_mode, skipped};
use crate::support::{Home, Reply, Server, TOKEN, lexbot};

/// Asserts that each command that reads the file ends at once, with code 3 and this error.
#[track_caller]
fn assert_unreadable(home: &Home, path: &str, why: &str, hint: &str) {
    for args in [
        [&["claim"][..], &FLAGS].concat(),
        [&["echo", "--dry-run"][..], &FLAGS].concat(),
        vec!["check"],
        vec!["config", "show"],
    ] {
        lexbot(args)
            .home(home)
            .base_url("http://127.0.0.1:9")
            .env("LEXBOT_CONFIG", path)
            .stderr(format!("error: cannot read {path}: {why}\nhint: {hint}\n"))
            .code(3)
            .limit(Duration::from_secs(10))
            .run();
    }
}

#[test]
fn what_is_no_file_is_told_without_waiting_for_it() {
    let home = Home::new();
    make_pipe(&home, "pipe");
    home.write("file", "");
    symlink("loop", home.path().join("loop")).unwrap();
    symlink("pipe", home.path().join("link")).unwrap();
    let long = "x".repeat(300);
    let other_file = "name a configuration file with --config or LEXBOT_CONFIG";
    for (path, why) in [
        (".", "it is a directory"),
        ("pipe", "it is not a regular file"),
        ("link", "it is not a regular file"),
        ("file/config.toml", "not a directory"),
        ("loop", "too many levels of symbolic links"),
        (&long, "file name too long"),
    ] {
        assert_unreadable(&home, path, why, other_file);
    }
    #[cfg(target_os = "linux")]
    for path in ["/dev/full", "/dev/zero", "/dev/stdin"] {
        assert_unreadable(&home, path, "it is not a regular file", other_file);
    }
}

#[test]
fn a_file_without_the_right_to_read_it_is_told() {
    let home = Home::new();
    let path = home.write("config.toml", "");
    set_mode(&path, 0);
    if std::fs::read(&path).is_ok() {
        return skipped("this user can read everything");
    }
    assert_unreadable(
        &home,
        "config.toml",
        "permission denied",
        "give yourself the right to read it, or name another file with --config",
    );
}

#[test]
fn nothing_of_a_file_that_is_something_else_is_shown() {
    let home = Home::new();
    home.write(
        "key",
        format!("-----BEGIN PRIVATE KEY-----\n{TOKEN}\n-----END PRIVATE KEY-----\n"),
    );
    // The harness looks for the token.
    lexbot(["check"])
        .home(&home)
        .base_url("http://127.0.0.1:9")
        .env("LEXBOT_CONFIG", "key")
        .stderr_like("error: key:1:[..]: [..]\nhint: [..]\n")
        .code(3)
        .run();
}

#[test]
fn a_file_with_a_token_that_others_can_read_is_warned_of_and_used() {
    let home = Home::new();
    let path = home.config_path();
    home.write_config(&format!(
        "[profiles.default]\ntoken = '{TOKEN}'\nclient_id = 123\n"
    ));
    let shown = path.display();
    for (mode, warned) in [(0o600, false), (0o640, true), (0o604, true), (0o644, true)] {
        set_mode(&path, mode);
        let server = Server::answering([Reply::created()]);
        claim()
            .home(&home)
            .env("LEXBOT_BASE_URL", server.url())
            .stdout("201 m_1 claimed\n")
            .stderr(if warned {
                format!(
                    "warning: other users can read the token in {shown}; close it to them: chmod 600 {shown}\n"
                )
            } else {
                String::new()
            })
            .run();
        server.received([claim_of("m_1")]);
        assert_eq!(home.mode(&path), mode, "left as it was");
    }
}

#[test]
fn the_warned_of_command_mends_it_wherever_the_file_is() {
    let home = Home::new();
    let path = home.write(
        "it's a $(place)/c.toml",
        "[profiles.default]\ntoken = 'x'\n",
    );
    set_mode(&path, 0o644);
    let run = || {
        lexbot(["config", "show"])
            .home(&home)
            .env("LEXBOT_CONFIG", &path)
            .stdout_like("...")
    };
    let warning = run().stderr_like("warning: [..]\n").run().stderr;
    let (_, command) = warning.trim_end().rsplit_once(": ").unwrap();
    crate::support::program("sh", ["-c", command])
        .home(&home)
        .run();
    assert_eq!(home.mode(&path), 0o600);
    run().run();
}
