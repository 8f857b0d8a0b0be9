//! Exit codes, environment variables and files: what all commands share. Printed at the end of `lexbot --help` and
//! in the man pages.

use std::fmt::Write as _;

use super::examples;
pub(super) use crate::exit::EXIT_CODES;

/// A name and what it means.
pub(super) type Entry = (&'static str, &'static str);

/// The environment variables. An empty one counts as unset.
pub(super) const VARIABLES: &[Entry] = &[
    ("LEXBOT_TOKEN", "the token"),
    ("LEXBOT_CLIENT_ID", "the client ID, as --client-id"),
    (
        "LEXBOT_ACCOUNT_ID",
        "the page where a message names none, as --account-id",
    ),
    ("LEXBOT_BASE_URL", "the API's base URL, as --base-url"),
    ("LEXBOT_PROFILE", "the profile, as --profile"),
    ("LEXBOT_CONFIG", "the configuration file, as --config"),
    (
        "HTTPS_PROXY, ALL_PROXY, HTTP_PROXY",
        "the proxy for https; the first that is set counts",
    ),
    ("NO_PROXY", "hosts that are reached without a proxy"),
    (
        "SSL_CERT_FILE",
        "the authorities to trust in place of the system's (not on macOS and Windows)",
    ),
    ("NO_COLOR", "no colour, unless with --color always"),
];

/// The files, where no option or variable names others.
pub(super) const FILES: &[Entry] = &[
    (
        "~/.config/lexbot/config.toml",
        "the configuration file (or below XDG_CONFIG_HOME)",
    ),
    (
        "~/Library/Application Support/lexbot/config.toml",
        "the same on macOS",
    ),
    (r"%APPDATA%\lexbot\config.toml", "the same on Windows"),
];

/// Where meanings begin, after the indent.
const COLUMN: usize = 19;

/// The end of `lexbot --help`.
pub(super) fn help() -> String {
    let mut text = examples(examples::LEXBOT);
    if cfg!(feature = "sandbox") {
        text.push_str(examples::PRACTISE);
    }
    text + &section("Exit codes:", EXIT_CODES)
        + &section("Environment:", VARIABLES)
        + &section("Files:", FILES)
}

/// `entries` in two columns; a long name has a line of its own.
pub(super) fn section(title: &str, entries: &[Entry]) -> String {
    let mut text = format!("\n\n{}", heading(title));
    for (name, meaning) in entries {
        let _ = if name.len() < COLUMN {
            write!(text, "\n  {name:COLUMN$}{meaning}")
        } else {
            write!(text, "\n  {name}\n  {:COLUMN$}{meaning}", "")
        };
    }
    text
}

/// The end of a command's `--help`: `text` is one of the constants in `examples`.
pub(super) fn examples(text: &str) -> String {
    format!("{}{text}", heading("Examples:"))
}

/// Styles `text` like the headings that clap prints. Without a terminal, clap removes the colours.
fn heading(text: &str) -> String {
    let style = *clap::builder::Styles::styled().get_header();
    format!("{style}{text}{style:#}")
}
