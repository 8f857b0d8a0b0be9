//! Which page and which app an event belongs to.

use super::{
    PAGE_INBOX, SENT, event, expanded, from_customer, from_page, messaging, only_summary, options,
};
use crate::api_facts::Action;
use crate::message::ExpandOptions;

#[test]
fn only_echoes_of_the_bots_own_app_are_sent() {
    let echo = |app: &str, own: Option<&str>| {
        let content = format!(r#""message":{{"mid":"m_1","is_echo":true{app}}}"#);
        let options = ExpandOptions {
            app_id: own.map(str::to_owned),
            ..options(Action::Echo)
        };
        only_summary(&messaging(&from_page(&content)), &options)
    };
    for (app, own, expected) in [
        ("", Some("any"), SENT),
        (r#","app_id":5"#, Some("any"), SENT),
        (
            "",
            None,
            "this echo names no app, and the bot's own app isn't known",
        ),
        (
            r#","app_id":5"#,
            None,
            "app 5 sent this echo, and the bot's own app isn't known",
        ),
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
        assert_eq!(echo(app, own), expected, "{app} {own:?}");
    }
    for inbox in PAGE_INBOX {
        for own in [None, Some("any"), Some("5"), Some("263902037430900")] {
            let app = format!(r#","app_id":{inbox}"#);
            assert_eq!(
                echo(&app, own),
                "skip: a person sent it in Meta's Page Inbox"
            );
        }
    }
}

#[test]
fn the_page_must_be_the_page_of_the_entry() {
    let claim = |sender, recipient| {
        let event = event(sender, recipient, r#""message":{"mid":"m_1"}"#);
        only_summary(&messaging(&event), &options(Action::Claim))
    };
    let echo = |sender, recipient| {
        let event = event(
            sender,
            recipient,
            r#""message":{"mid":"m_1","is_echo":true}"#,
        );
        only_summary(&messaging(&event), &options(Action::Echo))
    };
    let no_page = "skip: its recipient is not the page";
    let not_sender = "skip: its sender is not the page";
    for (sender, recipient, claimed, echoed) in [
        (r#""7""#, r#""42""#, SENT, not_sender),
        ("7", "42", SENT, not_sender),
        // The customer may be unknown.
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
fn events_of_an_entry_without_a_page_are_skipped() {
    let event = from_customer(r#""message":{"mid":"m_1"}"#);
    for id in ["", r#""id":null,"#, r#""id":"","#, r#""id":["42"],"#] {
        let payload = format!(r#"{{"object":"page","entry":[{{{id}"messaging":[{event}]}}]}}"#);
        assert_eq!(
            only_summary(&payload, &options(Action::Claim)),
            "skip: its recipient is not the page"
        );
    }
}

#[test]
fn numeric_ids_keep_their_digits() {
    for id in [
        "9007199254740993",
        "18446744073709551617",
        "123456789012345678901234567890",
    ] {
        let event = event("7", id, r#""message":{"mid":"m_1"}"#);
        let payload =
            format!(r#"{{"object":"page","entry":[{{"id":{id},"messaging":[{event}]}}]}}"#);
        let [Ok(message)] = &expanded(&payload, &options(Action::Claim))[..] else {
            panic!("{payload}");
        };
        assert_eq!(
            message.body,
            format!(
                r#"{{"object_id":"m_1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"{id}"}}"#
            )
        );
        // As floating-point numbers they may be equal, but they are different pages.
        let other = payload.replacen(id, &format!("{id}0"), 1);
        assert!(only_summary(&other, &options(Action::Claim)).starts_with("skip: its recipient"));
    }
}

#[test]
fn message_ids_are_sent_unchanged() {
    for mid in [
        "mid.1457764197618:41d102a3e1ae206a38",
        "m_$cAAE-_.:b",
        "M_a",
        &"x".repeat(164),
        "é\\n\\u00e9",
    ] {
        let event = from_customer(&format!(r#""message":{{"mid":"{mid}"}}"#));
        let [Ok(message)] = &expanded(&messaging(&event), &options(Action::Claim))[..] else {
            panic!("{mid}");
        };
        let expected: String = serde_json::from_str(&format!("\"{mid}\"")).unwrap();
        assert_eq!(message.ids.object_id.as_deref(), Some(&*expected));
    }
}
