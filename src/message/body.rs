//! A message body: what is missing is filled, the rest checked against what the API takes.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::fields::{Fields, id_or_integer, id_string, string};
use super::{Defaults, Ids, Message, PublishedAt, compact};
use crate::api::{self, Action};

/// The API's fields (Lexer page), in the order of its table.
const KNOWN: [&str; 5] = ["object_id", "published_at", "source", "state", "account_id"];

/// Why a message without a page can't be sent.
pub(crate) const NO_ACCOUNT_ID: &str = "account_id is missing, and there is no default";

/// The parts of a body, all of them fit to be sent.
#[derive(Debug)]
pub(super) struct Parts {
    /// The Messenger message ID.
    pub(super) object_id: String,
    /// When it was sent.
    pub(super) published_at: PublishedAt,
    /// The Facebook page ID.
    pub(super) account_id: String,
}

impl Parts {
    /// The message for `action`, with `others` after the API's own fields.
    pub(super) fn message<'a>(
        self,
        action: Action,
        others: impl Iterator<Item = (&'a RawValue, &'a RawValue)>,
    ) -> Message {
        let mut body = String::with_capacity(192);
        body.push_str("{\"object_id\":");
        push_string(&mut body, &self.object_id);
        body.push_str(",\"published_at\":");
        // Writing to a string can't fail.
        let _ = write!(body, "{}", self.published_at);
        body.push_str(",\"source\":\"");
        body.push_str(api::SOURCE);
        if action == Action::Claim {
            body.push_str("\",\"state\":\"");
            body.push_str(api::STATE);
        }
        body.push_str("\",\"account_id\":");
        push_string(&mut body, &self.account_id);
        for (name, value) in others {
            body.push(',');
            body.push_str(name.get());
            body.push(':');
            compact(value.get(), &mut body);
        }
        body.push('}');
        Message {
            ids: Ids {
                object_id: Some(self.object_id),
                account_id: Some(self.account_id),
            },
            body,
        }
    }
}

/// The message that `fields` make for `action`. Fields that the API doesn't document are sent on as they are.
pub(super) fn from_fields(
    fields: &Fields,
    action: Action,
    defaults: &Defaults,
    now: DateTime<Utc>,
) -> Result<Message, String> {
    let object_id = object_id(fields)?.ok_or("object_id is missing")?;
    let published_at = match fields.get("published_at") {
        Some(value) => published_at(value, now).map_err(|why| format!("published_at {why}"))?,
        None => defaults.published_at.ok_or("published_at is missing")?,
    };
    only(fields, "source", api::SOURCE)?;
    if action == Action::Claim {
        only(fields, "state", api::STATE)?;
    }
    let account_id = account_id(fields)?
        .or_else(|| defaults.account_id.clone())
        .ok_or(NO_ACCOUNT_ID)?;
    let parts = Parts {
        object_id,
        published_at,
        account_id,
    };
    Ok(parts.message(action, fields.others(&KNOWN)))
}

/// The message's own `object_id`.
pub(super) fn object_id(fields: &Fields) -> Result<Option<String>, String> {
    fields
        .get("object_id")
        .map(|value| {
            id_string(value).ok_or_else(|| "object_id is not a non-empty string".to_owned())
        })
        .transpose()
}

/// The message's own `account_id`.
pub(super) fn account_id(fields: &Fields) -> Result<Option<String>, String> {
    fields
        .get("account_id")
        .map(|value| {
            id_or_integer(value)
                .ok_or_else(|| "account_id is neither a non-empty string nor an integer".to_owned())
        })
        .transpose()
}

/// A time as a JSON string or number.
pub(super) fn published_at(value: &RawValue, now: DateTime<Utc>) -> Result<PublishedAt, String> {
    match string(value) {
        Some(text) => PublishedAt::parse(&text, now),
        None => PublishedAt::parse_number(value.get(), now),
    }
}

/// Whether any of the API's own fields is there.
pub(super) fn has_known_field(fields: &Fields) -> bool {
    KNOWN.iter().any(|name| fields.get(name).is_some())
}

