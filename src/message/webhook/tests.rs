//! Which events of a payload are claimed, echoed and skipped.

mod page_and_app;
mod payloads;
mod properties;
mod timestamp;

use crate::api_facts::Action;
use crate::message::tests::{expanded, options, reason};
use crate::message::{ExpandOptions, Expanded};

/// The app ID of Meta's Page Inbox, as a JSON number and as a string.
const PAGE_INBOX: [&str; 2] = ["263902037430900", r#""263902037430900""#];

/// `send MESSAGE of PAGE`, `skip: REASON` or `invalid: REASON`.
fn summary(expanded: Expanded) -> String {
    expanded.map_or_else(reason, |message| {
        format!(
            "send {} of {}",
            message.ids.object_id.unwrap(),
            message.ids.account_id.unwrap()
        )
    })
}

fn summaries(payload: &str, options: &ExpandOptions) -> Vec<String> {
    expanded(payload, options)
        .into_iter()
        .map(summary)
        .collect()
}

/// The summary of the only event of `payload`.
#[track_caller]
fn only_summary(payload: &str, options: &ExpandOptions) -> String {
    let [summary] = <[String; 1]>::try_from(summaries(payload, options)).expect("one event");
    summary
}

/// A payload of page 42 with these lists.
fn page(lists: &str) -> String {
    format!(r#"{{"object":"page","entry":[{{"id":"42","time":1458692752999,{lists}}}]}}"#)
}

/// A payload of page 42 with this event.
fn messaging(event: &str) -> String {
    page(&format!(r#""messaging":[{event}]"#))
}

/// An event from `sender` to `recipient` with these further fields.
fn event(sender: &str, recipient: &str, content: &str) -> String {
    format!(
        r#"{{"sender":{{"id":{sender}}},"recipient":{{"id":{recipient}}},"timestamp":1458692752478{}{content}}}"#,
        if content.is_empty() { "" } else { "," }
    )
}

/// An event that customer 7 caused.
fn from_customer(content: &str) -> String {
    event(r#""7""#, r#""42""#, content)
}

/// An event that page 42 caused.
fn from_page(content: &str) -> String {
    event(r#""42""#, r#""7""#, content)
}

const SENT: &str = "send m_1 of 42";

const NO_ID: &str = "skip: it has no message ID";

const NO_MESSAGE: &str = "skip: not a message";

const BY_CUSTOMER: &str = "skip: the customer sent it";

const UNSENT: &str = "skip: a notice that an earlier message was unsent";

#[test]
fn a_customers_message_is_claimed() {
    for content in [
        r#""message":{"mid":"m_1","text":"hi"}"#,
        r#""message":{"mid":"m_1","seq":73,"attachments":[{"type":"image","payload":{"url":"https://x","mid":"m_2"}}]}"#,
        r#""message":{"mid":"m_1","text":"Red","quick_reply":{"payload":"RED","mid":"m_2"}}"#,
        r#""message":{"mid":"m_1","is_unsupported":true}"#,
        r#""message":{"mid":"m_1","is_echo":false,"is_deleted":false}"#,
        r#""message":{"reply_to":{"mid":"m_2"},"mid":"m_1","text":"yes"}"#,
        r#""message":{"mid":"m_1","referral":{"product":{"id":"9"}}},"referral":{"ref":"x"}"#,
        r#""delivery":{"mids":["m_2"]},"message":{"mid":"m_1"}"#,
    ] {
        let payload = messaging(&from_customer(content));
        assert_eq!(
            only_summary(&payload, &options(Action::Claim)),
            SENT,
            "{content}"
        );
        assert_eq!(
            only_summary(&payload, &options(Action::Echo)),
            BY_CUSTOMER,
            "{content}"
        );
    }
}

#[test]
fn a_postback_is_claimed_by_its_own_message_id() {
    for (content, claim) in [
        (
            r#""postback":{"mid":"m_1","title":"Start","payload":"GO"}"#,
            SENT,
        ),
        (r#""postback":{"title":"Start","payload":"GO"}"#, NO_ID),
        (
            r#""postback":{"payload":"GO","referral":{"mid":"m_2"}}"#,
            NO_ID,
        ),
        (r#""postback":{"mid":null}"#, NO_ID),
    ] {
        let payload = messaging(&from_customer(content));
        assert_eq!(
            only_summary(&payload, &options(Action::Claim)),
            claim,
            "{content}"
        );
        assert_eq!(
            only_summary(&payload, &options(Action::Echo)),
            BY_CUSTOMER,
            "{content}"
        );
    }
}

#[test]
fn a_message_of_the_page_is_echoed() {
    for content in [
        r#""message":{"mid":"m_1","is_echo":true,"text":"hello"}"#,
        r#""message":{"is_echo":true,"app_id":1517776481860111,"metadata":"x","mid":"m_1"}"#,
        r#""message":{"is_echo":true,"app_id":null,"mid":"m_1","reply_to":{"mid":"m_2"}}"#,
    ] {
        let payload = messaging(&from_page(content));
        assert_eq!(
            only_summary(&payload, &options(Action::Echo)),
            SENT,
            "{content}"
        );
        assert_eq!(
            only_summary(&payload, &options(Action::Claim)),
            "skip: the page sent it",
            "{content}"
        );
    }
}

#[test]
fn an_unsend_notice_is_skipped() {
    let payload = messaging(&from_customer(
        r#""message":{"mid":"m_1","is_deleted":true}"#,
    ));
    assert_eq!(only_summary(&payload, &options(Action::Claim)), UNSENT);
    assert_eq!(only_summary(&payload, &options(Action::Echo)), BY_CUSTOMER);
    let payload = messaging(&from_page(
        r#""message":{"mid":"m_1","is_echo":true,"is_deleted":true}"#,
    ));
    assert_eq!(only_summary(&payload, &options(Action::Echo)), UNSENT);
    assert!(only_summary(&payload, &options(Action::Claim)).starts_with("skip: "));
}

#[test]
fn other_events_are_skipped_even_with_message_ids() {
    for content in [
        r#""message_edit":{"mid":"m_1","text":"x","num_edit":1}"#,
        r#""reaction":{"mid":"m_1","action":"react","emoji":"x"}"#,
        r#""delivery":{"mids":["m_1"],"mid":"m_1","watermark":1458668856253}"#,
        r#""read":{"watermark":1458668856253,"mid":"m_1"}"#,
        r#""policy-enforcement":{"action":"block","reason":"x"}"#,
        r#""optin":{"ref":"x","mid":"m_1"}"#,
        r#""referral":{"ref":"x","source":"SHORTLINK","mid":"m_1"}"#,
        r#""account_linking":{"status":"linked"}"#,
        r#""pass_thread_control":{"new_owner_app_id":"1"}"#,
        r#""take_thread_control":{"previous_owner_app_id":"1"}"#,
        r#""request_thread_control":{"requested_owner_app_id":1}"#,
        r#""app_roles":{"1":["primary_receiver"]}"#,
        r#""message_of_2030":{"mid":"m_1"}"#,
        r#""Message":{"mid":"m_1"}"#,
        r#""mid":"m_1""#,
        r#""hop_context":[{"metadata":"x"}],"mid":"m_1""#,
        "",
    ] {
        let why = match content.split_once(":{") {
            Some((name, _)) => format!("skip: not a message, but {name}"),
            None => NO_MESSAGE.to_owned(),
        };
        for payload in [from_customer(content), from_page(content)] {
            let payload = messaging(&payload);
            for action in [Action::Claim, Action::Echo] {
                assert_eq!(
                    only_summary(&payload, &options(action)),
                    why,
                    "{action} {content}"
                );
            }
        }
    }
}

#[test]
fn changes_are_skipped() {
    let change = r#"{"field":"messages","value":{"sender":{"id":"7"},"recipient":{"id":"42"},"timestamp":1458692752478,"message":{"mid":"m_1"}}}"#;
    let lists = format!(
        r#""changes":[{change},{{"field":"feed","value":{{"item":"comment"}}}},{}]"#,
        from_customer(r#""message":{"mid":"m_1"}"#)
    );
    for action in [Action::Claim, Action::Echo] {
        assert_eq!(
            summaries(&page(&lists), &options(action)),
            ["skip: a change on the page, not a Messenger message"; 3]
        );
    }
}

#[test]
fn standby_events_are_sent_only_with_the_standby_option() {
    let lists = |one: &str, two: &str| {
        page(&format!(
            r#""standby":[{two}],"messaging":[{one}],"changes":[{{}}]"#
        ))
    };
    let customers = lists(
        &from_customer(r#""message":{"mid":"m_1"}"#),
        &from_customer(r#""message":{"mid":"m_2"}"#),
    );
    let pages = lists(
        &from_page(r#""message":{"mid":"m_1","is_echo":true}"#),
        &from_page(r#""message":{"mid":"m_2","is_echo":true}"#),
    );
    for (action, payload) in [(Action::Claim, customers), (Action::Echo, pages)] {
        let others = "skip: a change on the page, not a Messenger message";
        let mut options = options(action);
        assert_eq!(
            summaries(&payload, &options),
            [
                SENT,
                "skip: in standby: another app has the conversation",
                others
            ]
        );
        options.standby = true;
        assert_eq!(
            summaries(&payload, &options),
            [SENT, "send m_2 of 42", others]
        );
    }
}
