//! Configuration files of every kind: pipes are read, other kinds refused, and rights of other users reported.

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
fn what_cannot_be_a_configuration_is_refused() {
    let home = Home::new();
    home.write("file", "");
    let make = "ln -s loop loop; ln -s . link";
    program("sh", ["-c", make]).home(&home).run();
    let long = "x".repeat(300);
    let mut refused = vec![
        (".", "it is a directory"),
        ("link", "it is a directory"),
        ("file/config.toml", "not a directory"),
        ("loop", "too many levels of symbolic links"),
        (&long, "file name too long"),
    ];
    if cfg!(target_os = "linux") {
        let endless = ["/dev/full", "/dev/zero"];
        refused.extend(endless.map(|path| (path, "it is larger than 1 MiB")));
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

/// As in `lexbot --config <(pass show lexer)`.
#[test]
fn a_pipe_is_read_and_never_written() {
    let text = format!("[profiles.default]\nclient_id = 7\ntoken = '{TOKEN}'\n");
    let shown = format!(
        "...\nclient_id    7 [..]\n...\ntoken        …{} [..]\n...\n",
        &TOKEN[28..]
    );
    let home = Home::new();
    let show = |path: &str| {
        lexbot(["config", "show", "--config", path])
            .home(&home)
            .stdin(text.as_str())
            .stdout_like(shown.as_str())
    };
    show("/dev/stdin").run();
    home.write("text", &text);
    let script = "mkfifo pipe; (sleep 0.2; cat text >pipe) & exec \"$0\" config show --config pipe";
    program("sh", ["-c", script, env!("CARGO_BIN_EXE_lexbot")])
        .home(&home)
        .stdout_like(shown.as_str())
        .run();
    for path in ["pipe", "/dev/stdin"] {
        lexbot(["config", "set-token", "--config", path])
            .home(&home)
            .stdin(TOKEN)
            .stderr_like(format!(
                "error: cannot write {path}: it is not a regular file\nhint: [..]\n"
            ))
            .code(3)
            .run();
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

/// Who can change the file runs commands as the user, through `token_command`.
#[test]
fn a_file_or_directory_that_others_can_write_causes_a_warning() {
    let home = Home::new();
    let (file, directory) = ("lexbot/config.toml", "lexbot");
    home.write("real/c.toml", "");
    home.write("links/file", "");
    program("sh", ["-c", "ln -s ../real/c.toml links/c.toml"])
        .home(&home)
        .run();
    for (path, changed, mode, warned) in [
        (file, file, 0o600, false),
        (file, file, 0o644, false),
        (file, file, 0o660, true),
        (file, file, 0o602, true),
        (file, directory, 0o755, false),
        (file, directory, 0o770, true),
        (file, directory, 0o757, true),
        (file, directory, 0o1777, false),
        ("links/c.toml", "real", 0o777, true),
        ("links/c.toml", "links", 0o777, true),
        // Above the directory, others can replace it.
        ("links/c.toml", "", 0o777, true),
    ] {
        home.write(file, "[profiles.default]\ntoken_command = 'echo tok'\n");
        for (path, mode) in [
            (file, 0o600),
            ("real/c.toml", 0o600),
            (directory, 0o700),
            ("real", 0o700),
            ("links", 0o700),
            ("", 0o700),
        ] {
            home.set_mode(path, mode);
        }
        home.set_mode(changed, mode);
        let shown = if ["real", ""].contains(&changed) {
            home.path().join(changed).canonicalize().unwrap()
        } else {
            changed.into()
        };
        let shown = shown.display();
        let warning = format!(
            "warning: other users can write to {shown}, and so change where the token is sent and which commands \
             lexbot runs; to prevent that: chmod go-w {shown}\n"
        );
        lexbot(["config", "show", "--config", path])
            .home(&home)
            .stdout_like("...")
            .stderr(if warned { warning.as_str() } else { "" })
            .run();
    }
}

#[test]
fn a_file_or_directory_of_another_user_causes_a_warning() {
    // Only root can give a file away, and root's files are everybody's to trust.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    for changed in ["lexbot/config.toml", "lexbot"] {
        let home = Home::new();
        home.write_private("lexbot/config.toml", "");
        std::os::unix::fs::chown(home.path().join(changed), Some(65533), None).unwrap();
        lexbot(["config", "show", "--config", "lexbot/config.toml"])
            .home(&home)
            .stdout_like("...")
            .stderr(format!(
                "warning: {changed} belongs to another user, who can change where the token is sent and which commands \
                 lexbot runs\n"
            ))
            .run();
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
