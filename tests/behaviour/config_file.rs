//! Configuration files that another user may have put there: lexbot neither waits for them nor shows their content.

use std::time::Duration;

use crate::example::{FLAGS, claim, claim_of};
use crate::support::{Home, Reply, Run, Server, TOKEN, lexbot, program};

/// A run of each command that reads the configuration file at `path`: it ends at once, with code 3.
fn readers(home: &Home, path: &str) -> [Run; 4] {
    [
        lexbot(["claim"]).args(FLAGS),
        lexbot(["echo", "--dry-run"]).args(FLAGS),
        lexbot(["check"]),
        lexbot(["config", "show"]),
    ]
    .map(|run| {
        run.home(home)
            .base_url("http://127.0.0.1:9")
            .env("LEXBOT_CONFIG", path)
            .code(3)
            .limit(Duration::from_secs(10))
    })
}

#[test]
fn what_is_not_a_regular_file_is_refused_without_waiting_for_it() {
    let home = Home::new();
    home.write("file", "");
    let make = "mkfifo pipe; ln -s loop loop; ln -s pipe link";
    program("sh", ["-c", make]).home(&home).run();
    let long = "x".repeat(300);
    let mut refused = vec![
        (".", "it is a directory"),
        ("pipe", "it is not a regular file"),
        ("link", "it is not a regular file"),
        ("file/config.toml", "not a directory"),
        ("loop", "too many levels of symbolic links"),
        (&long, "file name too long"),
    ];
    if cfg!(target_os = "linux") {
        let devices = ["/dev/full", "/dev/zero", "/dev/stdin"];
        refused.extend(devices.map(|path| (path, "it is not a regular file")));
    }
    for (path, why) in refused {
        for run in readers(&home, path) {
            run.stderr(format!(
                "error: cannot read {path}: {why}\n\
                 hint: name a configuration file with --config or LEXBOT_CONFIG\n"
            ))
            .run();
        }
    }
}

#[test]
fn a_file_without_the_right_to_read_it_is_reported() {
    let home = Home::new();
    home.write("config.toml", "");
    home.set_mode("config.toml", 0);
    for run in readers(&home, "config.toml") {
        run.unprivileged()
            .stderr(
                "error: cannot read config.toml: permission denied\n\
                 hint: give yourself permission to read it, or name another file with --config\n",
            )
            .run();
    }
}

/// The harness fails a run that shows the token.
#[test]
fn nothing_of_another_kind_of_file_is_shown() {
    let home = Home::new();
    home.write(
        "key",
        format!("-----BEGIN PRIVATE KEY-----\n{TOKEN}\n-----END PRIVATE KEY-----\n"),
    );
    for run in readers(&home, "key") {
        run.stderr_like("error: key:1:[..]: [..]\nhint: [..]\n")
            .run();
    }
}

#[test]
fn a_token_that_others_can_read_causes_a_warning_and_is_used() {
    let home = Home::new();
    let path = home.config_path();
    let shown = path.display();
    let warning = format!(
        "warning: other users can read the token in {shown}; to prevent that: chmod 600 {shown}\n"
    );
    let token = format!("token = '{TOKEN}'\n");
    for (mode, setting, warning) in [
        (0o600, &*token, ""),
        (0o640, &token, &warning),
        (0o604, &token, &warning),
        (0o644, &token, &warning),
        (0o644, "", ""),
    ] {
        home.write_config(&format!("[profiles.default]\nclient_id = 123\n{setting}"));
        home.set_mode(&path, mode);
        let server = Server::answering([Reply::created()]);
        let run = claim().home(&home).env("LEXBOT_BASE_URL", server.url());
        let run = match setting {
            "" => run.env("LEXBOT_TOKEN", TOKEN),
            _ => run,
        };
        run.stdout("201 m_1 claimed\n").stderr(warning).run();
        server.received([claim_of("m_1")]);
        assert_eq!(home.mode(&path), mode, "left as it was");
    }
}

#[test]
fn the_command_in_the_warning_works_for_any_path() {
    let home = Home::new();
    let path = home.write(
        "it's a $(place)/c.toml",
        "[profiles.default]\ntoken = 'x'\n",
    );
    home.set_mode(&path, 0o644);
    let run = || {
        lexbot(["config", "show"])
            .home(&home)
            .env("LEXBOT_CONFIG", &path)
            .stdout_like("...")
    };
    let warning = run().stderr_like("warning: [..]\n").run().stderr;
    let (_, command) = warning.trim_end().rsplit_once(": ").unwrap();
    program("sh", ["-c", command]).home(&home).run();
    assert_eq!(home.mode(&path), 0o600);
    run().run();
}
