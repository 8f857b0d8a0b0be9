//! `--dry-run`: prints what would be sent, and sends nothing.

use crate::example::{assert_sends_nothing, body, claim, claim_input, echo, line, text};
use crate::support::Run;

/// Asserts that `run` is a dry run that prints these bodies.
#[track_caller]
fn assert_prints(run: Run, bodies: &[&str]) {
    assert_sends_nothing(run.args(["--dry-run"]).stdout(text(bodies)));
}

#[test]
fn the_body_of_flags_is_printed() {
    assert_prints(claim(), &[&body("m_1")]);
    assert_prints(
        echo(),
        &[
            r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","account_id":"77"}"#,
        ],
    );
}

#[test]
fn neither_token_nor_client_id_is_needed() {
    claim()
        .args(["--dry-run"])
        .stdout(format!("{}\n", body("m_1")))
        .run();
}

#[test]
fn every_message_of_the_input_has_a_line() {
    let input = format!(
        "{}\n[{}, {}]\n{{\n  \"object_id\" : \"m_4\", \"published_at\": 1458692752478, \"account_id\": 77\n}}",
        line("m_1"),
        line("m_2"),
        line("m_3")
    );
    assert_prints(
        claim_input().stdin(input),
        &[&body("m_1"), &body("m_2"), &body("m_3"), &body("m_4")],
    );
}

#[test]
fn an_unvalidated_value_has_a_line() {
    assert_prints(
        claim_input()
            .args(["--no-validate"])
            .stdin("{\n \"object_id\": \"m 1\",\r\n \"x\": [ 1.0, {} ]\n}\n42"),
        &[r#"{"object_id":"m 1","x":[1.0,{}]}"#, "42"],
    );
}

#[test]
fn invalid_messages_are_reported_on_stderr() {
    let input = format!(
        "{}\ngarbage\n{{\"object_id\":7}}\n{}\n",
        line("m_1"),
        line("m_4")
    );
    assert_sends_nothing(
        claim_input()
            .args(["--dry-run"])
            .stdin(input)
            .code(1)
            .stdout(format!("{}\n{}\n", body("m_1"), body("m_4")))
            .stderr(
                "--- line 2: this is not JSON: expected value at column 1\n--- line 3: object_id is not a non-empty string\n",
            ),
    );
}

#[test]
fn invalid_messages_are_reported_in_json_if_asked_for() {
    assert_sends_nothing(
        claim_input()
            .args(["--dry-run", "--json"])
            .stdin("garbage")
            .code(1)
            .stderr_like(
                "{\"action\":\"claim\",\"at\":\"[..]Z\",\"line\":1,\"end_line\":1,\"value_done\":true,\"object_id\":null,\"account_id\":null,\
                 \"published_at\":null,\"customer_id\":null,\"ok\":false,\
                 \"outcome\":\"invalid\",\"status\":null,\"body\":null,\"error\":\"this is not JSON: expected value at column 1\",\"reason\":null,\
                 \"retryable\":false,\"attempts\":0,\"elapsed_ms\":0}\n",
            ),
    );
}

#[test]
fn control_characters_in_a_body_are_escaped() {
    // JSON has an escape for each of them, so that the line means the same.
    assert_prints(
        claim_input().stdin(line("m\u{202e}\u{9b}\u{7f}1")),
        &[&body(r"m\u202e\u009b\u007f1")],
    );
}
