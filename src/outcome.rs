//! The outcome of a message, in one word: for results, the summary and the exit code.

use std::fmt;

use serde::Serialize;

use crate::exit::Exit;

/// The outcome of a message. A summary lists outcomes in the order of these variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Lexer accepted it.
    Accepted,
    /// Lexer refused it.
    Rejected,
    /// Lexer refused the token.
    Unauthorized,
    /// No connection, or a status that may change with another attempt.
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
    /// Whether the message is done: another run need not send it.
    pub(crate) const fn is_ok(self) -> bool {
        matches!(self, Outcome::Accepted | Outcome::Skipped)
    }

    /// Whether there was an attempt to send the message.
    pub(crate) const fn was_sent(self) -> bool {
        !matches!(self, Outcome::Invalid | Outcome::Skipped | Outcome::NotSent)
    }

    /// Whether there was no final response.
    pub(crate) const fn is_failure(self) -> bool {
        matches!(self, Outcome::Unavailable | Outcome::Unknown)
    }

    /// The exit code of a run whose worst outcome this is.
    pub(crate) const fn exit(self) -> Exit {
        match self {
            // The reason for the stop decides the exit code of a run that left messages unsent.
            Outcome::Accepted | Outcome::Skipped | Outcome::NotSent => Exit::Success,
            Outcome::Rejected | Outcome::Invalid => Exit::Refused,
            Outcome::Unauthorized => Exit::Unauthorized,
            Outcome::Unavailable | Outcome::Unknown => Exit::Unavailable,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Accepted => "accepted",
            Outcome::Rejected => "rejected",
            Outcome::Unauthorized => "unauthorized",
            Outcome::Unavailable => "unavailable",
            Outcome::Unknown => "unknown",
            Outcome::Invalid => "invalid",
            Outcome::Skipped => "skipped",
            Outcome::NotSent => "not sent",
        })
    }
}
