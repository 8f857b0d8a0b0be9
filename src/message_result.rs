//! The result of one message: what is printed and written to the journal.

use std::time::{Duration, SystemTime};

use crate::api_facts::{self, Action};
use crate::client::{Cause, RequestError, Response};
use crate::message::{Ids, NotSent};
use crate::outcome::Outcome;
use crate::token::Token;
use crate::value_part::Lines;

/// The result of one message.
#[derive(Debug, Clone)]
pub(crate) struct MessageResult {
    /// When the result was known.
    pub(crate) at: SystemTime,
    /// Whether the message is to be claimed or echoed; `None` for an event that is neither.
    pub(crate) action: Option<Action>,
    /// The input lines of the message's value; `None` for a message from flags.
    pub(crate) lines: Option<Lines>,
    /// Whether all results of that value are known.
    pub(crate) value_done: bool,
    /// The message's IDs, as far as it has any.
    pub(crate) ids: Ids,
    /// The outcome.
    pub(crate) outcome: Outcome,
    /// The response to the last attempt.
    pub(crate) response: Option<Response>,
    /// Why the last attempt got no response.
    pub(crate) cause: Option<Cause>,
    /// Why there is no response, or why the message was skipped; otherwise empty.
    pub(crate) reason: String,
    /// How many times the message was sent.
    pub(crate) attempts: u32,
    /// From the start of the first attempt to the end of the last.
    pub(crate) elapsed: Duration,
}

impl MessageResult {
    /// The result of a message that was never sent.
    pub(crate) fn not_sent(lines: Option<Lines>, message: NotSent) -> Self {
        MessageResult {
            at: SystemTime::now(),
            action: message.action,
            lines,
            value_done: true,
            ids: message.ids,
            outcome: message.outcome,
            response: None,
            cause: None,
            reason: message.reason,
            attempts: 0,
            elapsed: Duration::ZERO,
        }
    }

    /// The result of a message whose last attempt ended like this.
    pub(crate) fn sent(
        action: Action,
        lines: Option<Lines>,
        ids: Ids,
        last: Result<Response, RequestError>,
        attempts: u32,
        elapsed: Duration,
    ) -> Self {
        let outcome = outcome_of(&last);
        let (response, cause, reason) = match last {
            Ok(response) => (Some(response), None, String::new()),
            Err(error) => (None, Some(error.cause), error.message),
        };
        let message = NotSent {
            action: Some(action),
            ids,
            outcome,
            reason,
            error: None,
        };
        MessageResult {
            response,
            cause,
            attempts,
            elapsed,
            ..Self::not_sent(lines, message)
        }
    }

    /// The status of the response.
    pub(crate) fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Whether sending the same message again may have another outcome.
    pub(crate) fn is_retryable(&self) -> bool {
        self.cause.map_or(
            matches!(self.outcome, Outcome::Unavailable | Outcome::NotSent),
            Cause::is_retryable,
        )
    }

    /// Redacts the token in the reason, which may quote the input. Responses and IDs were checked before.
    pub(crate) fn without(mut self, token: &Token) -> Self {
        self.reason = token.redact(&self.reason);
        self
    }
}

/// The outcome of a message if this was its last attempt.
pub(crate) fn outcome_of(attempt: &Result<Response, RequestError>) -> Outcome {
    match attempt {
        Ok(response) => api_facts::outcome_of(response.status),
        Err(error) if error.cause.may_have_arrived() => Outcome::Unknown,
        Err(_) => Outcome::Unavailable,
    }
}
