//! Every form of a Send API response, for both actions.

use crate::api_facts::Action;
use crate::message::tests::{bodies, options};
use crate::message::{ExpandOptions, NO_ACCOUNT_ID, PublishedAt};

const NOTHING_SENT: &str =
    "skip: a Send API response without a message: nothing was sent to the customer";
const ERROR: &str = "skip: a Send API error: nothing was sent to the customer";

fn with_page(action: Action) -> ExpandOptions {
    let mut options = options(action);
    options.account_id = Some("42".to_owned());
    options
}

#[test]
fn a_response_is_echoed_as_sent_now() {
    let body =
        r#"{"object_id":"m_1","published_at":1767323045678,"source":"facebook","account_id":"42"}"#;
    for response in [
        r#"{"recipient_id":"7","message_id":"m_1"}"#,
        r#"{"message_id":"m_1","recipient_id":7}"#,
        r#"{"message_id":"m_1"}"#,
        r#"{"recipient_id":"7","message_id":"m_1","attachment_id":"9"}"#,
        r#"{"recipient_id":null,"message_id":"m_1","error":null}"#,
    ] {
        assert_eq!(
            bodies(response, &with_page(Action::Echo)),
            [body],
            "{response}"
        );
    }
    assert_eq!(
        bodies(
            r#"[{"message_id":"m_1"},{"message_id":"m_1"}]"#,
            &with_page(Action::Echo)
        ),
        [body, body]
    );
}

#[test]
fn the_default_time_replaces_now() {
    let mut options = with_page(Action::Echo);
    let now = "2026-01-02T03:04:05Z".parse().unwrap();
    options.published_at = PublishedAt::parse("2026-01-01T00:00:00+10:00", now).ok();
    assert_eq!(
        bodies(r#"{"message_id":"m_1"}"#, &options),
        [
            r#"{"object_id":"m_1","published_at":"2026-01-01T00:00:00+10:00","source":"facebook","account_id":"42"}"#
        ]
    );
}

#[test]
fn a_response_without_a_message_is_skipped() {
    for (response, why) in [
        (r#"{"attachment_id":"9"}"#, NOTHING_SENT),
        (r#"{"recipient_id":"7"}"#, NOTHING_SENT),
        (r#"{"recipient_id":"7","message_id":null}"#, NOTHING_SENT),
        (r#"{"recipient_id":"7","attachment_id":"9"}"#, NOTHING_SENT),
        (
            r#"{"error":{"message":"(#100) No matching user","code":100}}"#,
            ERROR,
        ),
        (r#"{"recipient_id":"7","error":{"code":551}}"#, ERROR),
    ] {
        assert_eq!(
            bodies(response, &with_page(Action::Echo)),
            [why],
            "{response}"
        );
    }
}

#[test]
fn a_claim_skips_every_response() {
    for response in [
        r#"{"recipient_id":"7","message_id":"m_1"}"#,
        r#"{"message_id":"m_1"}"#,
        r#"{"message_id":7}"#,
        r#"{"attachment_id":"9"}"#,
        r#"{"error":{"code":100}}"#,
    ] {
        assert_eq!(
            bodies(response, &with_page(Action::Claim)),
            ["skip: a Send API response: the bot sent it"],
            "{response}"
        );
    }
}

#[test]
fn a_response_without_valid_ids_is_invalid() {
    for id in ["7", r#""""#, r#"" ""#, "{}"] {
        let response = format!(r#"{{"recipient_id":"7","message_id":{id}}}"#);
        assert_eq!(
            bodies(&response, &with_page(Action::Echo)),
            ["invalid: message_id is not a non-empty string"]
        );
    }
    let mut without_page = with_page(Action::Echo);
    without_page.account_id = None;
    assert_eq!(
        bodies(r#"{"recipient_id":"7","message_id":"m_1"}"#, &without_page),
        [format!("invalid: {NO_ACCOUNT_ID}")]
    );
}

#[test]
fn the_recipient_is_never_sent_as_the_page() {
    for response in [
        r#"{"recipient_id":"7","message_id":"m_1"}"#,
        r#"{"recipient_id":"7","message_id":"m_1","id":"7"}"#,
    ] {
        let [body] = &bodies(response, &with_page(Action::Echo))[..] else {
            panic!("{response}");
        };
        assert!(body.ends_with(r#","account_id":"42"}"#), "{body}");
    }
}
