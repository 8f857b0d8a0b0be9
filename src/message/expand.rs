//! What one JSON value of the input holds: a message body, a webhook payload, a Send API response, or an array
//! of values.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::fields::Fields;
use super::values::each_element;
use super::{Defaults, Invalid, Message, body, sent, webhook};
use crate::api::Action;

/// What a part of the input comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// To be sent.
    Message(Message),
    /// Meant to be sent, but it can't be.
    Invalid(Unsendable),
    /// Nothing to send for this action.
    Skipped(Unsendable),
}

/// What isn't sent, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Unsendable {
    /// Its message ID, where it has one.
    pub(crate) object_id: Option<String>,
    /// Its page, where it has one.
    pub(crate) account_id: Option<String>,
    /// Why it isn't sent.
    pub(crate) why: Invalid,
}

impl From<&str> for Unsendable {
    fn from(why: &str) -> Self {
        Unsendable {
            why: why.to_owned(),
            ..Unsendable::default()
        }
    }
}

/// How values become messages.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// What the messages are for.
    pub(crate) action: Action,
    /// What fills the fields that a message lacks.
    pub(crate) defaults: Defaults,
    /// Whether a value is looked at, or sent as it is.
    pub(crate) validate: bool,
    /// Whether events in standby are the bot's as well.
    pub(crate) standby: bool,
    /// The app whose echoes are the bot's; without it, every app's are.
    pub(crate) app_id: Option<String>,
}

/// Gives each item of `json` to `take`, in order. Stops at the first error of `take`.
pub(crate) fn each_item<E>(
    json: &str,
    rules: &Rules,
    now: DateTime<Utc>,
    take: &mut dyn FnMut(Item) -> Result<(), E>,
) -> Result<(), E> {
    if serde_json::from_str::<&RawValue>(json).is_err() {
        return take(Item::Invalid("this is not JSON".into()));
    }
    if rules.validate {
        each_value(json, rules, now, take)
    } else {
        take(Item::Message(as_it_is(json)))
    }
}

fn each_value<E>(
    json: &str,
    rules: &Rules,
    now: DateTime<Utc>,
    take: &mut dyn FnMut(Item) -> Result<(), E>,
) -> Result<(), E> {
    if json.trim_start().starts_with('[') {
        return each_element(json, &mut |element| each_value(element, rules, now, take));
    }
    let Some(fields) = Fields::parse(json) else {
        return take(Item::Invalid(
            "expected a JSON object, and this is none".into(),
        ));
    };
    if !body::has_known_field(&fields) {
        if fields.get("entry").is_some() {
            return webhook::each_event(&fields, rules, now, take);
        }
        if sent::is_send_response(&fields) {
            return take(sent::item(&fields, rules, now));
        }
    }
    take(
        match body::from_fields(&fields, rules.action, &rules.defaults, now) {
            Ok(message) => Item::Message(message),
            Err(why) => Item::Invalid(Unsendable {
                object_id: body::object_id(&fields).ok().flatten(),
                account_id: body::account_id(&fields).ok().flatten(),
                why,
            }),
        },
    )
}

fn as_it_is(json: &str) -> Message {
    let fields = Fields::parse(json).unwrap_or_default();
    Message {
        object_id: body::object_id(&fields).ok().flatten(),
        account_id: body::account_id(&fields).ok().flatten(),
        body: json.to_owned(),
    }
}
