//! An outcome as a JSON object on a line of its own, always with the same keys.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::value::RawValue;

use super::answer_text::answer_text;
use super::harmless::{acts_on_a_terminal, has_effects};
use crate::message::compact;
use crate::outcome::{Kind, Outcome, Verdict};

/// The keys in the order in which they are printed.
#[derive(Serialize)]
struct Keys<'a> {
    action: &'static str,
    line: Option<u64>,
    object_id: Option<&'a str>,
    account_id: Option<&'a str>,
    ok: bool,
    outcome: Kind,
    status: Option<u16>,
    body: Option<Box<RawValue>>,
    error: Option<String>,
    retryable: bool,
    attempts: u32,
    elapsed_ms: u128,
}

/// `outcome` as a line of JSON.
pub(crate) fn json_line(outcome: &Outcome) -> serde_json::Result<String> {
    let kind = outcome.verdict.kind();
    let (body, error) = match &outcome.verdict {
        Verdict::Answered(answer) => {
            let error = (kind != Kind::Accepted).then(|| answer_text(answer));
            (Some(json_body(&answer.body)?), error)
        }
        Verdict::Unanswered { why, .. }
        | Verdict::Invalid(why)
        | Verdict::Skipped(why)
        | Verdict::NotSent(why) => (None, Some(why.clone())),
    };
    let keys = Keys {
        action: outcome.action.name(),
        line: outcome.line,
        object_id: outcome.object_id.as_deref(),
        account_id: outcome.account_id.as_deref(),
        ok: kind.is_ok(),
        outcome: kind,
        status: outcome.verdict.status(),
        body,
        error,
        retryable: outcome.verdict.is_retryable(),
        attempts: outcome.attempts,
        elapsed_ms: outcome.elapsed.as_millis(),
    };
    serde_json::to_string(&keys).map(escaped)
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
pub(crate) fn escaped(json: String) -> String {
    if !has_effects(&json) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if acts_on_a_terminal(character) {
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
    use crate::report::harmless::acts_on_a_terminal;
    use proptest::prelude::*;

    use super::escaped;

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_means_the_same() {
        let text = "a\u{7f}\u{9b}\u{202e}\u{e0041}ü";
        let json = escaped(serde_json::to_string(text).unwrap());
        assert_eq!(json, r#""a\u007f\u009b\u202e\udb40\udc41ü""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    proptest! {
        #![proptest_config(crate::cases::config())]

        #[test]
        fn any_text_is_escaped_without_a_change_of_meaning(text in any::<String>()) {
            let json = escaped(serde_json::to_string(&text).unwrap());
            prop_assert!(!json.contains(acts_on_a_terminal));
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
