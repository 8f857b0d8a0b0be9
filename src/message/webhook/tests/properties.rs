//! Properties of any payload, however malformed: exactly the allowed messages are sent.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{PAGE_INBOX, expanded, options};
use crate::api_facts::Action;
use crate::message::{ExpandOptions, Expanded, Message};

/// The field names of payloads.
const NAMES: [&str; 18] = [
    "object",
    "entry",
    "id",
    "messaging",
    "standby",
    "changes",
    "sender",
    "recipient",
    "timestamp",
    "message",
    "postback",
    "mid",
    "is_echo",
    "is_deleted",
    "app_id",
    "reply_to",
    "reaction",
    "delivery",
];

/// Any JSON value whose fields have the names of a payload.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec!["42", "7", "page", "m_odd", "", " ", "\u{202e}"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let name = prop::sample::select(NAMES.to_vec());
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..5).prop_map(|fields| {
                let fields: Map<_, _> = fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect();
                Value::from(fields)
            }),
        ]
    })
}

/// Usually `usual`, sometimes any JSON value.
fn mostly(usual: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop_oneof![12 => usual, 1 => anything()]
}

fn id() -> impl Strategy<Value = Value> {
    mostly(prop_oneof![
        4 => Just(json!("42")),
        2 => Just(json!(42)),
        3 => Just(json!("7")),
        1 => Just(json!("43")),
    ])
}

fn flag() -> impl Strategy<Value = Value> {
    mostly(prop_oneof![2 => Just(Value::Null), 1 => Just(json!(true)), 1 => Just(json!(false))])
}

fn event() -> impl Strategy<Value = Value> {
    let app = prop_oneof![
        Just(Value::Null),
        Just(json!(5)),
        Just(json!(263_902_037_430_900_u64)),
        Just(json!("263902037430900")),
    ];
    let kind = prop_oneof![
        6 => Just("message"),
        2 => Just("postback"),
        1 => Just("reaction"),
        1 => Just("message_edit"),
        1 => Just("read"),
    ];
    let mid = mostly((0..6_u8).prop_map(|number| json!(format!("m_{number}"))));
    (id(), id(), kind, mid, flag(), flag(), mostly(app)).prop_map(
        |(sender, recipient, kind, mid, is_echo, is_deleted, app_id)| {
            json!({
                "sender": {"id": sender},
                "recipient": {"id": recipient},
                "timestamp": 1_458_692_752_478_u64,
                kind: {"mid": mid, "is_echo": is_echo, "is_deleted": is_deleted, "app_id": app_id, "reply_to": {"mid": "m_earlier"}},
            })
        },
    )
}

/// A payload whose lists of events are always arrays, so that events can be counted.
fn payload() -> impl Strategy<Value = Value> {
    let events = || prop::collection::vec(mostly(event()), 0..4);
    let entry = (id(), events(), events(), events()).prop_map(|(id, messaging, standby, changes)| {
        json!({"id": id, "messaging": messaging, "standby": standby, "changes": changes})
    });
    let object = prop_oneof![9 => Just("page"), 1 => Just("instagram")];
    (object, prop::collection::vec(entry, 0..4))
        .prop_map(|(object, entry)| json!({"object": object, "entry": entry}))
}

