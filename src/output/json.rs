//! A result as a JSON object on one line. All keys are always present.

use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::value::RawValue;

use super::sanitize::escape_json;
use super::text::{response_text, rfc_3339};
use crate::api_facts::Action;
use crate::message::compact;
use crate::message_result::MessageResult;
use crate::outcome::Outcome;

/// The keys, in the order in which they are printed.
#[derive(Serialize)]
struct Keys<'a> {
    action: Option<&'static str>,
    at: String,
    line: Option<u64>,
    end_line: Option<u64>,
    value_done: bool,
    object_id: Option<&'a str>,
    account_id: Option<&'a str>,
    published_at: Option<&'a RawValue>,
    customer_id: Option<&'a str>,
    ok: bool,
    outcome: Outcome,
    status: Option<u16>,
    body: Option<Box<RawValue>>,
    error: Option<String>,
    reason: Option<&'a str>,
    retryable: bool,
    attempts: u32,
    elapsed_ms: u128,
}

/// `result` as a line of JSON.
pub(crate) fn json_line(result: &MessageResult) -> serde_json::Result<String> {
    let response = result.response.as_ref();
    let error = match response {
        _ if result.outcome.is_ok() => None,
        Some(response) => Some(response_text(response)),
        None => Some(result.reason.clone()),
    };
    let is_skipped = result.outcome == Outcome::Skipped;
    let published_at = result.ids.published_at.as_deref();
    let keys = Keys {
        action: result.action.map(Action::name),
        at: rfc_3339(result.at, SecondsFormat::Millis),
        line: result.lines.map(|lines| lines.first),
        end_line: result.lines.map(|lines| lines.last),
        value_done: result.value_done,
        object_id: result.ids.object_id.as_deref(),
        account_id: result.ids.account_id.as_deref(),
        published_at: published_at.map(serde_json::from_str).transpose()?,
        customer_id: result.ids.customer_id.as_deref(),
        ok: result.outcome.is_ok(),
        outcome: result.outcome,
        status: result.status(),
        body: response
            .map(|response| json_body(&response.body))
            .transpose()?,
        error,
        reason: is_skipped.then_some(&*result.reason),
        retryable: result.is_retryable(),
        attempts: result.attempts,
        elapsed_ms: result.elapsed.as_millis(),
    };
    serde_json::to_string(&keys).map(escape_json)
}

/// A response body as JSON: itself if it is JSON, otherwise as a string.
pub(crate) fn json_body(text: &str) -> serde_json::Result<Box<RawValue>> {
    let mut json = String::with_capacity(text.len());
    if serde_json::from_str::<&RawValue>(text).is_ok() {
        compact(text, &mut json);
    } else {
        json = serde_json::to_string(text)?;
    }
    RawValue::from_string(json)
}

#[cfg(test)]
mod tests {
    use super::json_body;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn json_body_makes_one_line_of_json_from_any_text(body in "\\PC{0,40}|[\\[\\]{}\",:0-9e.+a-z\\\\ \n]{0,40}") {
            let json = json_body(&body).unwrap();
            prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(json.get()).is_ok());
            prop_assert!(!json.get().contains('\n'));
        }
    }
}
