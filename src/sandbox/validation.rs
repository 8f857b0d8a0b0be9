//! How Lexer validates the body of a claim or an echo.
//!
//! Independent of lexbot's own validation: knows only what the API accepts, and gives Lexer's responses.

use chrono::DateTime;
use serde_json::{Map, Value};

use super::response::Response;
use crate::api::{self, Action};

/// Validates `body` and returns its page, or the response to an invalid body.
///
/// Types are checked first: a value of the wrong type gets the HTML page, whatever fields are missing. `null` and an
/// empty string count as missing.
pub(crate) fn page_of(action: Action, body: &[u8]) -> Result<String, Response> {
    let fields = fields(body)?;
    for field in ["object_id", "account_id"] {
        if given(&fields, field).is_some_and(|value| !value.is_string()) {
            return Err(Response::Exception(format!("{field} is not a string")));
        }
    }
    if given(&fields, "published_at").is_some_and(|value| !is_time(value)) {
        return Err(Response::Exception("published_at is not a time".to_owned()));
    }

    let required: &[_] = match action {
        Action::Claim => &["object_id", "published_at", "source", "state", "account_id"],
        Action::Echo => &["object_id", "published_at", "source", "account_id"],
    };
    for field in required {
        if given(&fields, field).is_none() {
            return Err(Response::FieldMissing(field));
        }
    }

    if fields["source"] != api::SOURCE {
        return Err(Response::FieldInvalid("source"));
    }
    if action == Action::Claim && fields["state"] != api::STATE {
        return Err(Response::FieldInvalid("state"));
    }
    Ok(text(&fields, "account_id").unwrap_or_default().to_owned())
}

/// The fields of a body.
pub(crate) fn fields(body: &[u8]) -> Result<Map<String, Value>, Response> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Response::Exception(
            "the body is not a JSON object".to_owned(),
        )),
        Err(error) => Err(Response::Exception(format!(
            "the body is not JSON: {error}"
        ))),
    }
}

/// The value of `field` if it is a string, and not an empty one.
pub(crate) fn text<'a>(fields: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    given(fields, field)?.as_str()
}

fn given<'a>(fields: &'a Map<String, Value>, field: &str) -> Option<&'a Value> {
    fields
        .get(field)
        .filter(|value| !value.is_null() && *value != "")
}

/// Whether `value` is epoch milliseconds or ISO 8601. Its `t` and `z` may be lower case, as on Lexer's page.
fn is_time(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_i64() || number.is_u64(),
        Value::String(text) => {
            let text = text.to_ascii_uppercase();
            text.bytes().all(|byte| byte.is_ascii_digit())
                || DateTime::parse_from_rfc3339(&text).is_ok()
                || DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%z").is_ok()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Response, page_of};
    use crate::api::Action::{self, Claim, Echo};

    /// The result for a valid body of `action` with `field` set to `value`.
    fn with(action: Action, field: &str, value: Value) -> Result<String, Response> {
        let mut body = valid(action);
        body[field] = value;
        page_of(action, body.to_string().as_bytes())
    }

    fn valid(action: Action) -> Value {
        let mut body = json!({
            "object_id": "m_1",
            "published_at": 1_458_692_752_478_u64,
            "source": "facebook",
            "account_id": "42",
        });
        if action == Claim {
            body["state"] = "closed".into();
        }
        body
    }

    fn exception(reason: &str) -> Result<String, Response> {
        Err(Response::Exception(reason.to_owned()))
    }

    #[test]
    fn returns_the_page_of_a_valid_body() {
        for action in [Claim, Echo] {
            let body = valid(action).to_string();
            assert_eq!(page_of(action, body.as_bytes()), Ok("42".to_owned()));
            assert_eq!(with(action, "other", json!([1])), Ok("42".to_owned()));
        }
    }

    #[test]
    fn reports_each_missing_field() {
        for (action, required) in [
            (
                Claim,
                &["object_id", "published_at", "source", "state", "account_id"][..],
            ),
            (
                Echo,
                &["object_id", "published_at", "source", "account_id"][..],
            ),
        ] {
            for field in required {
                let missing = Err(Response::FieldMissing(field));
                let mut body = valid(action);
                body.as_object_mut().map(|fields| fields.remove(*field));
                assert_eq!(page_of(action, body.to_string().as_bytes()), missing);
                assert_eq!(with(action, field, json!(null)), missing);
                assert_eq!(with(action, field, json!("")), missing);
            }
            assert_eq!(
                page_of(action, b"{}"),
                Err(Response::FieldMissing("object_id"))
            );
        }
    }

    #[test]
    fn accepts_only_facebook_and_closed() {
        let invalid = |field| Err(Response::FieldInvalid(field));
        for wrong in [json!("twitter"), json!("Facebook"), json!(1)] {
            assert_eq!(with(Claim, "source", wrong.clone()), invalid("source"));
            assert_eq!(with(Echo, "source", wrong), invalid("source"));
        }
        assert_eq!(with(Claim, "state", json!("open")), invalid("state"));
        assert_eq!(with(Echo, "state", json!("open")), Ok("42".to_owned()));
    }

    #[test]
    fn a_body_that_is_not_an_object_gets_the_page() {
        let broken = |body: &str| page_of(Claim, body.as_bytes());
        let not_an_object = exception("the body is not a JSON object");
        assert_eq!(broken("[]"), not_an_object);
        assert_eq!(broken("null"), not_an_object);
        assert_eq!(
            broken("{\"object_id\": m_1}"),
            exception("the body is not JSON: expected value at line 1 column 15")
        );
        assert_eq!(
            broken(""),
            exception("the body is not JSON: EOF while parsing a value at line 1 column 0")
        );
    }

    #[test]
    fn a_wrong_type_gets_the_page() {
        let no_string = |field| exception(&format!("{field} is not a string"));
        assert_eq!(with(Claim, "object_id", json!(5)), no_string("object_id"));
        assert_eq!(with(Claim, "account_id", json!(5)), no_string("account_id"));
        let both = br#"{"account_id": 5}"#;
        assert_eq!(page_of(Claim, both), no_string("account_id"));
    }

    #[test]
    fn accepts_epoch_milliseconds_and_iso_8601() {
        for right in [
            json!(1_458_692_752_478_u64),
            json!("1458692752478"),
            json!("2017-08-01t05:29:44Z"),
            json!("2017-08-01T05:29:44.123z"),
            json!("2017-08-01T05:29:44+0000"),
            json!("2017-08-01T05:29:44+10:00"),
        ] {
            assert_eq!(with(Echo, "published_at", right), Ok("42".to_owned()));
        }
        for wrong in [
            json!("yesterday"),
            json!("2017-08-01"),
            json!("2017-08-01T05:29:44"),
            json!(1.5),
            json!(true),
            json!({}),
        ] {
            assert_eq!(
                with(Echo, "published_at", wrong),
                exception("published_at is not a time")
            );
        }
    }
}
