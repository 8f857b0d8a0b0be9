//! Configuration files of every kind: pipes are read, other kinds refused, and rights of other users reported.

use std::time::Duration;

use crate::example::FLAGS;
use crate::support::{Home, Run, lexbot};

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
