//! One message from flags, and the body on the wire.

use crate::example::{CLAIM, ECHO, assert_sends, assert_sends_nothing, body, claim, echo};
use crate::support::{Request, lexbot};

#[test]
fn a_claim_has_every_field_of_the_api() {
    let body = r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"77"}"#;
    assert_sends(
        claim().stdout("201 m_1 claimed\n"),
        Request::post(CLAIM).json(body),
    );
}

#[test]
fn an_echo_has_no_state() {
    let body =
        r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","account_id":"77"}"#;
    assert_sends(
        echo().stdout("201 m_1 echoed\n"),
        Request::post(ECHO).json(body),
    );
}

#[test]
fn source_and_state_may_be_said() {
    assert_sends(
        claim()
            .args(["--source", "facebook", "--state", "closed"])
            .stdout("201 m_1 claimed\n"),
        Request::post(CLAIM).json(&body("m_1")),
    );
}

#[test]
fn state_is_an_option_of_claim_only() {
    assert_sends_nothing(
        echo()
            .args(["--state", "closed"])
            .code(2)
            .stderr_like("error: unexpected argument '--state' found\n...\n"),
    );
}

#[test]
fn the_page_comes_from_the_flag_before_the_environment() {
    let flags = ["--object-id", "m_1", "--published-at", "1458692752478"];
    let claim = || {
        lexbot(["claim"])
            .args(flags)
            .env("LEXBOT_ACCOUNT_ID", "88")
            .stdout("201 m_1 claimed\n")
    };
    let body = |page: &str| body("m_1").replace("77", page);
    assert_sends(claim(), Request::post(CLAIM).json(&body("88")));
    assert_sends(
        claim().args(["--account-id", "99"]),
        Request::post(CLAIM).json(&body("99")),
    );
}

#[test]
fn ids_are_sent_as_they_are_typed() {
    assert_sends(
        lexbot(["claim", "--published-at", "1458692752478"])
            .args(["--object-id", r#"m_"\ü 🙂/$1"#, "--account-id", " 7'7"])
            .stdout("201 m_\"\\ü 🙂/$1 claimed\n"),
        Request::post(CLAIM).json(
            r#"{"object_id":"m_\"\\ü 🙂/$1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":" 7'7"}"#,
        ),
    );
}
