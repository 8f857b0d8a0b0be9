//! A message: from flags and JSON to the body that the API takes.
//!
//! `fields` takes a JSON object apart, `body` makes the API's body of it, `published_at` reads times, `compact`
//! writes JSON without white space, and `expand` finds the messages in a value of the input.
//! What is missing or wrong makes a message invalid here, before anything is sent.

mod body;
mod compact;
mod expand;
mod fields;
mod published_at;
mod sent;
mod values;
mod webhook;

pub(crate) use body::NO_ACCOUNT_ID;
pub(crate) use compact::compact;
pub(crate) use expand::{Item, Rules, Unsendable, each_item};
pub(crate) use published_at::PublishedAt;

/// A message that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The Messenger message ID; unknown only where nothing was validated.
    pub(crate) object_id: Option<String>,
    /// The Facebook page ID; unknown only where nothing was validated.
    pub(crate) account_id: Option<String>,
    /// The request's body, as compact JSON.
    pub(crate) body: String,
}

impl Message {
    /// The message as one that isn't sent, and why.
    pub(crate) fn unsendable(&self, why: &str) -> Unsendable {
        Unsendable {
            object_id: self.object_id.clone(),
            account_id: self.account_id.clone(),
            why: why.to_owned(),
        }
    }
}

/// What fills the fields that a message lacks; `source` and `state` have one value only.
#[derive(Debug, Clone, Default)]
pub(crate) struct Defaults {
    /// From `--published-at`.
    pub(crate) published_at: Option<PublishedAt>,
    /// From `--account-id`, the environment or the profile.
    pub(crate) account_id: Option<String>,
}

/// Why a message can't be sent, for the reader.
pub(crate) type Invalid = String;
