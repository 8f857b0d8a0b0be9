//! Help, for a person who is new to lexbot or has mistyped.

use crate::support::lexbot;

/// Every command.
const COMMANDS: &[&[&str]] = &[
    &[],
    &["claim"],
    &["echo"],
    &["relay"],
    &["check"],
    &["config"],
    &["config", "set-token"],
    &["config", "remove-token"],
    &["config", "set"],
    &["config", "unset"],
    &["config", "show"],
    &["config", "path"],
    #[cfg(feature = "sandbox")]
    &["sandbox"],
    &["completions"],
];

/// The maximum width of help.
const WIDTH: usize = 100;

/// The maximum length of the short help.
const SCREENFUL: usize = 41;

fn help(command: &[&str], flag: &str) -> String {
    lexbot(command).args([flag]).stdout_like("...").run().stdout
}

fn headings(help: &str) -> Vec<&str> {
    help.lines()
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.strip_suffix(':'))
        .collect()
}

fn widest(text: &str) -> usize {
    text.lines()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or_default()
}

#[test]
fn help_fits_the_screen() {
    for command in COMMANDS {
        let (short, long) = (help(command, "-h"), help(command, "--help"));
        assert!(short.lines().count() <= SCREENFUL, "{command:?}:\n{short}");
        assert!(widest(&short) <= WIDTH, "{command:?}:\n{short}");
        assert!(widest(&long) <= WIDTH, "{command:?}:\n{long}");
    }
}

#[test]
fn help_follows_a_narrower_terminal() {
    let narrow = lexbot(["claim", "-h"])
        .env("COLUMNS", "72")
        .stdout_like("...")
        .run()
        .stdout;
    assert!(widest(&narrow) <= 72, "{narrow}");
}

#[test]
fn options_are_grouped_and_examples_come_last() {
    assert_eq!(
        headings(&help(&["claim"], "--help")),
        [
            "Options",
            "Message",
            "Input",
            "Sending",
            "Connection",
            "Output",
            "Examples"
        ]
    );
    assert_eq!(
        headings(&help(&["config", "set-token"], "--help")),
        ["Options", "Connection", "Stored with the token", "Examples"]
    );
    assert_eq!(
        headings(&help(&[], "--help")),
        [
            "Commands",
            "Options",
            "Examples",
            "Exit codes",
            "Environment",
            "Files"
        ]
    );
    for command in COMMANDS {
        let long = help(command, "--help");
        assert!(
            headings(&long).contains(&"Examples"),
            "{command:?}:\n{long}"
        );
    }
}

#[test]
fn a_missing_command_prints_help_and_fails() {
    for command in [&[][..], &["config"]] {
        lexbot(command).stderr(help(command, "-h")).code(2).run();
    }
}

#[test]
fn help_ends_quietly_if_stdout_is_closed() {
    lexbot(["--help"]).reader_leaves_after(0).code(141).run();
}

#[test]
fn help_needs_no_settings() {
    lexbot(["claim", "--help"])
        .config("not TOML")
        .env("LEXBOT_CLIENT_ID", "not a number")
        .stdout(help(&["claim"], "--help"))
        .run();
}