/// Refuses any other value of `name` than the one that the API takes.
fn only(fields: &Fields, name: &str, value: &str) -> Result<(), String> {
    match fields.get(name) {
        Some(own) if string(own).as_deref() != Some(value) => Err(format!(
            "{name} {} is not {value:?}, the only value that Lexer takes",
            own.get()
        )),
        _ => Ok(()),
    }
}

fn push_string(into: &mut String, text: &str) {
    // IDs never need escapes, and a string that needs none stands for itself.
    if text
        .bytes()
        .all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\')
    {
        into.push('"');
        into.push_str(text);
        into.push('"');
    } else if let Ok(json) = serde_json::to_string(text) {
        into.push_str(&json);
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, from_fields};
    use crate::api::Action;
    use crate::message::Defaults;

    fn body(json: &str, action: Action) -> Result<String, String> {
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        let fields = Fields::parse(json).ok_or("no object")?;
        Ok(from_fields(&fields, action, &Defaults::default(), now)?.body)
    }

    #[test]
    fn a_body_has_the_fields_of_the_api_and_keeps_the_rest() {
        let json = r#"{ "account_id": 9007199254740993123, "note": {"n": 1.50, "big": 1e400}, "object_id": "m:1$",
            "published_at": "1458692752478", "state": "closed", "tag": "ü" }"#;
        let rest = r#""account_id":"9007199254740993123","note":{"n":1.50,"big":1e400},"tag":"ü"}"#;
        assert_eq!(
            body(json, Action::Claim).unwrap(),
            [r#"{"object_id":"m:1$","published_at":1458692752478,"source":"facebook","state":"closed","#, rest].concat()
        );
        assert_eq!(
            body(json, Action::Echo).unwrap(),
            [
                r#"{"object_id":"m:1$","published_at":1458692752478,"source":"facebook","#,
                rest
            ]
            .concat()
        );
    }

    #[test]
    fn a_string_is_written_as_serde_writes_it() {
        for text in [
            "m_1",
            "",
            "ü🙂\u{7f}",
            "a\"b",
            "a\\b",
            "\n",
            "\u{0}",
            "a\u{1f}",
        ] {
            let mut written = String::new();
            super::push_string(&mut written, text);
            assert_eq!(written, serde_json::to_string(text).unwrap());
        }
    }

    #[test]
    fn what_the_api_needs_is_checked_field_by_field() {
        let whole = r#""object_id":"m","published_at":1458692752478,"account_id":"1""#;
        for (json, why) in [
            (
                r#"{"published_at":1458692752478,"account_id":"1"}"#,
                "object_id is missing",
            ),
            (
                r#"{"object_id":null,"published_at":1458692752478}"#,
                "object_id is missing",
            ),
            (r#"{"object_id":7}"#, "object_id is not a non-empty string"),
            (
                r#"{"object_id":" "}"#,
                "object_id is not a non-empty string",
            ),
            (r#"{"object_id":"m"}"#, "published_at is missing"),
            (
                r#"{"object_id":"m","published_at":1458692752478}"#,
                super::NO_ACCOUNT_ID,
            ),
            (
                r#"{"object_id":"m","published_at":1458692752478,"account_id":true}"#,
                "account_id is neither a non-empty string nor an integer",
            ),
            (
                r#"{"object_id":"m","published_at":1458692752478,"account_id":-1}"#,
                "account_id is neither a non-empty string nor an integer",
            ),
            (
                &format!(r#"{{{whole},"source":"twitter"}}"#),
                r#"source "twitter" is not "facebook", the only value that Lexer takes"#,
            ),
            (
                &format!(r#"{{{whole},"state":false}}"#),
                r#"state false is not "closed", the only value that Lexer takes"#,
            ),
        ] {
            assert_eq!(body(json, Action::Claim), Err(why.to_owned()), "{json}");
        }
        assert!(body(&format!(r#"{{{whole},"state":"open"}}"#), Action::Echo).is_ok());
    }
}
