//! `--no-validate`: each value is sent as it is.

use crate::example::{
    CLAIM, ECHO, assert_sends, assert_sends_nothing, body, claim, claim_input, claim_of,
    echo_input, line,
};
use crate::support::{Reply, Request, Server, lexbot};

#[test]
fn a_valid_message_is_sent_unchanged() {
    assert_sends(
        claim().args(["--no-validate"]).stdout("201 m_1 claimed\n"),
        claim_of("m_1"),
    );
}

#[test]
fn invalid_flags_are_sent_unchanged() {
    assert_sends(
        lexbot(["claim", "--no-validate", "--object-id", ""])
            .args(["--published-at", "yesterday", "--account-id", ""])
            .args(["--source", "twitter", "--state", "open"])
            .stdout_like("201[..] claimed\n"),
        Request::post(CLAIM).json(
            r#"{"object_id":"","published_at":"yesterday","source":"twitter","state":"open","account_id":""}"#,
        ),
    );
}

#[test]
fn missing_flags_are_left_out() {
    assert_sends(
        lexbot(["echo", "--no-validate", "--object-id", "m_1"]).stdout("201 m_1 echoed\n"),
        Request::post(ECHO).json(r#"{"object_id":"m_1","source":"facebook"}"#),
    );
}

#[test]
fn each_value_of_the_input_is_sent_unchanged() {
    for (value, printed) in [
        (r#"{"object_id": "m_1",  "x" : 1.0}"#, "201 m_1 claimed\n"),
        (r#"{"object_id": 7}"#, "201 line 1: claimed\n"),
        (r#"[{"object_id":"m_1"},{}]"#, "201 line 1: claimed\n"),
        ("{}", "201 line 1: claimed\n"),
        ("42", "201 line 1: claimed\n"),
        ("null", "201 line 1: claimed\n"),
        ("{\n\t\"object_id\": \"m_1\"\n}", "201 m_1 claimed\n"),
    ] {
        assert_sends(
            claim_input()
                .args(["--no-validate"])
                .env("LEXBOT_ACCOUNT_ID", "88")
                .stdin(format!("{value}\n"))
                .stdout(printed),
            Request::post(CLAIM).json(value),
        );
    }
}

#[test]
fn an_echo_of_the_input_keeps_its_state() {
    assert_sends(
        echo_input()
            .args(["--no-validate"])
            .stdin(body("m_1"))
            .stdout("201 m_1 echoed\n"),
        Request::post(ECHO).json(&body("m_1")),
    );
}

#[test]
fn input_that_is_not_json_is_invalid() {
    let server = Server::answering([Reply::created()]);
    claim_input()
        .args(["--no-validate"])
        .stdin(format!("garbage\n{}\n", body("m_2")))
        .server(&server)
        .code(1)
        .stdout("--- line 1: this is not JSON: expected value at column 1\n201 m_2 claimed\n")
        .run();
    server.received([claim_of("m_2")]);
}

#[test]
fn flags_for_missing_fields_are_refused_with_input() {
    for (flag, value) in [
        ("--published-at", "now"),
        ("--account-id", "77"),
        ("--source", "facebook"),
        ("--state", "closed"),
    ] {
        assert_sends_nothing(
            claim_input()
                .args(["--no-validate", flag, value])
                .stdin(line("m_1"))
                .code(2)
                .stderr(format!(
                    "error: {flag} has no effect: --no-validate sends each value of the input as it is\n\
                     hint: leave out {flag} or --no-validate\n"
                )),
        );
    }
}
