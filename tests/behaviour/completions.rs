//! The completions of a lexbot with all its commands: those in `completions/` are up to date, and the shells use them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Home, lexbot, program, requires};

const FILES: [(&str, &str); 5] = [
    ("bash", "lexbot.bash"),
    ("zsh", "_lexbot"),
    ("fish", "lexbot.fish"),
    ("powershell", "_lexbot.ps1"),
    ("elvish", "lexbot.elv"),
];

/// What is typed before the tab, and what the shell then offers.
const CASES: [(&str, &[&str]); 14] = [
    ("lexbot c", &["check", "claim", "completions", "config"]),
    ("lexbot config s", &["set", "set-token", "show"]),
    ("lexbot config set a", &["account_id", "app_id"]),
    ("lexbot config unset d", &["default_profile"]),
    ("lexbot claim --in", &["--input"]),
    ("lexbot claim --color a", &["always", "auto"]),
    ("lexbot claim --color n", &["never"]),
    ("lexbot completions p", &["powershell"]),
    ("lexbot claim --input mess", &["messages.ndjson"]),
    ("lexbot claim -i mess", &["messages.ndjson"]),
    ("lexbot echo --journal nig", &["night.journal"]),
    ("lexbot check --config oth", &["other.toml"]),
    ("lexbot config path --config oth", &["other.toml"]),
    // Not a file.
    ("lexbot claim --object-id mess", &[]),
];

#[test]
fn completion_files_are_up_to_date() {
    for (shell, file) in FILES {
        let script = lexbot(["completions", shell])
            .stdout_like("...")
            .run()
            .stdout;
        let path = directory().join(file);
        if std::env::var_os("LEXBOT_BLESS").is_some() {
            fs::write(&path, &script).expect("completions/ can be written to");
        }
        assert!(
            fs::read_to_string(&path).expect("a file of completions") == script,
            "completions/{file} is stale; to write it anew: LEXBOT_BLESS=1 cargo test completions"
        );
    }
}

#[test]
fn bash_completes() {
    completes("bash", "capture.bash", "lexbot.bash");
}

#[test]
fn zsh_completes() {
    completes("zsh", "capture.zsh", "");
}

#[test]
fn fish_completes() {
    completes("fish", "capture.fish", "lexbot.fish");
}

/// Runs every case with `shell`: `script` gets the path of the completions and what was typed.
fn completes(shell: &str, script: &str, completions: &str) {
    if !requires(shell) {
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/behaviour/completions")
        .join(script);
    let completions = directory().join(completions);
    let home = Home::new();
    for file in ["messages.ndjson", "night.journal", "other.toml"] {
        home.write(file, "");
    }
    for (typed, expected) in CASES {
        let arguments = [script.as_os_str(), completions.as_os_str(), typed.as_ref()];
        let printed = program(shell, arguments)
            .home(&home)
            .stdout_like("...")
            .run()
            .stdout;
        // For a value that it can't complete, bash gets back what was typed.
        let mut offered: Vec<&str> = printed
            .lines()
            .filter(|line| !line.is_empty() && !typed.ends_with(&format!(" {line}")))
            .collect();
        offered.sort_unstable();
        offered.dedup();
        assert_eq!(offered, *expected, "{shell}: {typed}");
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("completions")
}
