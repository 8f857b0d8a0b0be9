//! What one JSON value of the input holds: a message, or an array of values.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserializer as _, de};
use serde_json::value::RawValue;

use super::fields::Fields;
use super::{Defaults, Invalid, Message, body};
use crate::api::Action;

/// A message of the input that can't be sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Unsendable {
    /// Its ID, where it has one.
    pub(crate) object_id: Option<String>,
    /// Its page, where it has one.
    pub(crate) account_id: Option<String>,
    /// Why it can't be sent.
    pub(crate) why: Invalid,
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
}

/// Gives each message of `json` to `take`, in order. Stops at the first error of `take`.
pub(crate) fn each_message<E>(
    json: &str,
    rules: &Rules,
    now: DateTime<Utc>,
    take: &mut dyn FnMut(Result<Message, Unsendable>) -> Result<(), E>,
) -> Result<(), E> {
    if serde_json::from_str::<&RawValue>(json).is_err() {
        return take(Err(Unsendable {
            why: "this is not JSON".to_owned(),
            ..Unsendable::default()
        }));
    }
    if !rules.validate {
        return take(Ok(as_it_is(json)));
    }
    each_value(json, rules, now, take)
}

fn each_value<E>(
    json: &str,
    rules: &Rules,
    now: DateTime<Utc>,
    take: &mut dyn FnMut(Result<Message, Unsendable>) -> Result<(), E>,
) -> Result<(), E> {
    match json.trim_start().bytes().next() {
        Some(b'[') => each_element(json, &mut |element| each_value(element, rules, now, take)),
        Some(b'{') => take(message(json, rules, now)),
        _ => take(Err(Unsendable {
            why: "expected a JSON object, and this is none".to_owned(),
            ..Unsendable::default()
        })),
    }
}

fn message(json: &str, rules: &Rules, now: DateTime<Utc>) -> Result<Message, Unsendable> {
    let fields = Fields::parse(json).unwrap_or_default();
    body::from_fields(&fields, rules.action, &rules.defaults, now).map_err(|why| Unsendable {
        object_id: body::object_id(&fields).ok().flatten(),
        account_id: body::account_id(&fields).ok().flatten(),
        why,
    })
}

fn as_it_is(json: &str) -> Message {
    let fields = Fields::parse(json).unwrap_or_default();
    Message {
        object_id: body::object_id(&fields).ok().flatten(),
        account_id: body::account_id(&fields).ok().flatten(),
        body: json.to_owned(),
    }
}

/// Gives the text of each element of the array `json` to `take`, without keeping them: there may be millions.
fn each_element<E>(json: &str, take: &mut dyn FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    struct Elements<'t, E> {
        take: &'t mut dyn FnMut(&str) -> Result<(), E>,
        failed: &'t mut Option<E>,
    }
    impl<'de, E> Visitor<'de> for Elements<'_, E> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<S: SeqAccess<'de>>(self, mut elements: S) -> Result<(), S::Error> {
            while let Some(element) = elements.next_element::<&RawValue>()? {
                if let Err(error) = (self.take)(element.get()) {
                    *self.failed = Some(error);
                    return Err(de::Error::custom("stopped"));
                }
            }
            Ok(())
        }
    }
    let mut failed = None;
    let elements = Elements {
        take,
        failed: &mut failed,
    };
    // `json` is known to be valid, so the only error is the one of `take`.
    let _ = serde_json::Deserializer::from_str(json).deserialize_seq(elements);
    failed.map_or(Ok(()), Err)
}
