//! Message bodies: fills in missing fields, and checks the others against what the API takes.

use chrono::{DateTime, Utc};

use super::json::{Fields, compact, id_or_integer, id_string, string, truncated};
use super::{ExpandOptions, Expanded, Ids, Message, PublishedAt};
use crate::api_facts::{Action, SOURCE, STATE};

/// The API's fields (Lexer page), in the order of its table.
const API_FIELDS: [&str; 5] = ["object_id", "published_at", "source", "state", "account_id"];

/// Why a message without a page can't be sent.
pub(crate) const NO_ACCOUNT_ID: &str = "account_id is missing, and there is no default";

/// Why `relay` can't send a message body.
pub(super) const NO_ACTION: &str =
    "a message body doesn't say whether to claim or echo it: use lexbot claim or lexbot echo";

/// Why a message body can't be sent with `--handed-over`.
const NO_CUSTOMER: &str =
    "a message body names no customer, so it can't be compared with --handed-over";

/// The message with these values, ready to be sent.
pub(crate) fn message(
    action: Action,
    object_id: String,
    published_at: PublishedAt,
    account_id: String,
) -> Message {
    let no_fields = Fields::default();
    message_with(action, object_id, published_at, account_id, &no_fields)
}

/// The same, followed by those of `fields` that the API doesn't document.
fn message_with(
    action: Action,
    object_id: String,
    published_at: PublishedAt,
    account_id: String,
    fields: &Fields,
) -> Message {
    // Serializing a string can't fail.
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let published_at = published_at.to_string();
    let mut body = String::with_capacity(192);
    body.push_str("{\"object_id\":");
    body.push_str(&quoted(&object_id));
    body.push_str(",\"published_at\":");
    body.push_str(&published_at);
    body.push_str(",\"source\":\"");
    body.push_str(SOURCE);
    if action == Action::Claim {
        body.push_str("\",\"state\":\"");
        body.push_str(STATE);
    }
    body.push_str("\",\"account_id\":");
    body.push_str(&quoted(&account_id));
    for (name, value) in fields.without(&API_FIELDS) {
        body.push(',');
        body.push_str(name.get());
        body.push(':');
        compact(value.get(), &mut body);
    }
    body.push('}');
    Message {
        action,
        ids: Ids {
            object_id: Some(object_id),
            account_id: Some(account_id),
            published_at: Some(published_at),
            customer_id: None,
        },
        body,
    }
}

/// The message that a message body describes. Fields that the API doesn't document are kept.
pub(super) fn expand_body(
    fields: &Fields,
    options: &ExpandOptions,
    now: DateTime<Utc>,
) -> Expanded {
    let action = options.action.ok_or(NO_ACTION)?;
    if options.needs_customer {
        return Err(NO_CUSTOMER.into());
    }
    let object_id = fields.get("object_id").ok_or("object_id is missing")?;
    let object_id = id_string(object_id).ok_or("object_id is not a non-empty string")?;
    let published_at = published_at(fields, options.published_at, now)?;
    require(fields, "source", SOURCE)?;
    if action == Action::Claim {
        require(fields, "state", STATE)?;
    }
    let account_id = account_id(fields, options)?;
    Ok(message_with(
        action,
        object_id,
        published_at,
        account_id,
        fields,
    ))
}

/// The page in `fields`, else the default.
pub(super) fn account_id(fields: &Fields, options: &ExpandOptions) -> Result<String, &'static str> {
    match fields.get("account_id") {
        Some(value) => {
            id_or_integer(value).ok_or("account_id is neither a non-empty string nor an integer")
        }
        None => options.account_id.clone().ok_or(NO_ACCOUNT_ID),
    }
}

/// The time in `fields`, else the default.
pub(super) fn published_at(
    fields: &Fields,
    default: Option<PublishedAt>,
    now: DateTime<Utc>,
) -> Result<PublishedAt, String> {
    match fields.get("published_at") {
        Some(value) => {
            PublishedAt::from_json(value, now).map_err(|problem| format!("published_at {problem}"))
        }
        None => Ok(default.ok_or("published_at is missing")?),
    }
}

/// The IDs of a message body, as far as they are valid.
pub(super) fn ids(fields: &Fields) -> Ids {
    Ids {
        object_id: fields.get("object_id").and_then(id_string),
        account_id: fields.get("account_id").and_then(id_or_integer),
        ..Ids::default()
    }
}

/// Whether `fields` are a message body: any of the API's fields makes them one.
pub(super) fn is_body(fields: &Fields) -> bool {
    API_FIELDS.iter().any(|name| fields.has(name))
}

/// Checks that the field `name` is missing or has the only value that the API takes.
fn require(fields: &Fields, name: &str, value: &str) -> Result<(), String> {
    match fields.get(name) {
        Some(own) if string(own).as_deref() != Some(value) => Err(format!(
            "{name} {} is not {value:?}, the only value that Lexer takes",
            truncated(own.get())
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, expand_body};
    use crate::api_facts::Action;
    use crate::message::tests::options;

    fn body(json: &str, action: Action) -> Result<String, String> {
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        let expanded = expand_body(&Fields::parse(json).unwrap(), &options(action), now);
        expanded
            .map(|message| message.body)
            .map_err(|not_sent| not_sent.reason)
    }

    #[test]
    fn a_body_has_the_fields_of_the_api_and_keeps_other_fields() {
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
    fn ids_are_escaped_as_json_needs_it() {
        for id in [
            "m_1",
            "ü🙂\u{7f}",
            "a\"b",
            "a\\b",
            "\n.",
            "\u{0}",
            "a\u{1f}",
        ] {
            let json = serde_json::json!({"object_id": id, "published_at": 1_458_692_752_478_u64, "account_id": id});
            let sent: serde_json::Value =
                serde_json::from_str(&body(&json.to_string(), Action::Echo).unwrap()).unwrap();
            assert_eq!(sent["object_id"], id);
            assert_eq!(sent["account_id"], id);
        }
    }

    #[test]
    fn each_field_that_the_api_needs_is_checked() {
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
