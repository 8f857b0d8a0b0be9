//! What one JSON value of the input holds: a message body, a webhook payload, a Send API response, or an array
//! of values.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::array::each_element;
use super::fields::Fields;
use super::{ExpandOptions, Expanded, Ids, Message, NotSent, body, send_response, webhook};

/// Gives each item of `json` to `take`, in order. Stops at the first error of `take`.
pub(crate) fn expand<E>(
    json: &str,
    options: &ExpandOptions,
    now: DateTime<Utc>,
    take: &mut dyn FnMut(Expanded) -> Result<(), E>,
) -> Result<(), E> {
    if !options.validate {
        return take(if is_json(json) {
            Expanded::Message(as_it_is(json))
        } else {
            not_json()
        });
    }
    // An array must be whole before its first element goes out. An object shows that it is when it's taken apart.
    if json.trim_start().starts_with('[') && !is_json(json) {
        return take(not_json());
    }
    each_value(json, options, now, take)
}

fn each_value<E>(
    json: &str,
    options: &ExpandOptions,
    now: DateTime<Utc>,
    take: &mut dyn FnMut(Expanded) -> Result<(), E>,
) -> Result<(), E> {
    if json.trim_start().starts_with('[') {
        return each_element(json, &mut |element| each_value(element, options, now, take));
    }
    let Some(fields) = Fields::parse(json) else {
        return take(if is_json(json) {
            Expanded::Invalid("expected a JSON object, and this is none".into())
        } else {
            not_json()
        });
    };
    if !body::has_known_field(&fields) {
        if fields.get("entry").is_some() {
            return webhook::each_event(&fields, options, now, take);
        }
        if send_response::is_send_response(&fields) {
            return take(send_response::item(&fields, options, now));
        }
    }
    take(
        match body::from_fields(&fields, options.action, &options.defaults, now) {
            Ok(message) => Expanded::Message(message),
            Err(reason) => Expanded::Invalid(NotSent {
                ids: ids(&fields),
                reason,
            }),
        },
    )
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

fn not_json() -> Expanded {
    Expanded::Invalid("this is not JSON".into())
}

fn as_it_is(json: &str) -> Message {
    let fields = Fields::parse(json).unwrap_or_default();
    Message {
        ids: ids(&fields),
        body: json.to_owned(),
    }
}

fn ids(fields: &Fields) -> Ids {
    Ids {
        object_id: body::object_id(fields).ok().flatten(),
        account_id: body::account_id(fields).ok().flatten(),
    }
}

#[cfg(test)]
mod tests {
    use super::expand;
    use crate::api::Action;
    use crate::message::{Defaults, ExpandOptions, Expanded, Ids, Message};
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    fn items(json: &str, action: Action) -> Vec<Expanded> {
        let options = ExpandOptions {
            action,
            defaults: Defaults::default(),
            validate: true,
            standby: false,
            app_id: None,
        };
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        let mut items = Vec::new();
        let taken: Result<(), ()> = expand(json, &options, now, &mut |item| {
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
        #![proptest_config(crate::proptest_config::config())]

        /// Whatever is sent has what the API needs, and what nobody documents is sent on as it was.
        #[test]
        fn what_is_sent_is_whole(value in nearly_messages(), is_claim in any::<bool>()) {
            let action = if is_claim { Action::Claim } else { Action::Echo };
            for item in items(&value.to_string(), action) {
                let Expanded::Message(Message { ids: Ids { object_id, account_id }, body }) = item else {
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
            let [Expanded::Message(sent)] = &items(&message, Action::Echo)[..] else {
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
