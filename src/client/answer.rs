//! An answer of the server: its head, and as much of its body as is worth keeping.

use std::io::Read as _;

use serde_json::Value;
use ureq::Body;
use ureq::http::Response;
use ureq::http::header::{HeaderMap, RETRY_AFTER};

use crate::secret::Token;

/// How much of a body is kept, in bytes. No documented answer comes near.
pub(crate) const MOST_OF_A_BODY: usize = 64 << 10;

/// What the server answered. The token stands nowhere in it, even where the server sent it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The head's fields, in their order, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The beginning of the body, at most [`MOST_OF_A_BODY`]; what isn't UTF-8 is replaced.
    pub(crate) body: String,
    /// Whether the whole body came and was kept.
    pub(crate) complete: bool,
}

impl Answer {
    /// Reads the body. One that breaks off or takes too long is kept as far as it came: the status is what counts.
    pub(super) fn read(response: Response<Body>, token: &Token) -> Self {
        let (head, body) = response.into_parts();
        // A token that the limit would cut in two must still be found whole: read that much further.
        let most = MOST_OF_A_BODY + token.expose().len();
        let mut bytes = Vec::new();
        let read = body
            .into_reader()
            .take(most as u64 + 1)
            .read_to_end(&mut bytes);
        let mut text = without_token(&String::from_utf8_lossy(&bytes), token);
        let complete = read.is_ok() && text.len() <= MOST_OF_A_BODY;
        text.truncate(text.floor_char_boundary(MOST_OF_A_BODY));
        Answer {
            status: head.status.as_u16(),
            headers: readable(&head.headers, token),
            body: text,
            complete,
        }
    }

    /// The value of `Retry-After`, as it was sent.
    pub(crate) fn retry_after(&self) -> Option<&str> {
        self.headers
            .iter()
            .find(|(name, _)| name == RETRY_AFTER.as_str())
            .map(|(_, value)| value.as_str())
    }
}

/// `text` without the token, also where JSON escapes hide it.
fn without_token(text: &str, token: &Token) -> String {
    let text = token.redact(text);
    if text.contains('\\')
        && let Ok(mut value) = serde_json::from_str::<Value>(&text)
        && redact_strings(&mut value, token)
    {
        return value.to_string();
    }
    text
}

/// Whether there was anything to redact.
fn redact_strings(value: &mut Value, token: &Token) -> bool {
    match value {
        Value::String(text) => {
            let redacted = token.redact(text);
            let changed = redacted != *text;
            *text = redacted;
            changed
        }
        Value::Array(values) => values.iter_mut().fold(false, |changed, value| {
            redact_strings(value, token) | changed
        }),
        Value::Object(fields) => {
            let hidden_in_names = fields.keys().any(|name| token.redact(name) != *name);
            if hidden_in_names {
                fields.clear();
            }
            fields.values_mut().fold(hidden_in_names, |changed, value| {
                redact_strings(value, token) | changed
            })
        }
        _ => false,
    }
}

fn readable(headers: &HeaderMap, token: &Token) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), token.redact(&value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::without_token;
    use crate::secret::Token;

    #[test]
    fn a_token_that_was_sent_back_is_found_behind_escapes_too() {
        let token = Token::parse("secret/0123456789").unwrap();
        assert_eq!(
            without_token("<p>secret/0123456789</p>", &token),
            "<p>(redacted)</p>"
        );
        assert_eq!(
            without_token(
                r#"{"error":["secret\/0123456789","\u0073ecret/0123456789"]}"#,
                &token
            ),
            r#"{"error":["(redacted)","(redacted)"]}"#
        );
        assert_eq!(without_token(r#"{"secret\/0123456789":1}"#, &token), "{}");
    }
}
