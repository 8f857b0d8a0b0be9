//! `--journal`: the same command, run again until it exits 0, brings every message to Lexer.

mod contents;
#[cfg(unix)]
mod kills;
mod refusals;
mod resumption;

use crate::support::{Home, Run, lexbot};

/// The journal, seen from the home.
const JOURNAL: &str = "journal";

/// Sends what standard input holds with a journal in `home`, one message after the other.
fn with_journal(action: &str, home: &Home) -> Run {
    lexbot([
        action,
        "-i",
        "-",
        "--rate",
        "0",
        "-j",
        "1",
        "--retries",
        "0",
    ])
    .args(["--journal", JOURNAL])
    .home(home)
}
