//! Turns JSON values into the request bodies that the API takes.
//!
//! `expand` finds the messages in one value: `body` reads message bodies, `webhook` and `send_response` read Meta's
//! formats, `wrapped_payload` finds messages inside other values. `json` takes objects and arrays apart. `published_at`
//! reads times, and `local_time` explains those that lack an offset. A message that the API wouldn't take is invalid and
//! never leaves this module as a `Message`.

#![expect(
    clippy::result_large_err,
    reason = "a message that isn't sent has as many IDs as one that is"
)]

mod body;
mod expand;
mod json;
mod local_time;
mod published_at;
mod send_response;
mod webhook;
mod wrapped_payload;

pub(crate) use body::{NO_ACCOUNT_ID, message};
pub(crate) use expand::expand;
#[cfg(test)]
pub(crate) use json::MAX_SHOWN;
pub(crate) use json::{compact, truncated};
pub(crate) use published_at::PublishedAt;
pub(crate) use webhook::NO_PAGE;

use crate::api_facts::Action;
use crate::error::CliError;
use crate::outcome::Outcome;
use crate::token::Token;

/// A message that is ready to be sent, or one that is not sent.
pub(crate) type Expanded = Result<Message, NotSent>;

/// A function that gets each message and event of a value, in order. An error ends the value.
type Take<'a> = &'a mut dyn FnMut(Expanded) -> anyhow::Result<()>;

/// What identifies a message, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ids {
    /// The Messenger message ID.
    pub(crate) object_id: Option<String>,
    /// The Facebook page ID.
    pub(crate) account_id: Option<String>,
    /// When it was sent, as JSON.
    pub(crate) published_at: Option<String>,
    /// The customer's ID, if the message comes from a webhook.
    pub(crate) customer_id: Option<String>,
}

impl Ids {
    /// Removes IDs that contain the token. If there are any, returns why the message can't be sent.
    fn remove_token(&mut self, token: &Token) -> Option<String> {
        let mut reason = None;
        for (name, id) in [
            ("object_id", &mut self.object_id),
            ("account_id", &mut self.account_id),
            ("published_at", &mut self.published_at),
            ("the customer's ID", &mut self.customer_id),
        ] {
            if id.as_ref().is_some_and(|id| token.is_in(id)) {
                *id = None;
                reason.get_or_insert_with(|| format!("{name} contains the API token"));
            }
        }
        reason
    }
}

/// A message that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// What to tell Lexer.
    pub(crate) action: Action,
    /// Its IDs. Those in the body are always known unless validation is off.
    pub(crate) ids: Ids,
    /// The request body, as compact JSON.
    pub(crate) body: String,
}

impl Message {
    /// The customer whose message this is, if it is to be claimed.
    pub(crate) fn customer_to_claim(&self) -> Option<&str> {
        let customer = self.ids.customer_id.as_deref();
        customer.filter(|_| self.action == Action::Claim)
    }

    /// This message as one that is not sent.
    pub(crate) fn not_sent(&self, outcome: Outcome, reason: &str) -> NotSent {
        NotSent {
            action: Some(self.action),
            ids: self.ids.clone(),
            outcome,
            ..reason.into()
        }
    }
}

/// A message, event or value that is not sent.
#[derive(Debug)]
pub(crate) struct NotSent {
    /// What Lexer would be told; `None` if that is unknown, or nothing.
    pub(crate) action: Option<Action>,
    /// Its IDs, as far as they are known.
    pub(crate) ids: Ids,
    /// `Invalid`, `Skipped` or `NotSent`.
    pub(crate) outcome: Outcome,
    /// Why it is not sent.
    pub(crate) reason: String,
    /// The error that ends the run, if it can't go on.
    pub(crate) error: Option<CliError>,
}

impl NotSent {
    pub(crate) fn skipped(reason: impl Into<String>) -> Self {
        NotSent {
            outcome: Outcome::Skipped,
            ..reason.into().into()
        }
    }
}

/// Something invalid, with the reason why.
impl<S: Into<String>> From<S> for NotSent {
    fn from(reason: S) -> Self {
        NotSent {
            action: None,
            ids: Ids::default(),
            outcome: Outcome::Invalid,
            reason: reason.into(),
            error: None,
        }
    }
}

/// Removes IDs that contain the token: they may neither be printed nor altered. A message without its ID can't be told
/// from others, so it is invalid. Redacts the token in the error that ends the run.
pub(crate) fn without_token(mut expanded: Expanded, token: &Token) -> Expanded {
    let reason = ids_of(&mut expanded).remove_token(token);
    match (expanded, reason) {
        (Ok(message), Some(reason)) => Err(message.not_sent(Outcome::Invalid, &reason)),
        (Err(not_sent), _) => Err(NotSent {
            error: not_sent.error.map(|error| error.without(token)),
            ..not_sent
        }),
        (expanded, _) => expanded,
    }
}

fn ids_of(expanded: &mut Expanded) -> &mut Ids {
    match expanded {
        Ok(message) => &mut message.ids,
        Err(not_sent) => &mut not_sent.ids,
    }
}

/// How values are turned into messages. `source` and `state` need no defaults: each has only one valid value.
#[derive(Debug, Clone)]
pub(crate) struct ExpandOptions {
    /// Whether messages are claimed or echoed; `None`: each event says which.
    pub(crate) action: Option<Action>,
    /// The time of messages without one, from `--published-at`.
    pub(crate) published_at: Option<PublishedAt>,
    /// The page of messages without one, from `--account-id`, the environment or the profile.
    pub(crate) account_id: Option<String>,
    /// Whether values are checked. If not, each value is sent as it is.
    pub(crate) validate: bool,
    /// Whether events in `standby` are treated like those in `messaging`.
    pub(crate) standby: bool,
    /// The bot's own app, the only one whose echoes are sent, or "any".
    pub(crate) app_id: Option<String>,
    /// Whether a message to claim must name its customer.
    pub(crate) needs_customer: bool,
}

#[cfg(test)]
mod tests;
