//! Messages of the input that lack what the API needs: reported with their line and never sent.

use crate::example::{assert_sends_nothing, claim_input, echo_input, line};
use crate::support::Run;
use crate::table::rows;

/// A part of a valid message, what replaces it, and why the message is invalid then.
const INVALID: &str = r#"
"object_id":"m_1", |                 | object_id is missing
"m_1"              | 7               | object_id is not a non-empty string
"m_1"              | ""              | object_id is not a non-empty string
"m_1"              | " "             | object_id is not a non-empty string
"m_1"              | true            | object_id is not a non-empty string
"m_1"              | []              | object_id is not a non-empty string
"m_1"              | {}              | object_id is not a non-empty string
"published_at":1458692752478, |      | published_at is missing
"77"               | ""              | account_id is neither a non-empty string nor an integer
"77"               | " "             | account_id is neither a non-empty string nor an integer
"77"               | -1              | account_id is neither a non-empty string nor an integer
"77"               | 1.5             | account_id is neither a non-empty string nor an integer
"77"               | 1e3             | account_id is neither a non-empty string nor an integer
"77"               | true            | account_id is neither a non-empty string nor an integer
"77"               | []              | account_id is neither a non-empty string nor an integer
}                  | ,"source":"twitter"} | source "twitter" is not "facebook", the only value that Lexer takes
}                  | ,"source":1}    | source 1 is not "facebook", the only value that Lexer takes
}                  | ,"state":"open"} | state "open" is not "closed", the only value that Lexer takes
"#;

/// Asserts that a claim or an echo of `message` reports it as invalid for this reason.
#[track_caller]
fn assert_invalid(run: Run, message: &str, reason: &str) {
    let printed = format!("--- line 1: {reason}\n");
    assert_sends_nothing(run.stdin(message).code(1).stdout(printed));
}

#[test]
fn a_message_without_a_required_field_is_invalid() {
    for [part, replacement, reason] in rows(INVALID) {
        let message = line("m_1").replace(part, replacement);
        assert_invalid(claim_input(), &message, reason);
        if !reason.starts_with("state") {
            assert_invalid(echo_input(), &message, reason);
        }
    }
    assert_invalid(claim_input(), "{}", "object_id is missing");
    for value in ["42", r#""m_1""#, "null", "true", "[1]", "[[null]]"] {
        let found = value.trim_matches(['[', ']']);
        let reason = format!("expected a JSON object, found {found}");
        assert_invalid(claim_input(), value, &reason);
    }
}

#[test]
fn long_texts_are_cut_in_errors() {
    let long = "ü".repeat(1000);
    assert_invalid(
        claim_input(),
        &line("m_1").replace("1458692752478", &format!("\"{long}\"")),
        &format!(
            "published_at \"{}…\" is not a time (use epoch milliseconds, ISO 8601 with an offset such as \
             2017-08-01T05:29:44Z, or now)",
            "ü".repeat(300)
        ),
    );
}
