//! What the sections of a command's man page hold, where it isn't an option.

use crate::cli::examples::{
    CHECK, CLAIM, COMPLETIONS, CONFIG, ECHO, Example, LEXBOT, PATH, SANDBOX, SET_TOKEN, SHOW,
};
use crate::cli::reference::{EXIT_CODES, Entry, FILES, VARIABLES};

/// A configuration file with each of its keys.
pub(super) const CONFIGURATION: &[&str] = &[
    "default_profile = \"acme\"",
    "",
    "[profiles.acme]",
    "token_command = \"pass show lexer/acme\"  # or: token = \"TOKEN\"",
    "client_id = 123",
    "account_id = \"112233445566\"",
    "base_url = \"https://clients.lexer.io/api/clients\"",
    "rate = 10                                # requests a second",
    "app_id = \"998877665544\"                  # echo only what this app sent",
];

/// The exit codes of the command `name`.
pub(super) fn exit_codes(name: &str) -> Vec<Entry> {
    match name {
        "check" => vec![
            ("0", "Lexer is reachable and accepts the token"),
            ("1", "Lexer, or somebody in its place, answered otherwise"),
            ("2", "wrong usage"),
            EXIT_CODES[3],
            EXIT_CODES[4],
            EXIT_CODES[5],
            EXIT_CODES[6],
        ],
        "config" | "show" | "path" => vec![
            ("0", "success"),
            ("2", "wrong usage"),
            (
                "3",
                "the configuration file can't be read, or a setting is wrong",
            ),
        ],
        "set-token" => vec![
            ("0", "the token is stored"),
            ("2", "wrong usage, or what was given is no token"),
            ("3", "the configuration file can't be read or written"),
            ("130", "interrupted at the prompt"),
        ],
        "sandbox" => vec![
            ("any", "that of COMMAND"),
            ("2", "wrong usage"),
            ("3", "the port or the temporary directory can't be used"),
            ("126", "COMMAND can't be run"),
            ("127", "COMMAND was not found"),
            EXIT_CODES[6],
        ],
        "completions" => vec![("0", "success"), ("2", "wrong usage")],
        _ => EXIT_CODES.to_vec(),
    }
}

/// The variables that the command `name` reads.
pub(super) fn variables(name: &str) -> Vec<Entry> {
    let reads = |variable: &str| match name {
        "completions" | "sandbox" => false,
        "path" => variable == "LEXBOT_CONFIG",
        "set-token" => matches!(variable, "LEXBOT_CONFIG" | "LEXBOT_PROFILE"),
        "config" | "show" => variable.starts_with("LEXBOT_"),
        _ => true,
    };
    let mut variables: Vec<Entry> = VARIABLES
        .iter()
        .filter(|(variable, _)| reads(variable) || *variable == "NO_COLOR")
        .copied()
        .collect();
    if name == "sandbox" {
        let made_up = "set for COMMAND: a made-up account, and a configuration file of its own";
        variables.insert(
            0,
            (
                "LEXBOT_BASE_URL, LEXBOT_TOKEN, LEXBOT_CLIENT_ID, LEXBOT_ACCOUNT_ID, LEXBOT_CONFIG",
                made_up,
            ),
        );
        variables.push(("TMPDIR", "where COMMAND's configuration file is, else /tmp"));
    }
    variables
}

/// The files that the command `name` reads or writes, where nothing names others.
pub(super) fn files(name: &str) -> Vec<Entry> {
    match name {
        "completions" => vec![
            (
                "/usr/share/bash-completion/completions/lexbot",
                "where the Debian package has the completions for bash",
            ),
            ("/usr/share/zsh/vendor-completions/_lexbot", "those for zsh"),
            (
                "/usr/share/fish/vendor_completions.d/lexbot.fish",
                "those for fish",
            ),
        ],
        "sandbox" => vec![(
            "/tmp/lexbot-sandbox-*/",
            "holds the settings of COMMAND while it runs",
        )],
        "config" | "show" | "path" | "set-token" => FILES.to_vec(),
        _ => {
            let pace = (
                "~/.cache/lexbot/",
                "the pace that all lexbot processes with one token share (or below XDG_CACHE_HOME)",
            );
            [FILES, &[pace]].concat()
        }
    }
}

/// The examples of the command `name`.
pub(super) fn examples(name: &str) -> &'static [Example] {
    match name {
        "claim" => CLAIM,
        "echo" => ECHO,
        "check" => CHECK,
        "config" => CONFIG,
        "set-token" => SET_TOKEN,
        "show" => SHOW,
        "path" => PATH,
        "sandbox" => SANDBOX,
        "completions" => COMPLETIONS,
        _ => LEXBOT,
    }
}
