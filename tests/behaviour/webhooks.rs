//! Webhook payloads and Send API responses, as a bot gets them. What each event means is tested in `src/message`.

mod events;
mod handed_over;
mod responses;

use crate::example::{CLAIM, ECHO};
use crate::support::Request;

/// A payload of page 42 with these events.
fn payload(events: &[&str]) -> String {
    format!(
        r#"{{"object":"page","entry":[{{"id":"42","time":1458692752999,"messaging":[{}]}}]}}"#,
        events.join(",")
    )
}

/// An event between these two that has `content`.
fn event(sender: &str, recipient: &str, content: &str) -> String {
    format!(
        r#"{{"sender":{{"id":{sender}}},"recipient":{{"id":{recipient}}},"timestamp":1458692752478,{content}}}"#
    )
}

/// A customer's message.
fn message(id: &str) -> String {
    event(
        "\"7\"",
        "\"42\"",
        &format!(r#""message":{{"mid":"{id}","text":"hi"}}"#),
    )
}

/// What the bot sent, as Meta reports it.
fn echo(id: &str) -> String {
    let content = format!(r#""message":{{"mid":"{id}","is_echo":true,"app_id":5}}"#);
    event("\"42\"", "\"7\"", &content)
}

/// The claim of a message of page 42.
fn claim_of(id: &str) -> Request {
    Request::post(CLAIM).json(&format!(
        r#"{{"object_id":"{id}","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"42"}}"#
    ))
}

/// The echo of a message of page 42.
fn echo_of(id: &str) -> Request {
    Request::post(ECHO).json(&format!(
        r#"{{"object_id":"{id}","published_at":1458692752478,"source":"facebook","account_id":"42"}}"#
    ))
}
