//! A configuration file that belongs to another user, or can't be read. `config.txt` has files of other kinds.

use crate::example::FLAGS;
use crate::support::{Home, lexbot};

#[test]
fn a_file_without_the_right_to_read_it_is_reported() {
    let home = Home::new();
    home.write("config.toml", "");
    home.set_mode("config.toml", 0);
    for run in [
        lexbot(["claim"]).args(FLAGS),
        lexbot(["echo", "--dry-run"]).args(FLAGS),
        lexbot(["check"]),
        lexbot(["config", "show"]),
    ] {
        run.home(&home)
            .env("LEXBOT_CONFIG", "config.toml")
            .unprivileged()
            .stderr(
                "error: cannot read config.toml: permission denied\n\
                 hint: correct that, or name another file with --config or LEXBOT_CONFIG\n",
            )
            .code(3)
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
