//! What the tests of this module share, and which kind of value an object is taken for.

use super::{Defaults, ExpandOptions, Expanded, expand};
use crate::api::Action;

/// The default options, without a page and without a time.
pub(super) fn options(action: Action) -> ExpandOptions {
    ExpandOptions {
        action,
        defaults: Defaults::default(),
        validate: true,
        standby: false,
        app_id: None,
    }
}

/// The messages and events in `json`.
pub(super) fn expanded(json: &str, options: &ExpandOptions) -> Vec<Expanded> {
    let now = "2026-01-02T03:04:05.678Z".parse().unwrap();
    let mut all = Vec::new();
    expand(json, options, now, &mut |expanded| {
        all.push(expanded);
        Ok::<(), ()>(())
    })
    .unwrap();
    all
}

/// Each message of `json` as its body, anything else as `skip: reason` or `invalid: reason`.
pub(super) fn bodies(json: &str, options: &ExpandOptions) -> Vec<String> {
    let text = |expanded| match expanded {
        Expanded::Message(message) => message.body,
        Expanded::Skipped(not_sent) => format!("skip: {}", not_sent.reason),
        Expanded::Invalid(not_sent) => format!("invalid: {}", not_sent.reason),
    };
    expanded(json, options).into_iter().map(text).collect()
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
        // Any field of the API makes it a body, even if the others are missing.
        for (field, missing) in [
            (r#""account_id":"42""#, "object_id is missing"),
            (r#""published_at":1"#, "object_id is missing"),
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
