//! The fields of a message in the input: what is filled, what wins, and what is sent on.

use crate::example::{CLAIM, ECHO, assert_sends, body, claim_input, claim_of, echo_input, line};
use crate::support::Request;

#[test]
fn flags_fill_what_a_message_lacks() {
    assert_sends(
        claim_input()
            .args(["--published-at", "1458692752", "--account-id", "77"])
            .args(["--source", "facebook", "--state", "closed"])
            .stdin(r#"{"object_id":"m_1"}"#)
            .stdout("201 m_1 claimed\n"),
        Request::post(CLAIM).json(&body("m_1").replace("752478", "752000")),
    );
}

#[test]
fn the_environment_fills_the_page_that_a_message_lacks() {
    assert_sends(
        claim_input()
            .env("LEXBOT_ACCOUNT_ID", "77")
            .stdin(r#"{"object_id":"m_1","published_at":1458692752478}"#)
            .stdout("201 m_1 claimed\n"),
        claim_of("m_1"),
    );
}

#[test]
fn a_field_that_is_null_is_missing() {
    assert_sends(
        claim_input()
            .args(["--published-at", "1458692752478", "--account-id", "77"])
            .stdin(
                r#"{"object_id":"m_1","published_at":null,"account_id":null,"source":null,"state":null}"#,
            )
            .stdout("201 m_1 claimed\n"),
        claim_of("m_1"),
    );
}

#[test]
fn a_message_s_own_value_wins() {
    assert_sends(
        claim_input()
            .args(["--published-at", "now", "--account-id", "88"])
            .env("LEXBOT_ACCOUNT_ID", "99")
            .stdin(line("m_1"))
            .stdout("201 m_1 claimed\n"),
        claim_of("m_1"),
    );
}

#[test]
fn a_page_that_is_an_integer_is_sent_as_a_string_with_all_its_digits() {
    for page in ["0", "9007199254740993", "123456789012345678901234567890"] {
        assert_sends(
            claim_input()
                .stdin(line("m_1").replace(r#""77""#, page))
                .stdout("201 m_1 claimed\n"),
            Request::post(CLAIM).json(&body("m_1").replace("77", page)),
        );
    }
}

#[test]
fn fields_that_we_don_t_know_are_sent_on_as_they_are() {
    // Digits, escapes, repetition and order are the sender's.
    let unknown = r#""n":1.50,"big":12345678901234567890123,"huge":1e400,"esc":"\u00e9\/\ud83d\ude42","o":{"b":1,"a":[1.0,null],"b":2},"n":-0.0,"bidi":"\u202e""#;
    let message = line("m_1").replace('}', &format!(",{unknown}}}"));
    let sent = body("m_1").replace('}', &format!(",{unknown}}}"));
    assert_sends(
        claim_input().stdin(message).stdout("201 m_1 claimed\n"),
        Request::post(CLAIM).json(&sent),
    );
}

#[test]
fn a_name_that_is_no_text_hides_no_other_field() {
    // Half of a surrogate pair: JSON by its grammar, and all the same no Unicode.
    let unknown = r#""\ud83d":1"#;
    assert_sends(
        claim_input()
            .stdin(line("m_1").replace('}', &format!(",{unknown}}}")))
            .stdout("201 m_1 claimed\n"),
        Request::post(CLAIM).json(&body("m_1").replace('}', &format!(",{unknown}}}"))),
    );
}

#[test]
fn of_a_repeated_field_the_last_one_counts() {
    let message = line("m_1").replace('{', r#"{"object_id":"m_0","account_id":"66","#);
    assert_sends(
        claim_input().stdin(message).stdout("201 m_1 claimed\n"),
        claim_of("m_1"),
    );
}

#[test]
fn a_message_may_be_a_whole_body_with_its_fields_in_any_order() {
    assert_sends(
        claim_input()
            .stdin(
                r#"{"state":"closed","account_id":"77","source":"facebook","published_at":1458692752478,"object_id":"m_1"}"#,
            )
            .stdout("201 m_1 claimed\n"),
        claim_of("m_1"),
    );
}

#[test]
fn an_escaped_id_is_the_text_that_it_stands_for() {
    assert_sends(
        claim_input()
            .stdin(line(r"m\u005f1"))
            .stdout("201 m_1 claimed\n"),
        claim_of("m_1"),
    );
}

#[test]
fn an_echo_leaves_the_state_of_a_message_out() {
    for message in [line("m_1"), body("m_1")] {
        assert_sends(
            echo_input().stdin(message).stdout("201 m_1 echoed\n"),
            Request::post(ECHO).json(
                r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","account_id":"77"}"#,
            ),
        );
    }
}
