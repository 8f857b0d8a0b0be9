//! A result as a JSON object on one line, always with the same keys.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::value::RawValue;

use super::response_text::response_text;
use super::sanitize::{contains_escapable, needs_escape};
use crate::message::compact;
use crate::outcome::Outcome;
use crate::result::MessageResult;

/// The keys in the order in which they are printed.
#[derive(Serialize)]
struct Keys<'a> {
    action: &'static str,
    line: Option<u64>,
    object_id: Option<&'a str>,
    account_id: Option<&'a str>,
    ok: bool,
    outcome: Outcome,
    status: Option<u16>,
    body: Option<Box<RawValue>>,
    error: Option<String>,
    retryable: bool,
    attempts: u32,
    elapsed_ms: u128,
}

/// `result` as a line of JSON.
pub(crate) fn json_line(result: &MessageResult) -> serde_json::Result<String> {
    let response = result.response.as_ref();
    let error = match response {
        Some(response) => (result.outcome != Outcome::Accepted).then(|| response_text(response)),
        None => Some(result.reason.clone()),
    };
    let keys = Keys {
        action: result.action.name(),
        line: result.line,
        object_id: result.ids.object_id.as_deref(),
        account_id: result.ids.account_id.as_deref(),
        ok: result.outcome.is_ok(),
        outcome: result.outcome,
        status: result.status(),
        body: response
            .map(|response| json_body(&response.body))
            .transpose()?,
        error,
        retryable: result.is_retryable(),
        attempts: result.attempts,
        elapsed_ms: result.elapsed.as_millis(),
    };
    serde_json::to_string(&keys).map(escape_json)
}

/// The body of an answer: as JSON where it is JSON, else as a string.
pub(crate) fn json_body(text: &str) -> serde_json::Result<Box<RawValue>> {
    let mut json = String::with_capacity(text.len());
    if serde_json::from_str::<&RawValue>(text).is_ok() {
        compact(text, &mut json);
    } else {
        json = serde_json::to_string(text)?;
    }
    RawValue::from_string(json)
}

/// `json` with JSON's own escapes for what a terminal would obey. Such characters stand only in strings.
pub(crate) fn escape_json(json: String) -> String {
    if !contains_escapable(&json) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if needs_escape(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::json_body;
    use crate::output::sanitize::needs_escape;
    use proptest::prelude::*;

    use super::escape_json;

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_means_the_same() {
        let text = "a\u{7f}\u{9b}\u{202e}\u{e0041}ü";
        let json = escape_json(serde_json::to_string(text).unwrap());
        assert_eq!(json, r#""a\u007f\u009b\u202e\udb40\udc41ü""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn any_text_is_escaped_without_a_change_of_meaning(text in any::<String>()) {
            let json = escape_json(serde_json::to_string(&text).unwrap());
            prop_assert!(!json.contains(needs_escape));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }

        /// Whatever a server sent as its body, the line that has it is JSON.
        #[test]
        fn any_body_is_json(body in "\\PC{0,40}|[\\[\\]{}\",:0-9e.+a-z\\\\ \n]{0,40}") {
            let json = json_body(&body).unwrap();
            prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(json.get()).is_ok());
            prop_assert!(!json.get().contains('\n'));
        }
    }
}
