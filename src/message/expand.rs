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
    if !rules.validate {
        return take(if is_json(json) {
            Item::Message(as_it_is(json))
        } else {
            not_json()
        });
    }
    // An array must be whole before its first element goes out. An object shows that it is when it's taken apart.
    if json.trim_start().starts_with('[') && !is_json(json) {
        return take(not_json());
    }
    each_value(json, rules, now, take)
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
        return take(if is_json(json) {
            Item::Invalid("expected a JSON object, and this is none".into())
        } else {
            not_json()
        });
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

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

fn not_json() -> Item {
    Item::Invalid("this is not JSON".into())
}

fn as_it_is(json: &str) -> Message {
    let fields = Fields::parse(json).unwrap_or_default();
    Message {
        object_id: body::object_id(&fields).ok().flatten(),
        account_id: body::account_id(&fields).ok().flatten(),
        body: json.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, Rules, each_item};
    use crate::api::Action;
    use crate::message::{Defaults, Message};
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    fn items(json: &str, action: Action) -> Vec<Item> {
        let rules = Rules {
            action,
            defaults: Defaults::default(),
            validate: true,
            standby: false,
            app_id: None,
        };
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        let mut items = Vec::new();
        let taken: Result<(), ()> = each_item(json, &rules, now, &mut |item| {
            items.push(item);
            Ok(())
        });
        taken.unwrap();
        items
    }

    /// Objects that are nearly messages, in arrays and out of them.
    fn nearly_messages() -> impl Strategy<Value = Value> {
        let value = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            Just(Value::from(1_458_692_752_478_u64)),
            prop::sample::select(vec!["facebook", "closed", "now", "1458692752478", "", " "])
                .prop_map(Value::from),
            "\\PC{0,6}".prop_map(Value::from),
        ];
        let names = prop_oneof![
            prop::sample::select(vec![
                "object_id",
                "published_at",
                "source",
                "state",
                "account_id",
                "entry",
                "message_id",
                "error",
            ])
            .prop_map(str::to_owned),
            "\\PC{0,4}",
        ];
        let object = prop::collection::vec((names, value), 0..8)
            .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>()));
        object.prop_recursive(3, 12, 4, |inner| {
            prop::collection::vec(inner, 0..4).prop_map(Value::from)
        })
    }

    proptest! {
        #![proptest_config(crate::cases::config())]

        /// Whatever is sent has what the API needs, and what nobody documents is sent on as it was.
        #[test]
        fn what_is_sent_is_whole(value in nearly_messages(), is_claim in any::<bool>()) {
            let action = if is_claim { Action::Claim } else { Action::Echo };
            for item in items(&value.to_string(), action) {
                let Item::Message(Message { object_id, account_id, body }) = item else {
                    continue;
                };
                let body: Map<String, Value> = serde_json::from_str(&body).unwrap();
                let text = |name: &str| body.get(name).and_then(Value::as_str);
                for (name, id) in [("object_id", &object_id), ("account_id", &account_id)] {
                    prop_assert_eq!(text(name), id.as_deref());
                    prop_assert!(text(name).is_some_and(|id| !id.trim().is_empty()));
                }
                prop_assert_eq!(text("source"), Some("facebook"));
                prop_assert!(!is_claim || text("state") == Some("closed"));
                prop_assert!(body.contains_key("published_at"));
            }
        }

        /// A message keeps every field that the API doesn't know, byte for byte.
        #[test]
        fn other_fields_are_kept(name in "[a-z]{1,3}", value in nearly_messages()) {
            let message = format!(r#"{{"object_id":"m","published_at":1458692752478,"account_id":"1","{name}":{value}}}"#);
            let [Item::Message(sent)] = &items(&message, Action::Echo)[..] else {
                panic!("one message");
            };
            let suffix = format!(",\"{name}\":{value}}}");
            prop_assert!(sent.body.ends_with(&suffix), "{}", sent.body);
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,60}|[\\[\\]{}\",:a-z0-9 ]{0,60}") {
            items(&text, Action::Claim);
            items(&text, Action::Echo);
        }
    }
}
