//! `--journal`: the same command, run again until it exits 0, brings every message to Lexer.

mod failures;
mod kills;
mod resumption;

use crate::example::claim_input;
use crate::support::{Home, Run};

/// The journal, seen from the home.
const JOURNAL: &str = "journal";

/// Claims the messages of the input with a journal in `home`, one after the other.
fn claims(home: &Home) -> Run {
    claim_input().args(["--journal", JOURNAL]).home(home)
}
