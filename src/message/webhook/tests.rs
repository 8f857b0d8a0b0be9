//! What each event of a payload comes to, by the table of events; and that no payload, however odd, makes a
//! message of anything else.

mod odd;
mod payloads;
mod times;
mod whose;

use super::super::{Defaults, ExpandOptions, Expanded, expand};
use crate::api::Action;

/// Meta's Page Inbox, in the two forms in which an ID can stand.
const PAGE_INBOX: [&str; 2] = ["263902037430900", r#""263902037430900""#];

fn options(action: Action) -> ExpandOptions {
    ExpandOptions {
        action,
        defaults: Defaults::default(),
        validate: true,
        standby: false,
        app_id: None,
    }
}

fn items(payload: &str, options: &ExpandOptions) -> Vec<Expanded> {
    let now = "2026-01-02T03:04:05Z".parse().unwrap();
    let mut items = Vec::new();
    expand(payload, options, now, &mut |item| {
        items.push(item);
        Ok::<(), ()>(())
    })
    .unwrap();
    items
}

/// An item in a few words: `send m_1 of 42`, `skip: why`, `invalid: why`.
fn told(item: Expanded) -> String {
    match item {
        Expanded::Message(message) => format!(
            "send {} of {}",
            message.ids.object_id.unwrap(),
            message.ids.account_id.unwrap()
        ),
        Expanded::Skipped(not_sent) => format!("skip: {}", not_sent.reason),
        Expanded::Invalid(not_sent) => format!("invalid: {}", not_sent.reason),
    }
}

fn all_told(payload: &str, options: &ExpandOptions) -> Vec<String> {
    items(payload, options).into_iter().map(told).collect()
}

/// What `payload`, which has one event, comes to.
#[track_caller]
fn one(payload: &str, options: &ExpandOptions) -> String {
    let [told] = <[String; 1]>::try_from(all_told(payload, options)).expect("one item");
    told
}

/// A payload of page 42 with these lists.
fn page(lists: &str) -> String {
    format!(r#"{{"object":"page","entry":[{{"id":"42","time":1458692752999,{lists}}}]}}"#)
}

/// A payload of page 42 with this event.
fn messaging(event: &str) -> String {
    page(&format!(r#""messaging":[{event}]"#))
}

/// An event between these two, of which `content` says what it is.
fn event(sender: &str, recipient: &str, content: &str) -> String {
    format!(
        r#"{{"sender":{{"id":{sender}}},"recipient":{{"id":{recipient}}},"timestamp":1458692752478{}{content}}}"#,
        if content.is_empty() { "" } else { "," }
    )
}

/// An event that a customer caused.
fn from_customer(content: &str) -> String {
    event(r#""7""#, r#""42""#, content)
}

/// An event that the page caused.
fn from_page(content: &str) -> String {
    event(r#""42""#, r#""7""#, content)
}

const SENT: &str = "send m_1 of 42";

const NO_ID: &str = "skip: it has no message ID";

const NO_MESSAGE: &str = "skip: not a message";

const BY_CUSTOMER: &str = "skip: the customer sent it";

const UNSENT: &str = "skip: a notice that an earlier message was unsent";

#[test]
fn what_a_customer_sent_is_claimed() {
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
        assert_eq!(one(&payload, &options(Action::Claim)), SENT, "{content}");
        assert_eq!(
            one(&payload, &options(Action::Echo)),
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
        assert_eq!(one(&payload, &options(Action::Claim)), claim, "{content}");
        assert_eq!(
            one(&payload, &options(Action::Echo)),
            BY_CUSTOMER,
            "{content}"
        );
    }
}

#[test]
fn what_the_page_sent_is_echoed() {
    for content in [
        r#""message":{"mid":"m_1","is_echo":true,"text":"hello"}"#,
        r#""message":{"is_echo":true,"app_id":1517776481860111,"metadata":"x","mid":"m_1"}"#,
        r#""message":{"is_echo":true,"app_id":null,"mid":"m_1","reply_to":{"mid":"m_2"}}"#,
    ] {
        let payload = messaging(&from_page(content));
        assert_eq!(one(&payload, &options(Action::Echo)), SENT, "{content}");
        assert_eq!(
            one(&payload, &options(Action::Claim)),
            "skip: the page sent it",
            "{content}"
        );
    }
}

#[test]
fn a_notice_that_a_message_was_unsent_is_skipped() {
    let payload = messaging(&from_customer(
        r#""message":{"mid":"m_1","is_deleted":true}"#,
    ));
    assert_eq!(one(&payload, &options(Action::Claim)), UNSENT);
    assert_eq!(one(&payload, &options(Action::Echo)), BY_CUSTOMER);
    let payload = messaging(&from_page(
        r#""message":{"mid":"m_1","is_echo":true,"is_deleted":true}"#,
    ));
    assert_eq!(one(&payload, &options(Action::Echo)), UNSENT);
    assert!(one(&payload, &options(Action::Claim)).starts_with("skip: "));
}

#[test]
fn other_events_are_skipped_whatever_message_ids_they_have() {
    for (content, why) in [
        (
            r#""message_edit":{"mid":"m_1","text":"x","num_edit":1}"#,
            "skip: an edit of an earlier message",
        ),
        (
            r#""reaction":{"mid":"m_1","action":"react","emoji":"x"}"#,
            "skip: a reaction to an earlier message",
        ),
        (
            r#""delivery":{"mids":["m_1"],"mid":"m_1","watermark":1458668856253}"#,
            "skip: a delivery report",
        ),
        (
            r#""read":{"watermark":1458668856253,"mid":"m_1"}"#,
            "skip: a read report",
        ),
        (
            r#""policy-enforcement":{"action":"block","reason":"x"}"#,
            "skip: a notice of Meta's about its policies",
        ),
        (r#""optin":{"ref":"x","mid":"m_1"}"#, NO_MESSAGE),
        (
            r#""referral":{"ref":"x","source":"SHORTLINK","mid":"m_1"}"#,
            NO_MESSAGE,
        ),
        (r#""account_linking":{"status":"linked"}"#, NO_MESSAGE),
        (
            r#""pass_thread_control":{"new_owner_app_id":"1"}"#,
            NO_MESSAGE,
        ),
        (
            r#""take_thread_control":{"previous_owner_app_id":"1"}"#,
            NO_MESSAGE,
        ),
        (
            r#""request_thread_control":{"requested_owner_app_id":1}"#,
            NO_MESSAGE,
        ),
        (r#""app_roles":{"1":["primary_receiver"]}"#, NO_MESSAGE),
        (r#""message_of_2030":{"mid":"m_1"}"#, NO_MESSAGE),
        (r#""Message":{"mid":"m_1"}"#, NO_MESSAGE),
        (r#""mid":"m_1""#, NO_MESSAGE),
        ("", NO_MESSAGE),
    ] {
        for payload in [from_customer(content), from_page(content)] {
            let payload = messaging(&payload);
            for action in [Action::Claim, Action::Echo] {
                assert_eq!(one(&payload, &options(action)), why, "{action} {content}");
            }
        }
    }
}

#[test]
fn changes_are_never_messages() {
    let change = r#"{"field":"messages","value":{"sender":{"id":"7"},"recipient":{"id":"42"},"timestamp":1458692752478,"message":{"mid":"m_1"}}}"#;
    let lists = format!(
        r#""changes":[{change},{{"field":"feed","value":{{"item":"comment"}}}},{}]"#,
        from_customer(r#""message":{"mid":"m_1"}"#)
    );
    for action in [Action::Claim, Action::Echo] {
        assert_eq!(
            all_told(&page(&lists), &options(action)),
            ["skip: a change on the page, not a Messenger message"; 3]
        );
    }
}

#[test]
fn events_in_standby_are_the_bots_only_if_it_says_so() {
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
            all_told(&payload, &options),
            [
                SENT,
                "skip: in standby: another app has the conversation",
                others
            ]
        );
        options.standby = true;
        assert_eq!(
            all_told(&payload, &options),
            [SENT, "send m_2 of 42", others]
        );
    }
}
