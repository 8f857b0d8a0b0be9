//! Every form of a Send API response, for both actions.

use super::super::{Defaults, ExpandOptions, Expanded, PublishedAt, expand};
use crate::api::Action;

const NOTHING_SENT: &str =
    "skip: a Send API response without a message: nothing was sent to the customer";
const ERROR: &str = "skip: a Send API error: nothing was sent to the customer";

fn options(action: Action) -> ExpandOptions {
    ExpandOptions {
        action,
        defaults: Defaults {
            published_at: None,
            account_id: Some("42".to_owned()),
        },
        validate: true,
        standby: false,
        app_id: None,
    }
}

/// What `response` comes to: the body to be sent, or why there is none.
fn told(response: &str, options: &ExpandOptions) -> Vec<String> {
    let now = "2026-01-02T03:04:05.678Z".parse().unwrap();
    let mut told = Vec::new();
    expand(response, options, now, &mut |item| {
        told.push(match item {
            Expanded::Message(message) => message.body,
            Expanded::Skipped(skipped) => format!("skip: {}", skipped.reason),
            Expanded::Invalid(invalid) => format!("invalid: {}", invalid.reason),
        });
        Ok::<(), ()>(())
    })
    .unwrap();
    told
}

#[test]
fn an_echo_takes_the_message_that_a_response_names_as_sent_now() {
    let body =
        r#"{"object_id":"m_1","published_at":1767323045678,"source":"facebook","account_id":"42"}"#;
    for response in [
        r#"{"recipient_id":"7","message_id":"m_1"}"#,
        r#"{"message_id":"m_1","recipient_id":7}"#,
        r#"{"message_id":"m_1"}"#,
        r#"{"recipient_id":"7","message_id":"m_1","attachment_id":"9"}"#,
        r#"{"recipient_id":null,"message_id":"m_1","error":null}"#,
    ] {
        assert_eq!(told(response, &options(Action::Echo)), [body], "{response}");
    }
    assert_eq!(
        told(
            r#"[{"message_id":"m_1"},{"message_id":"m_1"}]"#,
            &options(Action::Echo)
        ),
        [body, body]
    );
}

#[test]
fn a_flag_may_say_when_it_was_sent() {
    let mut options = options(Action::Echo);
    let now = "2026-01-02T03:04:05Z".parse().unwrap();
    options.defaults.published_at = PublishedAt::parse("2026-01-01T00:00:00+10:00", now).ok();
    assert_eq!(
        told(r#"{"message_id":"m_1"}"#, &options),
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
        assert_eq!(told(response, &options(Action::Echo)), [why], "{response}");
    }
}

#[test]
fn a_claim_skips_them_all() {
    for response in [
        r#"{"recipient_id":"7","message_id":"m_1"}"#,
        r#"{"message_id":"m_1"}"#,
        r#"{"message_id":7}"#,
        r#"{"attachment_id":"9"}"#,
        r#"{"error":{"code":100}}"#,
    ] {
        assert_eq!(
            told(response, &options(Action::Claim)),
            ["skip: a Send API response: the bot sent it"],
            "{response}"
        );
    }
}

#[test]
fn a_response_that_can_not_be_sent_is_invalid() {
    for id in ["7", r#""""#, r#"" ""#, "{}"] {
        let response = format!(r#"{{"recipient_id":"7","message_id":{id}}}"#);
        assert_eq!(
            told(&response, &options(Action::Echo)),
            ["invalid: message_id is not a non-empty string"]
        );
    }
    let mut without_page = options(Action::Echo);
    without_page.defaults.account_id = None;
    assert_eq!(
        told(r#"{"recipient_id":"7","message_id":"m_1"}"#, &without_page),
        [format!("invalid: {}", super::super::body::NO_ACCOUNT_ID)]
    );
}

#[test]
fn the_customer_never_takes_the_place_of_the_page() {
    for response in [
        r#"{"recipient_id":"7","message_id":"m_1"}"#,
        r#"{"recipient_id":"7","message_id":"m_1","id":"7"}"#,
    ] {
        let [body] = &told(response, &options(Action::Echo))[..] else {
            panic!("{response}");
        };
        assert!(body.ends_with(r#","account_id":"42"}"#), "{body}");
    }
}
