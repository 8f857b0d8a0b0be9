//! Messages of the input that lack what the API needs: told with their line, never sent, and the rest goes on.

use crate::example::{assert_sends_nothing, claim_input, claim_of, echo_input, line};
use crate::support::{Reply, Server};

/// Asserts that a message is told as invalid for this reason.
#[track_caller]
fn assert_invalid(message: &str, why: &str) {
    assert_sends_nothing(
        claim_input()
            .stdin(message)
            .code(2)
            .stdout(format!("--- line 1: {why}\n")),
    );
}

#[test]
fn a_message_needs_its_id() {
    let without = line("m_1").replace(r#""object_id":"m_1","#, "");
    assert_invalid(&without, "object_id is missing");
    assert_invalid("{}", "object_id is missing");
    for id in ["7", r#""""#, r#"" ""#, "true", "[]", "{}"] {
        assert_invalid(
            &line("m_1").replace(r#""m_1""#, id),
            "object_id is not a non-empty string",
        );
    }
}

#[test]
fn a_message_needs_its_time() {
    assert_invalid(
        r#"{"object_id":"m_1","account_id":"77"}"#,
        "published_at is missing",
    );
}

#[test]
fn a_message_needs_its_page_and_a_hint_says_how_to_give_one_for_all() {
    assert_sends_nothing(
        claim_input()
            .stdin(r#"{"object_id":"m_1","published_at":1458692752478}"#)
            .code(2)
            .stdout("--- line 1: account_id is missing, and there is no default\n")
            .stderr_like("hint: [..]--account-id[..]\n"),
    );
}

#[test]
fn a_page_is_a_string_or_an_integer() {
    for page in [r#""""#, r#"" ""#, "-1", "1.5", "1e3", "true", "[]"] {
        assert_invalid(
            &line("m_1").replace(r#""77""#, page),
            "account_id is neither a non-empty string nor an integer",
        );
    }
}

#[test]
fn source_and_state_have_one_value_only() {
    for (field, why) in [
        (
            r#""source":"twitter""#,
            r#"source "twitter" is not "facebook", the only value that Lexer takes"#,
        ),
        (
            r#""source":1"#,
            r#"source 1 is not "facebook", the only value that Lexer takes"#,
        ),
        (
            r#""state":"open""#,
            r#"state "open" is not "closed", the only value that Lexer takes"#,
        ),
    ] {
        assert_invalid(&line("m_1").replace('}', &format!(",{field}}}")), why);
    }
    assert_sends_nothing(
        echo_input()
            .stdin(line("m_1").replace('}', r#","source":"twitter"}"#))
            .code(2)
            .stdout(
                "--- line 1: source \"twitter\" is not \"facebook\", the only value that Lexer takes\n",
            ),
    );
}

#[test]
fn a_value_that_is_no_object_is_no_message() {
    for value in ["42", r#""m_1""#, "null", "true", "[1]", "[[null]]"] {
        assert_invalid(value, "expected a JSON object, and this is none");
    }
}

#[test]
fn the_rest_is_sent() {
    let server = Server::answering([Reply::created(), Reply::created()]);
    claim_input()
        .stdin(format!(
            "{}\n{{\"object_id\":1}}\n{}\n",
            line("m_1"),
            line("m_3")
        ))
        .server(&server)
        .code(2)
        .stdout_in_any_order(
            "201 m_1 claimed\n--- line 2: object_id is not a non-empty string\n201 m_3 claimed\n",
        )
        .run();
    server.received([claim_of("m_1"), claim_of("m_3")]);
}
