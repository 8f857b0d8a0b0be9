//! Whole payloads: several events, no events, other objects, and malformed parts.

use super::{
    NO_ID, NO_MESSAGE, SENT, expanded, from_customer, from_page, messaging, only_summary, options,
    page, summaries,
};
use crate::api_facts::Action;
use crate::message::ExpandOptions;

#[test]
fn the_same_message_twice_in_a_payload_is_sent_once() {
    let one = from_customer(r#""message":{"mid":"m_1"}"#);
    let two = from_customer(r#""message":{"mid":"M_1"}"#);
    let postback = from_customer(r#""postback":{"mid":"m_1"}"#);
    let payload = format!(
        r#"{{"object":"page","entry":[{{"id":"42","messaging":[{one},{two},{one}]}},{{"id":"42","messaging":[{postback}]}}]}}"#
    );
    let again = "skip: the same message again";
    assert_eq!(
        summaries(&payload, &options(Action::Claim)),
        [SENT, "send M_1 of 42", again, again]
    );
    // A later payload may be Meta's second attempt after a crash, so its messages are sent again.
    assert_eq!(
        summaries(&format!("[{payload},{payload}]"), &options(Action::Claim)).len(),
        8
    );
    let lists = format!(r#""messaging":[{one}],"standby":[{one}]"#);
    let with_standby = ExpandOptions {
        standby: true,
        ..options(Action::Claim)
    };
    assert_eq!(summaries(&page(&lists), &with_standby), [SENT, again]);
}

#[test]
fn an_event_that_cannot_be_sent_does_not_block_a_duplicate() {
    let good = from_customer(r#""message":{"mid":"m_1"}"#);
    let no_time = good.replace("1458692752478", "0");
    let swapped = from_page(r#""message":{"mid":"m_1"}"#);
    let payload = page(&format!(r#""messaging":[{swapped},{no_time},{good}]"#));
    assert_eq!(
        summaries(&payload, &options(Action::Claim)),
        [
            "skip: its recipient is not the page",
            "invalid: timestamp is missing",
            SENT
        ]
    );
}

#[test]
fn a_payload_of_another_object_is_skipped_event_by_event() {
    let event = from_customer(r#""message":{"mid":"m_1"}"#);
    for (object, why) in [
        (
            r#""instagram""#,
            r#"skip: the payload is about "instagram", not about a Facebook page"#,
        ),
        (
            r#""permissions""#,
            r#"skip: the payload is about "permissions", not about a Facebook page"#,
        ),
        (
            r#""Page""#,
            r#"skip: the payload is about "Page", not about a Facebook page"#,
        ),
        (
            "7",
            "skip: the payload doesn't say that it is about a Facebook page",
        ),
        (
            "null",
            "skip: the payload doesn't say that it is about a Facebook page",
        ),
    ] {
        let payload = page(&format!(
            r#""messaging":[{event}],"standby":[{event}],"changes":[{{}}]"#
        ))
        .replacen(r#""page""#, object, 1);
        assert_eq!(summaries(&payload, &options(Action::Claim)), [why; 3]);
    }
}

#[test]
fn a_payload_of_another_object_is_skipped_even_without_events() {
    let payload = r#"{"object":"permissions","entry":[{"id":"1","time":1458692752,"changed_fields":["email"],"uid":"1"}]}"#;
    assert_eq!(
        only_summary(payload, &options(Action::Claim)),
        r#"skip: the payload is about "permissions", not about a Facebook page"#
    );
}

#[test]
fn a_payload_without_events_is_valid() {
    for payload in [
        r#"{"object":"page","entry":[]}"#.to_owned(),
        r#"{"entry":[{"id":"42","time":1}],"object":"page"}"#.to_owned(),
        page(r#""messaging":[]"#),
        page(r#""standby":[],"changes":[]"#),
        page(r#""messaging":null,"standby":null"#),
    ] {
        for action in [Action::Claim, Action::Echo] {
            let summary = only_summary(&payload, &options(action));
            assert_eq!(summary, "skip: a payload without events", "{payload}");
        }
    }
}

#[test]
fn a_malformed_part_of_a_payload_costs_only_itself() {
    let good = from_customer(r#""message":{"mid":"m_1"}"#);
    let no_event = "invalid: an event of the payload is not an object";
    for (payload, expected) in [
        (
            r#"{"object":"page","entry":{"id":"42"}}"#.to_owned(),
            &["invalid: the payload's entry is not an array"][..],
        ),
        (
            r#"{"object":"page","entry":"x"}"#.to_owned(),
            &["invalid: the payload's entry is not an array"],
        ),
        (
            format!(r#"{{"object":"page","entry":[7,[],{{"id":"42","messaging":[{good}]}}]}}"#),
            &[
                "invalid: an entry of the payload is not an object",
                "invalid: an entry of the payload is not an object",
                SENT,
            ],
        ),
        (
            page(r#""messaging":{"0":{}}"#),
            &["invalid: the payload's messaging is not an array"],
        ),
        (
            messaging(&format!("null,7,\"x\",[{good}],{good}")),
            &[no_event, no_event, no_event, no_event, SENT],
        ),
        (
            messaging(&from_customer(r#""message":null"#)),
            &[NO_MESSAGE],
        ),
        (messaging(&from_customer(r#""message":"hi""#)), &[NO_ID]),
        (
            messaging(&from_customer(r#""message":[{"mid":"m_1"}]"#)),
            &[NO_ID],
        ),
        (messaging(&from_customer(r#""message":{}"#)), &[NO_ID]),
        (
            messaging(&from_customer(r#""message":{"mid":7}"#)),
            &["invalid: mid is not a non-empty string"],
        ),
        (
            messaging(&from_customer(r#""message":{"mid":" "}"#)),
            &["invalid: mid is not a non-empty string"],
        ),
        (
            messaging(r#"{"message":{"mid":"m_1"},"timestamp":1458692752478}"#),
            &["skip: its recipient is not the page"],
        ),
        (
            messaging(r#"{"message":{"mid":"m_1"},"sender":"7","recipient":"42"}"#),
            &["skip: its recipient is not the page"],
        ),
        (messaging("{}"), &[NO_MESSAGE]),
    ] {
        assert_eq!(
            summaries(&payload, &options(Action::Claim)),
            expected,
            "{payload}"
        );
    }
}

#[test]
fn a_skipped_message_keeps_its_ids() {
    let payload = messaging(&from_page(r#""message":{"mid":"m_1"}"#));
    let [Err(skipped)] = &expanded(&payload, &options(Action::Claim))[..] else {
        panic!("not skipped");
    };
    assert_eq!(skipped.ids.object_id.as_deref(), Some("m_1"));
    assert_eq!(skipped.ids.account_id.as_deref(), Some("42"));
}

#[test]
fn payloads_may_be_in_arrays() {
    let payload = messaging(&from_customer(r#""message":{"mid":"m_1"}"#));
    assert_eq!(
        summaries(&format!("[{payload},[{payload}]]"), &options(Action::Claim)),
        [SENT, SENT]
    );
}