/// An ID as it is sent.
fn text(id: &Value) -> Option<String> {
    match id {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// The action, page and message ID of every message in `payload` that `options` allow to be sent, duplicates included.
fn allowed(payload: &Value, options: &ExpandOptions) -> Vec<(Action, String, String)> {
    let mut allowed = Vec::new();
    let lists: &[&str] = if options.standby {
        &["messaging", "standby"]
    } else {
        &["messaging"]
    };
    for entry in payload["entry"].as_array().into_iter().flatten() {
        let events = lists
            .iter()
            .flat_map(|list| entry[list].as_array().into_iter().flatten());
        for event in events {
            let (sender, recipient) = (
                text(&event["sender"]["id"]),
                text(&event["recipient"]["id"]),
            );
            let message = &event["message"];
            let app = text(&message["app_id"]);
            let is_echo = message["is_echo"] == true;
            let action = if is_echo { Action::Echo } else { Action::Claim };
            if options.action.is_some_and(|wanted| wanted != action)
                || payload["object"] != "page"
                || message["is_deleted"] == true
            {
                continue;
            }
            let is_own_app = match options.app_id.as_deref() {
                Some("any") => app.as_deref() != Some(PAGE_INBOX[0]),
                own => own.is_some() && app.as_deref() == own,
            };
            let (page, content) = match action {
                Action::Claim if sender == recipient => continue,
                Action::Claim if message.is_null() => (recipient, &event["postback"]),
                Action::Claim => (recipient, message),
                Action::Echo if !is_own_app => continue,
                Action::Echo => (sender, message),
            };
            if let (Some(page), Some(mid)) = (page, content["mid"].as_str())
                && text(&entry["id"]).as_ref() == Some(&page)
            {
                allowed.push((action, page, mid.to_owned()));
            }
        }
    }
    allowed
}

fn any_options() -> impl Strategy<Value = ExpandOptions> {
    let action = prop::sample::select(vec![None, Some(Action::Claim), Some(Action::Echo)]);
    let app = prop::sample::select(vec![None, Some("5"), Some("any")]);
    (action, any::<bool>(), app).prop_map(|(action, standby, app)| ExpandOptions {
        action,
        standby,
        app_id: app.map(str::to_owned),
        ..options(Action::Claim)
    })
}

fn messages(expanded: Vec<Expanded>) -> Vec<Message> {
    expanded.into_iter().flatten().collect()
}

proptest! {
    #![proptest_config(crate::proptest_config::config())]

    #[test]
    fn exactly_the_allowed_messages_are_sent_each_once(payload in payload(), options in any_options()) {
        let mut expected = allowed(&payload, &options);
        expected.retain(|(_, _, mid)| !mid.trim().is_empty());
        let sent = messages(expanded(&payload.to_string(), &options));
        for message in &sent {
            let own = (message.action, message.ids.account_id.clone().unwrap(), message.ids.object_id.clone().unwrap());
            prop_assert!(expected.contains(&own), "{own:?} in {payload}");
            let body: Value = serde_json::from_str(&message.body).unwrap();
            prop_assert_eq!(&body["account_id"], &own.1);
            prop_assert_eq!(&body["object_id"], &own.2);
            prop_assert_eq!(&body["published_at"], &json!(1_458_692_752_478_u64));
            prop_assert_eq!(body.get("state").is_some(), own.0 == Action::Claim);
        }
        let mut mids: Vec<_> = sent.iter().map(|message| message.ids.object_id.clone().unwrap()).collect();
        mids.sort();
        let mut wanted: Vec<_> = expected.into_iter().map(|(_, _, mid)| mid).collect();
        wanted.sort();
        wanted.dedup();
        prop_assert_eq!(mids, wanted);
    }

    #[test]
    fn every_event_has_one_result(mut payload in payload(), options in any_options()) {
        payload["object"] = json!("page");
        let lists = ["messaging", "standby", "changes"];
        let entries = payload["entry"].as_array().unwrap();
        let events: usize = entries
            .iter()
            .flat_map(|entry| lists.map(|list| entry[list].as_array().unwrap().len()))
            .sum();
        prop_assert_eq!(expanded(&payload.to_string(), &options).len(), events.max(1));
    }

    #[test]
    fn any_payload_is_handled(object in anything(), entry in anything(), options in any_options()) {
        for payload in [json!({"object": object, "entry": entry}), json!({"object": "page", "entry": [entry]}), entry] {
            let sent = messages(expanded(&payload.to_string(), &options));
            for message in sent {
                prop_assert!(message.ids.object_id.is_some_and(|id| !id.trim().is_empty()));
                prop_assert!(message.ids.account_id.is_some_and(|id| !id.trim().is_empty()));
            }
        }
    }

    #[test]
    fn any_text_is_handled(text in "\\PC{0,60}|[\\[\\]{}:,\"a-z0-9]{0,60}", options in any_options()) {
        expanded(&text, &options);
    }
}
