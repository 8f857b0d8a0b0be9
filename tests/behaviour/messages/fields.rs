//! The fields of a message, from flags and from the input: what is filled in, what takes precedence, and what is
//! passed through.

use crate::example::{
    CLAIM, ECHO, assert_sends, assert_sends_nothing, body, claim, claim_input, echo, echo_input,
    line,
};
use crate::support::{Request, Run, lexbot};

const ECHO_BODY: &str =
    r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","account_id":"77"}"#;

/// Asserts that `run` claims `m_1` with the body of the other examples, except for `to` in place of `from`.
#[track_caller]
fn assert_claims(run: Run, from: &str, to: &str) {
    let body = body("m_1").replace(from, to);
    let request = Request::post(CLAIM).json(&body);
    assert_sends(run.stdout("201 m_1 claimed\n"), request);
}

#[test]
fn a_claim_has_every_field_of_the_api_and_an_echo_has_no_state() {
    let body = r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"77"}"#;
    let request = Request::post(CLAIM).json(body);
    let values = ["--source", "facebook", "--state", "closed"];
    for run in [claim(), claim().args(values)] {
        assert_sends(run.stdout("201 m_1 claimed\n"), request.clone());
    }
    for run in [
        echo(),
        echo_input().stdin(line("m_1")),
        echo_input().stdin(body),
    ] {
        let request = Request::post(ECHO).json(ECHO_BODY);
        assert_sends(run.stdout("201 m_1 echoed\n"), request);
    }
    assert_sends_nothing(
        echo()
            .args(["--state", "closed"])
            .code(2)
            .stderr_like("error: unknown option --state\n...\n"),
    );
}

#[test]
fn the_page_of_a_flag_takes_precedence_over_the_environment() {
    let flags = ["--object-id", "m_1", "--published-at", "1458692752478"];
    let claim = || lexbot(["claim"]).args(flags).env("LEXBOT_ACCOUNT_ID", "88");
    assert_claims(claim(), "77", "88");
    assert_claims(claim().args(["--account-id", "99"]), "77", "99");
}

#[test]
fn ids_are_sent_as_they_are_typed() {
    assert_sends(
        lexbot(["claim", "--published-at", "1458692752478"])
            .args(["--object-id", r#"m_"\ü🙂/$1"#, "--account-id", "077"])
            .stdout("201 m_\"\\ü🙂/$1 claimed\n"),
        Request::post(CLAIM).json(
            r#"{"object_id":"m_\"\\ü🙂/$1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"077"}"#,
        ),
    );
}

#[test]
fn white_space_and_quotes_around_pasted_ids_are_removed() {
    for (id, page) in [
        (" m_1\t\r\n", "77 "),
        ("'m_1'", "\"77\""),
        ("“ m_1 ”", "\u{feff}77"),
    ] {
        let run = lexbot([
            "claim",
            "--published-at",
            "'1458692752478' ",
            "--object-id",
            id,
        ]);
        assert_claims(run.args(["--account-id", page]), "", "");
        let run = lexbot([
            "claim",
            "--published-at",
            "1458692752478",
            "--object-id",
            id,
        ]);
        assert_claims(run.env("LEXBOT_ACCOUNT_ID", page), "", "");
    }
}

#[test]
fn missing_fields_are_filled_in() {
    let page = ["--account-id", "77"];
    let time = |time| ["--published-at", time];
    let values = ["--source", "facebook", "--state", "closed"];
    assert_claims(
        claim_input()
            .args(time("1458692752"))
            .args(page)
            .args(values)
            .stdin(r#"{"object_id":"m_1"}"#),
        "752478",
        "752000",
    );
    let unset =
        r#"{"object_id":"m_1","published_at":null,"account_id":null,"source":null,"state":null}"#;
    for run in [
        claim_input()
            .env("LEXBOT_ACCOUNT_ID", "77")
            .stdin(r#"{"object_id":"m_1","published_at":1458692752478}"#),
        claim_input()
            .args(time("1458692752478"))
            .args(page)
            .stdin(unset),
    ] {
        assert_claims(run, "", "");
    }
}

#[test]
fn a_message_s_own_values_take_precedence() {
    let repeated = line("m_1").replace('{', r#"{"object_id":"m_0","account_id":"66","#);
    for message in [
        line("m_1"),
        // The last value of a repeated field counts.
        repeated,
        r#"{"state":"closed","account_id":"77","source":"facebook","published_at":1458692752478,"object_id":"m_1"}"#.to_owned(),
        line(r"m\u005f1"),
    ] {
        assert_claims(
            claim_input()
                .args(["--published-at", "now", "--account-id", "88"])
                .env("LEXBOT_ACCOUNT_ID", "99")
                .stdin(message),
            "",
            "",
        );
    }
}

#[test]
fn a_numeric_page_is_sent_as_a_string_with_all_its_digits() {
    for page in ["0", "9007199254740993", "123456789012345678901234567890"] {
        let message = line("m_1").replace(r#""77""#, page);
        assert_claims(claim_input().stdin(message), "77", page);
    }
}

#[test]
fn unknown_fields_are_passed_through_unchanged() {
    for unknown in [
        // Digits, escapes, repetition and order are the sender's.
        r#""n":1.50,"big":12345678901234567890123,"huge":1e400,"esc":"\u00e9\/\ud83d\ude42","o":{"b":1,"a":[1.0,null],"b":2},"n":-0.0,"bidi":"\u202e""#,
        // Half of a surrogate pair: JSON by its grammar, though not Unicode.
        r#""\ud83d":1"#,
        // Fields of a Send API response and of a webhook don't make a message one of those.
        r#""message_id":"m_2","recipient_id":"7""#,
        r#""error":{"code":100}"#,
        r#""object":"page","entry":[{"id":"42","messaging":[]}]"#,
    ] {
        let unknown = format!(",{unknown}}}");
        let message = line("m_1").replace('}', &unknown);
        assert_claims(claim_input().stdin(message), "}", &unknown);
    }
}
