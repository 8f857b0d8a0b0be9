//! What the tests of this module share, and which kind of value an object is taken for.

use super::{ExpandOptions, Expanded, NO_PAGE, NotSent, expand};
use crate::api_facts::Action;
use crate::outcome::Outcome;

/// The default options, without a page and without a time.
pub(super) fn options(action: Action) -> ExpandOptions {
    ExpandOptions {
        action: Some(action),
        published_at: None,
        account_id: None,
        validate: true,
        standby: false,
        app_id: Some("any".to_owned()),
        needs_customer: false,
    }
}

/// The messages and events in `json`.
pub(super) fn expanded(json: &str, options: &ExpandOptions) -> Vec<Expanded> {
    let now = "2026-01-02T03:04:05.678Z".parse().unwrap();
    let mut all = Vec::new();
    expand(json, options, now, &mut |expanded| {
        all.push(expanded);
        Ok(())
    })
    .unwrap();
    all
}

/// Each message of `json` as its body, anything else as `skip: reason` or `invalid: reason`.
pub(super) fn bodies(json: &str, options: &ExpandOptions) -> Vec<String> {
    let text = |expanded: Expanded| expanded.map_or_else(reason, |message| message.body);
    expanded(json, options).into_iter().map(text).collect()
}

/// `skip: REASON`, `invalid: REASON`, or the error that ends the run.
pub(super) fn reason(not_sent: NotSent) -> String {
    let NotSent {
        outcome, reason, ..
    } = not_sent;
    match not_sent.error {
        Some(error) => error.to_string(),
        None if outcome == Outcome::Skipped => format!("skip: {reason}"),
        None => format!("invalid: {reason}"),
    }
}

