//! Webhook payloads and Send API responses, as a bot gets them.

mod payloads;
mod responses;
mod whose;

use crate::example::{CLAIM, ECHO};
use crate::support::Request;

/// A payload of page 42 with these events.
fn payload(events: &[&str]) -> String {
    format!(
        r#"{{"object":"page","entry":[{{"id":"42","time":1458692752999,"messaging":[{}]}}]}}"#,
        events.join(",")
    )
}

/// An event of the customer 7 that has `content`.
fn from_customer(content: &str) -> String {
    format!(
        r#"{{"sender":{{"id":"7"}},"recipient":{{"id":"42"}},"timestamp":1458692752478,{content}}}"#
    )
}

/// An event of the page itself that has `content`.
fn from_page(content: &str) -> String {
    format!(
        r#"{{"sender":{{"id":"42"}},"recipient":{{"id":"7"}},"timestamp":1458692752478,{content}}}"#
    )
}

/// A customer's message.
fn message(id: &str) -> String {
    from_customer(&format!(r#""message":{{"mid":"{id}","text":"hi"}}"#))
}

/// What the bot sent, as Meta reports it.
fn echo(id: &str) -> String {
    from_page(&format!(
        r#""message":{{"mid":"{id}","is_echo":true,"app_id":5}}"#
    ))
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
