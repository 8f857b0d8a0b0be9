//! Messages: from flags and JSON values to the request bodies that the API takes.
//!
//! `expand` finds the messages in one value of the input, with `webhook` and `send_response` for Meta's formats;
//! `fields` takes a JSON object apart, `body` builds the API's body from it, `published_at` reads times, `array`
//! goes through a list, and `compact` removes white space from JSON. A message that lacks something becomes invalid
//! here, before anything is sent.

mod array;
mod body;
mod compact;
mod expand;
mod fields;
mod published_at;
mod send_response;
mod webhook;

pub(crate) use body::NO_ACCOUNT_ID;
pub(crate) use compact::compact;
pub(crate) use expand::expand;
pub(crate) use published_at::PublishedAt;

use crate::api::Action;

/// What identifies a message, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ids {
    /// The Messenger message ID.
    pub(crate) object_id: Option<String>,
    /// The Facebook page ID.
    pub(crate) account_id: Option<String>,
}

/// A message that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its IDs; unknown only if nothing was validated.
    pub(crate) ids: Ids,
    /// The request body, as compact JSON.
    pub(crate) body: String,
}

impl Message {
    /// The same message as one that is not sent.
    pub(crate) fn not_sent(&self, reason: &str) -> NotSent {
        NotSent {
            ids: self.ids.clone(),
            reason: reason.to_owned(),
        }
    }
}

/// A message, event or value that is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct NotSent {
    /// Its IDs, as far as it has any.
    pub(crate) ids: Ids,
    /// Why it is not sent.
    pub(crate) reason: String,
}

impl From<String> for NotSent {
    fn from(reason: String) -> Self {
        NotSent {
            ids: Ids::default(),
            reason,
        }
    }
}

impl From<&str> for NotSent {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

/// A part of an input value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expanded {
    /// A message to send.
    Message(Message),
    /// A message that can't be sent as it is.
    Invalid(NotSent),
    /// An event that has nothing to send for this action.
    Skipped(NotSent),
}

/// How values become messages.
#[derive(Debug, Clone)]
pub(crate) struct ExpandOptions {
    /// What the messages are for.
    pub(crate) action: Action,
    /// Fills the fields that a message lacks.
    pub(crate) defaults: Defaults,
    /// Whether values are validated, or sent as they are.
    pub(crate) validate: bool,
    /// Whether events in `standby` count like those in `messaging`.
    pub(crate) standby: bool,
    /// The app whose echoes are the bot's; if `None`, every app's are.
    pub(crate) app_id: Option<String>,
}

/// Fills the fields that a message lacks. `source` and `state` have one valid value only.
#[derive(Debug, Clone, Default)]
pub(crate) struct Defaults {
    /// From `--published-at`.
    pub(crate) published_at: Option<PublishedAt>,
    /// From `--account-id`, the environment or the profile.
    pub(crate) account_id: Option<String>,
}