#[test]
fn a_body_with_fields_of_other_formats_stays_a_body() {
    let known = r#""object_id":"m_1","published_at":1458692752478"#;
    for other in [
        r#""message_id":"m_2""#,
        r#""recipient_id":"7""#,
        r#""attachment_id":"9""#,
        r#""error":{"code":100}"#,
        r#""entry":[{"id":"42"}]"#,
        r#""entry":[],"object":"page""#,
        r#""message_id":"m_2","error":"x","entry":7"#,
    ] {
        for json in [
            format!(r#"{{{known},"account_id":"42",{other}}}"#),
            format!(r#"{{{other},"account_id":"42",{known}}}"#),
        ] {
            let [body] = &bodies(&json, &options(Action::Claim))[..] else {
                panic!("{json}");
            };
            assert_eq!(
                *body,
                format!(
                    r#"{{{known},"source":"facebook","state":"closed","account_id":"42",{other}}}"#
                )
            );
        }
        // So does any field of the API but those that a bot adds to a response of the Send API.
        for (field, missing) in [
            (r#""source":"facebook""#, "object_id is missing"),
            (r#""state":"closed""#, "object_id is missing"),
            (r#""object_id":"m_1""#, "published_at is missing"),
        ] {
            let json = format!("{{{other},{field}}}");
            for action in [Action::Claim, Action::Echo] {
                assert_eq!(
                    bodies(&json, &options(action)),
                    [format!("invalid: {missing}")],
                    "{json}"
                );
            }
        }
    }
}

#[test]
fn a_send_api_response_with_a_page_and_a_time_stays_a_response() {
    for other in [r#""recipient_id":"7","#, r#""error":null,"#, ""] {
        let json =
            format!(r#"{{{other}"message_id":"m_2","account_id":42,"published_at":1458692752}}"#);
        assert_eq!(
            bodies(&json, &options(Action::Echo)),
            [
                r#"{"object_id":"m_2","published_at":1458692752000,"source":"facebook","account_id":"42"}"#
            ]
        );
        let skipped = "skip: a Send API response: the bot sent it";
        assert_eq!(bodies(&json, &options(Action::Claim)), [skipped]);
    }
    for (json, expected) in [
        (
            r#"{"message_id":"m_2","account_id":{}}"#,
            "invalid: account_id is neither a non-empty string nor an integer",
        ),
        (
            r#"{"message_id":"m_2","account_id":1,"published_at":"x"}"#,
            "invalid: published_at \"x\" is not a time",
        ),
        (
            r#"{"error":{"code":100},"account_id":"42"}"#,
            "skip: a Send API error: nothing was sent to the customer",
        ),
        (
            r#"{"attachment_id":"9","published_at":1}"#,
            "skip: a Send API response without a message: nothing was sent to the customer",
        ),
        // A body, although it lacks nearly everything.
        (
            r#"{"account_id":"42","published_at":1}"#,
            "invalid: object_id is missing",
        ),
    ] {
        let reason = bodies(json, &options(Action::Echo)).concat();
        assert!(reason.starts_with(expected), "{json}: {reason}");
    }
}

#[test]
fn an_envelope_with_fields_of_other_formats_is_not_taken_for_one() {
    let payload = r#"{"object":"page","entry":[]}"#;
    for other in [
        r#""message_id":"1""#,
        r#""error":"timeout""#,
        r#""source":"queue","state":"new""#,
        r#""sender":"gateway","recipient":"lexbot""#,
        r#""account_id":"9","published_at":1458692752478"#,
    ] {
        let json = format!(r#"{{{other},"body":{payload}}}"#);
        for action in [Action::Claim, Action::Echo] {
            let result = bodies(&json, &options(action)).concat();
            assert!(result.ends_with("jq -c '.body'"), "{json}: {result}");
        }
    }
    // A response is one, even if the bot keeps its request with it.
    let response = r#"{"recipient_id":"7","message_id":"m_1","account_id":"42","request":{"recipient":{"id":"7"}}}"#;
    let result = bodies(response, &options(Action::Echo)).concat();
    assert!(result.starts_with(r#"{"object_id":"m_1""#), "{result}");
}

#[test]
fn relay_takes_from_each_value_what_its_kind_calls_for() {
    let options = ExpandOptions {
        action: None,
        app_id: Some("5".to_owned()),
        ..options(Action::Claim)
    };
    let customer = r#"{"sender":{"id":"7"},"recipient":{"id":"42"},"timestamp":1458692752478,"message":{"mid":"m_1"}}"#;
    let page = r#"{"sender":{"id":"42"},"recipient":{"id":"7"},"timestamp":1458692752478,"message":{"mid":"m_2","is_echo":true,"app_id":5}}"#;
    let events = [customer, page, &page.replace(":5", ":6"), r#"{"read":{}}"#].join(",");
    let claim = r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"42"}"#;
    let echo =
        r#"{"object_id":"m_2","published_at":1458692752478,"source":"facebook","account_id":"42"}"#;
    let expected = [
        claim,
        echo,
        "skip: the app 6 sent it",
        r#"skip: not a message, but "read""#,
    ];
    for json in [
        format!(r#"{{"object":"page","entry":[{{"id":"42","messaging":[{events}]}}]}}"#),
        format!(r#"{{"id":"42","messaging":[{events}]}}"#),
    ] {
        assert_eq!(bodies(&json, &options), expected, "{json}");
    }
    let response = bodies(r#"{"message_id":"m_3","account_id":"42"}"#, &options).concat();
    assert!(response.starts_with(r#"{"object_id":"m_3""#) && !response.contains("state"));
    let body = bodies(
        r#"{"object_id":"m_1","published_at":1458692752478}"#,
        &options,
    );
    assert!(
        body.concat()
            .starts_with("invalid: a message body doesn't say")
    );
}

#[test]
fn a_single_event_must_belong_to_the_configured_page() {
    let event = r#"{"sender":{"id":"7"},"recipient":{"id":"42"},"timestamp":1458692752478,"message":{"mid":"m_1"}}"#;
    let result = |page: Option<&str>| {
        let mut options = options(Action::Claim);
        options.account_id = page.map(str::to_owned);
        bodies(event, &options).concat()
    };
    assert!(result(Some("42")).starts_with(r#"{"object_id":"m_1""#));
    assert_eq!(result(Some("43")), "skip: its recipient is not the page");
    assert_eq!(result(None), format!("invalid: {NO_PAGE}"));
}
