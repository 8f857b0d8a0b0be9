//! What became of a message, in one word: for JSON output, the summary and the exit code.

use serde::Serialize;

use crate::exit::Exit;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Lexer accepted it.
    Accepted,
    /// Lexer refused it.
    Rejected,
    /// Lexer refused the token.
    Unauthorized,
    /// No connection, or a status that another attempt can change.
    Unavailable,
    /// Sent, but no response came.
    Unknown,
    /// Not what the API needs, so not sent.
    Invalid,
    /// In the journal, or an event that has no message for the action.
    Skipped,
    /// The run stopped before it was sent.
    NotSent,
}

impl Outcome {
    /// Whether nothing is left to do about the message.
    pub(crate) const fn is_ok(self) -> bool {
        matches!(self, Outcome::Accepted | Outcome::Skipped)
    }

    /// The exit code of a run in which this was the worst.
    pub(crate) const fn exit(self) -> Exit {
        match self {
            // Whatever stopped the run decides the exit code of the messages that it left unsent.
            Outcome::Accepted | Outcome::Skipped | Outcome::NotSent => Exit::Success,
            Outcome::Rejected => Exit::Refused,
            Outcome::Unauthorized => Exit::Unauthorized,
            Outcome::Unavailable | Outcome::Unknown => Exit::Unavailable,
            Outcome::Invalid => Exit::Usage,
        }
    }
}
