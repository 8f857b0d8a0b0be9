//! The time of a message is the event's own `timestamp`, not the entry's `time`.

use super::{expanded, from_customer, from_page, messaging, only_summary, options};
use crate::api_facts::Action;

/// A customer's message with `timestamp`, which is a field with a comma before it, or empty.
fn at(timestamp: &str) -> String {
    let event = from_customer(r#""message":{"mid":"m_1"}"#);
    messaging(&event.replace(r#","timestamp":1458692752478"#, timestamp))
}

#[test]
fn every_form_of_a_timestamp_is_sent_in_milliseconds() {
    for (timestamp, sent) in [
        (r#","timestamp":1492414608982"#, "1492414608982"),
        (r#","timestamp":"1492414608982""#, "1492414608982"),
        (r#","timestamp":1492414608982.0"#, "1492414608982"),
        (r#","timestamp":1492414608.0"#, "1492414608000"),
        (r#","timestamp":1492414608"#, "1492414608000"),
        (r#","timestamp":"1492414608""#, "1492414608000"),
    ] {
        let [Ok(message)] = &expanded(&at(timestamp), &options(Action::Claim))[..] else {
            panic!("{timestamp}");
        };
        assert_eq!(
            message.body,
            format!(
                r#"{{"object_id":"m_1","published_at":{sent},"source":"facebook","state":"closed","account_id":"42"}}"#
            )
        );
    }
}

#[test]
fn an_echo_has_no_state() {
    let payload = messaging(&from_page(r#""message":{"mid":"m_1","is_echo":true}"#));
    let [Ok(message)] = &expanded(&payload, &options(Action::Echo))[..] else {
        panic!("not sent");
    };
    assert_eq!(
        message.body,
        r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","account_id":"42"}"#
    );
}

#[test]
fn a_message_without_a_timestamp_is_invalid() {
    for timestamp in [
        "",
        r#","timestamp":null"#,
        r#","timestamp":0"#,
        r#","timestamp":"0""#,
    ] {
        let payload = at(timestamp);
        assert_eq!(
            only_summary(&payload, &options(Action::Claim)),
            "invalid: timestamp is missing",
            "{timestamp}"
        );
        let [Err(invalid)] = &expanded(&payload, &options(Action::Claim))[..] else {
            panic!("not invalid");
        };
        assert_eq!(invalid.ids.object_id.as_deref(), Some("m_1"));
        assert_eq!(invalid.ids.account_id.as_deref(), Some("42"));
    }
}

#[test]
fn an_invalid_timestamp_is_reported() {
    for (timestamp, why) in [
        (
            r#","timestamp":"yesterday""#,
            r#"timestamp "yesterday" is not a time"#,
        ),
        (r#","timestamp":true"#, "timestamp true is not a time"),
        (r#","timestamp":{}"#, "timestamp {} is not a time"),
        (
            r#","timestamp":-1458692752478"#,
            "timestamp -1458692752478 is before the year 2000",
        ),
        (
            r#","timestamp":1458692752478.5"#,
            "timestamp 1458692752478.5 is not a time",
        ),
        (
            r#","timestamp":123"#,
            "timestamp 123 is before the year 2000",
        ),
        (
            r#","timestamp":1767500000000"#,
            "timestamp 1767500000000 is more than a day ahead",
        ),
        (
            r#","timestamp":1458692752478000"#,
            "timestamp 1458692752478000 is more than a day ahead",
        ),
    ] {
        let summary = only_summary(&at(timestamp), &options(Action::Claim));
        assert!(
            summary.starts_with(&format!("invalid: {why} (use epoch")),
            "{summary}"
        );
    }
}

#[test]
fn a_skipped_event_needs_no_timestamp() {
    for event in [
        r#"{"sender":{"id":"42"},"recipient":{"id":"7"},"message":{"mid":"m_1","is_echo":true}}"#,
        r#"{"sender":{"id":"7"},"recipient":{"id":"42"},"read":{"watermark":1}}"#,
        r#"{"sender":{"id":"42"},"recipient":{"id":"7"},"message":{"mid":"m_1"}}"#,
    ] {
        assert!(only_summary(&messaging(event), &options(Action::Claim)).starts_with("skip: "));
    }
}
