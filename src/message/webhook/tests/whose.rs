//! Whose a message is: which page's, and which app's.

use super::{PAGE_INBOX, SENT, event, from_customer, from_page, items, messaging, one, options};
use crate::api::Action;
use crate::message::{ExpandOptions, Expanded};

#[test]
fn only_the_bots_own_app_echoes() {
    let told = |app: &str, wanted: Option<&str>| {
        let content = format!(r#""message":{{"mid":"m_1","is_echo":true{app}}}"#);
        let options = ExpandOptions {
            app_id: wanted.map(str::to_owned),
            ..options(Action::Echo)
        };
        one(&messaging(&from_page(&content)), &options)
    };
    for (app, wanted, expected) in [
        ("", None, SENT),
        (r#","app_id":5"#, None, SENT),
        (r#","app_id":5"#, Some("5"), SENT),
        (r#","app_id":"5""#, Some("5"), SENT),
        (
            r#","app_id":9007199254740993"#,
            Some("9007199254740993"),
            SENT,
        ),
        (
            r#","app_id":9007199254740993"#,
            Some("9007199254740992"),
            "skip: the app 9007199254740993 sent it",
        ),
        (r#","app_id":6"#, Some("5"), "skip: the app 6 sent it"),
        ("", Some("5"), "skip: it doesn't say which app sent it"),
        (
            r#","app_id":null"#,
            Some("5"),
            "skip: it doesn't say which app sent it",
        ),
    ] {
        assert_eq!(told(app, wanted), expected, "{app} {wanted:?}");
    }
    for inbox in PAGE_INBOX {
        for wanted in [None, Some("5"), Some("263902037430900")] {
            let app = format!(r#","app_id":{inbox}"#);
            assert_eq!(
                told(&app, wanted),
                "skip: a person sent it in Meta's Page Inbox"
            );
        }
    }
}

#[test]
fn the_page_is_the_one_of_the_entry() {
    let claim = |sender, recipient| {
        let event = event(sender, recipient, r#""message":{"mid":"m_1"}"#);
        one(&messaging(&event), &options(Action::Claim))
    };
    let echo = |sender, recipient| {
        let event = event(
            sender,
            recipient,
            r#""message":{"mid":"m_1","is_echo":true}"#,
        );
        one(&messaging(&event), &options(Action::Echo))
    };
    let no_page = "skip: its recipient is not the page of its entry";
    let not_sender = "skip: its sender is not the page of its entry";
    for (sender, recipient, claimed, echoed) in [
        (r#""7""#, r#""42""#, SENT, not_sender),
        ("7", "42", SENT, not_sender),
        // Nobody knows who the customer is, and nobody has to.
        ("null", r#""42""#, SENT, not_sender),
        (r#""42""#, r#""7""#, no_page, SENT),
        ("42", "null", no_page, SENT),
        (
            r#""42""#,
            r#""42""#,
            "skip: its sender is the page itself",
            SENT,
        ),
        ("42", r#""42""#, "skip: its sender is the page itself", SENT),
        (r#""7""#, r#""43""#, no_page, not_sender),
        (r#""7""#, r#""042""#, no_page, not_sender),
        (r#""7""#, r#""42 ""#, no_page, not_sender),
        (r#""7""#, "42.0", no_page, not_sender),
        (r#""7""#, r#"{"id":"42"}"#, no_page, not_sender),
        ("null", "null", no_page, not_sender),
    ] {
        assert_eq!(claim(sender, recipient), claimed, "{sender} to {recipient}");
        assert_eq!(echo(sender, recipient), echoed, "{sender} to {recipient}");
    }
}

#[test]
fn an_entry_without_a_page_sends_nothing() {
    let event = from_customer(r#""message":{"mid":"m_1"}"#);
    for id in ["", r#""id":null,"#, r#""id":"","#, r#""id":["42"],"#] {
        let payload = format!(r#"{{"object":"page","entry":[{{{id}"messaging":[{event}]}}]}}"#);
        assert_eq!(
            one(&payload, &options(Action::Claim)),
            "skip: its recipient is not the page of its entry"
        );
    }
}

#[test]
fn ids_that_are_numbers_keep_their_digits() {
    for id in [
        "9007199254740993",
        "18446744073709551617",
        "123456789012345678901234567890",
    ] {
        let event = event("7", id, r#""message":{"mid":"m_1"}"#);
        let payload =
            format!(r#"{{"object":"page","entry":[{{"id":{id},"messaging":[{event}]}}]}}"#);
        let [Expanded::Message(message)] = &items(&payload, &options(Action::Claim))[..] else {
            panic!("{payload}");
        };
        assert_eq!(
            message.body,
            format!(
                r#"{{"object_id":"m_1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"{id}"}}"#
            )
        );
        // Numbers that are the same to a computer's arithmetic, and not the same page.
        let other = payload.replacen(id, &format!("{id}0"), 1);
        assert!(one(&other, &options(Action::Claim)).starts_with("skip: its recipient"));
    }
}

#[test]
fn message_ids_go_out_as_they_came() {
    for mid in [
        "mid.1457764197618:41d102a3e1ae206a38",
        "m_$cAAE-_.:b",
        "M_a",
        &"x".repeat(164),
        "é\\n\\u00e9",
    ] {
        let event = from_customer(&format!(r#""message":{{"mid":"{mid}"}}"#));
        let [Expanded::Message(message)] = &items(&messaging(&event), &options(Action::Claim))[..]
        else {
            panic!("{mid}");
        };
        let expected: String = serde_json::from_str(&format!("\"{mid}\"")).unwrap();
        assert_eq!(message.ids.object_id.as_deref(), Some(&*expected));
    }
}
