//! Finds the messages in one JSON value: a message body, a webhook payload or a part of one, a Send API response, or an
//! array of these.

use chrono::{DateTime, Utc};

use super::json::{Fields, elements, truncated};
use super::{
    ExpandOptions, Expanded, Message, NotSent, Take, body, send_response, webhook, wrapped_payload,
};

/// How deeply arrays may be nested. Each level is parsed again.
const MAX_DEPTH: usize = 16;

/// Calls `take` with each message and event in `json`, which must be valid JSON, in order. Stops at the first error of
/// `take` and returns it.
pub(crate) fn expand(
    json: &str,
    options: &ExpandOptions,
    now: DateTime<Utc>,
    take: Take,
) -> anyhow::Result<()> {
    if options.validate {
        expand_value(json, 0, options, now, take)
    } else {
        take(unvalidated(json, options))
    }
}

fn unvalidated(json: &str, options: &ExpandOptions) -> Expanded {
    let action = options.action.ok_or(body::NO_ACTION)?;
    let fields = Fields::parse(json).unwrap_or_default();
    let mut ids = body::ids(&fields);
    let published_at = fields.get("published_at");
    ids.published_at = published_at.map(|value| value.get().to_owned());
    let body = json.to_owned();
    Ok(Message { action, ids, body })
}

fn expand_value(
    json: &str,
    depth: usize,
    options: &ExpandOptions,
    now: DateTime<Utc>,
    take: Take,
) -> anyhow::Result<()> {
    if let Some(mut elements) = elements(json) {
        if depth == MAX_DEPTH {
            let reason = format!("arrays are nested more than {MAX_DEPTH} deep");
            return take(Err(reason.into()));
        }
        return elements
            .try_for_each(|element| expand_value(element, depth + 1, options, now, take));
    }
    let Some(fields) = Fields::parse(json) else {
        let reason = format!(
            "expected a JSON object, found {}",
            truncated(json.trim_ascii())
        );
        return take(Err(reason.into()));
    };
    let is_response = send_response::is_send_response(&fields) && !fields.has("entry");
    // The envelopes of queues have a `message_id`, too, and lines of a log an `error`.
    if is_response && (fields.has("recipient_id") || wrapped_payload::find(&fields).is_none()) {
        return take(send_response::expand_response(&fields, options, now));
    }
    if webhook::is_webhook(&fields) && !body::is_body(&fields) {
        return webhook::expand_webhook(json, &fields, options, now, take);
    }
    if !fields.has("object_id")
        && let Some(found) = wrapped_payload::find(&fields)
    {
        return take(Err(found.into()));
    }
    take(
        body::expand_body(&fields, options, now).map_err(|not_sent| NotSent {
            ids: body::ids(&fields),
            ..not_sent
        }),
    )
}

#[cfg(test)]
mod tests {
    use crate::api_facts::Action;
    use crate::message::tests::{expanded, options};
    use crate::message::{Ids, Message};
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    /// Objects that resemble messages, alone and in arrays.
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

        /// Every message that is sent has all fields that the API needs.
        #[test]
        fn every_message_is_complete(value in nearly_messages(), is_claim in any::<bool>()) {
            let action = if is_claim { Action::Claim } else { Action::Echo };
            for part in expanded(&value.to_string(), &options(action)) {
                let Ok(Message { ids: Ids { object_id, account_id, published_at, .. }, body, .. }) = part else {
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
                prop_assert_eq!(body.get("published_at").map(Value::to_string), published_at);
            }
        }

        /// Fields that the API doesn't document are sent byte for byte.
        #[test]
        fn other_fields_are_kept(name in "[a-z]{1,3}", value in nearly_messages()) {
            let message = format!(r#"{{"object_id":"m","published_at":1458692752478,"account_id":"1","{name}":{value}}}"#);
            let [Ok(sent)] = &expanded(&message, &options(Action::Echo))[..] else {
                panic!("one message");
            };
            let suffix = format!(",\"{name}\":{value}}}");
            prop_assert!(sent.body.ends_with(&suffix), "{}", sent.body);
        }

        #[test]
        fn any_text_is_handled(text in "\\PC{0,60}|[\\[\\]{}\",:a-z0-9 ]{0,60}") {
            expanded(&text, &options(Action::Claim));
            expanded(&text, &options(Action::Echo));
        }
    }
}
