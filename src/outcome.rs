//! What came of one message.

use std::time::Duration;

use serde::Serialize;

use crate::api::{Action, Meaning};
use crate::client::{Answer, Cause};
use crate::exit::Exit;
use crate::message::Unsendable;
use crate::secret::Token;

/// What came of one message, with all that a report says of it.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// What was to be done.
    pub(crate) action: Action,
    /// The line of the input that the message starts on; none where it came from flags.
    pub(crate) line: Option<u64>,
    /// The message's ID, where it has one.
    pub(crate) object_id: Option<String>,
    /// The message's page, where it has one.
    pub(crate) account_id: Option<String>,
    /// What came of it.
    pub(crate) verdict: Verdict,
    /// How often it was sent.
    pub(crate) attempts: u32,
    /// From the first attempt to the end of the last.
    pub(crate) elapsed: Duration,
}

impl Outcome {
    /// The outcome of what was never sent; `verdict` says in which way.
    pub(crate) fn unsent(
        action: Action,
        line: Option<u64>,
        what: Unsendable,
        verdict: fn(String) -> Verdict,
    ) -> Self {
        Outcome {
            action,
            line,
            object_id: what.object_id,
            account_id: what.account_id,
            verdict: verdict(what.why),
            attempts: 0,
            elapsed: Duration::ZERO,
        }
    }

    /// Takes the token out, should somebody have put it into a message. What a server sent has none already.
    pub(crate) fn without(mut self, token: &Token) -> Self {
        let texts = [&mut self.object_id, &mut self.account_id];
        for text in texts.into_iter().flatten() {
            *text = token.redact(text);
        }
        match &mut self.verdict {
            Verdict::Answered(_) => {}
            Verdict::Unanswered { why, .. }
            | Verdict::Invalid(why)
            | Verdict::Skipped(why)
            | Verdict::NotSent(why) => *why = token.redact(why),
        }
        self
    }
}

/// What came of a message, and why.
#[derive(Debug, Clone)]
pub(crate) enum Verdict {
    /// Lexer answered.
    Answered(Answer),
    /// Lexer didn't answer; the text says why.
    Unanswered {
        /// What went wrong.
        cause: Cause,
        /// The same in words.
        why: String,
    },
    /// The message can't be sent as it is; the text says why.
    Invalid(String),
    /// There was nothing to send; the text says why.
    Skipped(String),
    /// The run stopped before its turn; the text says why.
    NotSent(String),
}

/// The one word for a verdict in JSON output and in the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Lexer took it.
    Accepted,
    /// Lexer said no.
    Rejected,
    /// Lexer refused the token.
    Unauthorized,
    /// No connection, or 429, 502, 503 or 504.
    Unavailable,
    /// Sent, and no answer came.
    Unknown,
    /// Not what the API needs, so not sent.
    Invalid,
    /// In the journal, or an event that carries no message for the action.
    Skipped,
    /// The run stopped first.
    NotSent,
}

impl Verdict {
    /// The word for it.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Verdict::Answered(answer) => match Meaning::of(answer.status) {
                Meaning::Accepted => Kind::Accepted,
                Meaning::Rejected => Kind::Rejected,
                Meaning::Unauthorized => Kind::Unauthorized,
                Meaning::Unavailable => Kind::Unavailable,
            },
            Verdict::Unanswered { cause, .. } if cause.may_have_arrived() => Kind::Unknown,
            Verdict::Unanswered { .. } => Kind::Unavailable,
            Verdict::Invalid(_) => Kind::Invalid,
            Verdict::Skipped(_) => Kind::Skipped,
            Verdict::NotSent(_) => Kind::NotSent,
        }
    }

    /// The status of the answer, where there was one.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Verdict::Answered(answer) => Some(answer.status),
            _ => None,
        }
    }

    /// Whether sending it again, as it is, can come to something else.
    pub(crate) fn is_retryable(&self) -> bool {
        match self {
            Verdict::Unanswered { cause, .. } => cause.is_retryable(),
            other => matches!(other.kind(), Kind::Unavailable | Kind::NotSent),
        }
    }
}

impl Kind {
    /// Whether nothing is left to do about the message.
    pub(crate) fn is_ok(self) -> bool {
        matches!(self, Kind::Accepted | Kind::Skipped)
    }

    /// The exit code of a run in which this was the worst.
    pub(crate) fn exit(self) -> Exit {
        match self {
            // What stopped the run decides about the exit code of what it left unsent.
            Kind::Accepted | Kind::Skipped | Kind::NotSent => Exit::Success,
            Kind::Rejected => Exit::Refused,
            Kind::Unauthorized => Exit::Unauthorized,
            Kind::Unavailable | Kind::Unknown => Exit::Unavailable,
            Kind::Invalid => Exit::Usage,
        }
    }
}
