//! Send API responses: what Messenger answers a bot that sent a message.

use serde_json::Value;

use super::echo_of;
use crate::batch::{claims, echoes, summary};
use crate::example::now_millis;
use crate::support::{Reply, Run, Server};

const RESPONSE: &str = r#"{"recipient_id":"7","message_id":"m_1"}"#;

/// Runs `run`, which echoes `m_1` of page 42 as published at the time of the other examples.
#[track_caller]
fn assert_echoed(run: Run) {
    let server = Server::answering([Reply::created()]);
    run.args(["--published-at", "1458692752478"])
        .server(&server)
        .stdout("201 m_1 echoed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    server.received([echo_of("m_1")]);
}

#[test]
fn a_response_is_echoed_for_the_page_that_the_settings_name() {
    assert_echoed(echoes(&["--account-id", "42"]).stdin(RESPONSE));
    assert_echoed(echoes(&[]).stdin(RESPONSE).env("LEXBOT_ACCOUNT_ID", "42"));
    assert_echoed(
        echoes(&[])
            .stdin(RESPONSE)
            .config("[profiles.default]\naccount_id = \"42\"\n"),
    );
}

#[test]
fn a_response_needs_neither_a_customer_nor_to_be_without_an_attachment() {
    for response in [
        r#"{"message_id":"m_1"}"#,
        r#"{"recipient_id":"7","message_id":"m_1","attachment_id":"9"}"#,
    ] {
        assert_echoed(echoes(&["--account-id", "42"]).stdin(response));
    }
}

#[test]
fn a_response_is_published_now() {
    let server = Server::answering([Reply::created()]);
    let before = now_millis();
    echoes(&["--account-id", "42"])
        .stdin(RESPONSE)
        .server(&server)
        .stdout("201 m_1 echoed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    let body: Value = serde_json::from_str(server.requests()[0].text()).unwrap();
    let published_at = body["published_at"].as_u64().unwrap();
    assert!((before..=now_millis()).contains(&published_at), "{body}");
}

#[test]
fn each_response_has_the_time_at_which_it_came() {
    let server = Server::answering([Reply::created(), Reply::created()]);
    let mut run = echoes(&["--account-id", "42"])
        .server(&server)
        .stdout("201 m_1 echoed\n201 m_2 echoed\n")
        .stderr_like(summary("2 accepted"))
        .spawn();
    run.write_line(RESPONSE);
    assert_eq!(run.read_line(), "201 m_1 echoed");
    let between = now_millis();
    run.write_line(&RESPONSE.replace("m_1", "m_2"));
    run.close_stdin();
    run.wait();
    let body: Value = serde_json::from_str(server.requests()[1].text()).unwrap();
    assert!(body["published_at"].as_u64() >= Some(between), "{body}");
}

#[test]
fn a_response_without_a_message_is_skipped() {
    let server = Server::answering([]);
    let nothing = "a Send API response without a message: nothing was sent to the customer";
    let error = "a Send API error: nothing was sent to the customer";
    echoes(&["--account-id", "42", "-v"])
        .stdin(
            r#"{"attachment_id":"9"}
{"recipient_id":"7"}
{"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100}}
"#,
        )
        .server(&server)
        .stdout(format!(
            "--- line 1: skipped: {nothing}\n--- line 2: skipped: {nothing}\n--- line 3: skipped: {error}\n"
        ))
        .stderr_like(summary("0 accepted, 3 skipped"))
        .run();
    server.received([]);
}

#[test]
fn a_response_without_a_page_is_invalid() {
    let server = Server::answering([]);
    echoes(&[])
        .stdin(RESPONSE)
        .server(&server)
        .stdout("--- line 1: account_id is missing, and there is no default\n")
        .stderr_like(format!(
            "hint: give the page of such messages with --account-id PAGE, [..]\n{}",
            summary("0 accepted, 1 invalid")
        ))
        .code(2)
        .run();
    server.received([]);
}

#[test]
fn a_claim_skips_responses() {
    let server = Server::answering([]);
    claims(&["--account-id", "42", "-v"])
        .stdin(format!("{RESPONSE}\n{{\"error\":{{}}}}\n"))
        .server(&server)
        .stdout(
            "--- line 1: skipped: a Send API response: the bot sent it\n\
             --- line 2: skipped: a Send API response: the bot sent it\n",
        )
        .stderr_like(summary("0 accepted, 2 skipped"))
        .run();
    server.received([]);
}
