//! Send API responses, which Messenger sends to a bot after each message.

use serde_json::{Value, json};

use super::echo_of;
use crate::batch::{claims, echoes, results, summary};
use crate::example::now_millis;
use crate::results::json::object;
use crate::support::{Reply, Server};
use crate::table::rows;

const RESPONSE: &str = r#"{"recipient_id":"7","message_id":"m_1"}"#;

#[test]
fn a_response_is_echoed_for_its_own_page_and_time() {
    let response = r#"{"message_id":"m_1","account_id":"42","published_at":1458692752478}"#;
    let server = Server::answering([Reply::created()]);
    echoes(&["--account-id", "99", "--published-at", "now"])
        .stdin(response)
        .server(&server)
        .stdout("201 m_1 echoed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    server.received([echo_of("m_1")]);
}

#[test]
fn a_response_is_echoed_for_the_page_of_the_settings() {
    let flag = || echoes(&["--account-id", "42"]);
    for run in [
        flag().stdin(RESPONSE),
        // Neither a customer is needed, nor an attachment forbidden.
        flag().stdin(r#"{"message_id":"m_1"}"#),
        flag().stdin(r#"{"recipient_id":"7","message_id":"m_1","attachment_id":"9"}"#),
        echoes(&[]).stdin(RESPONSE).env("LEXBOT_ACCOUNT_ID", "42"),
        echoes(&[])
            .stdin(RESPONSE)
            .config("[profiles.default]\naccount_id = \"42\"\n"),
    ] {
        let server = Server::answering([Reply::created()]);
        run.args(["--published-at", "1458692752478"])
            .server(&server)
            .stdout("201 m_1 echoed\n")
            .stderr_like(summary("1 accepted"))
            .run();
        server.received([echo_of("m_1")]);
    }
}

#[test]
fn each_response_is_published_when_it_arrives() {
    let server = Server::answering([Reply::created(), Reply::created()]);
    let mut run = echoes(&["--account-id", "42"])
        .server(&server)
        .stdout("201 m_1 echoed\n201 m_2 echoed\n")
        .stderr_like(summary("2 accepted"))
        .spawn();
    let before = now_millis();
    run.write_line(RESPONSE);
    assert_eq!(run.read_line(), "201 m_1 echoed");
    let between = now_millis();
    run.write_line(&RESPONSE.replace("m_1", "m_2"));
    run.close_stdin();
    run.wait();
    let after = now_millis();
    let published_at = server.requests().into_iter().map(|request| {
        let body: Value = serde_json::from_str(request.text()).unwrap();
        body["published_at"].as_u64().unwrap()
    });
    let times: Vec<u64> = published_at.collect();
    assert!((before..=between).contains(&times[0]), "{times:?}");
    assert!((between..=after).contains(&times[1]), "{times:?}");
}

/// A command, a response, and why it is skipped.
const SKIPPED: &str = r#"
echo  | {"attachment_id":"9"}                   | a Send API response without a message: nothing was sent to the customer
echo  | {"recipient_id":"7"}                    | a Send API response without a message: nothing was sent to the customer
echo  | {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100}} | a Send API error: nothing was sent to the customer
claim | {"recipient_id":"7","message_id":"m_1"} | a Send API response: the bot sent it
claim | {"error":{}}                            | a Send API response: the bot sent it
"#;

#[test]
fn claims_and_responses_without_a_message_are_skipped() {
    for [command, response, reason] in rows(SKIPPED) {
        let server = Server::answering([]);
        let run = if command == "claim" { claims } else { echoes };
        run(&["--account-id", "42", "-v"])
            .stdin(response)
            .server(&server)
            .stdout(format!("--- line 1: skipped: {reason}\n"))
            .stderr_like(summary("0 accepted, 1 skipped"))
            .run();
        server.received([]);
    }
}

#[test]
fn a_response_without_a_page_is_invalid_and_keeps_its_id() {
    let server = Server::answering([]);
    let error = "account_id is missing, and there is no default";
    let run = |args: &[&str]| {
        echoes(args)
            .stdin(RESPONSE)
            .server(&server)
            .stderr_like(format!(
                "hint: set their page with --account-id PAGE, [..]\n{}",
                summary("0 accepted, 1 invalid")
            ))
            .code(1)
    };
    run(&[]).stdout(format!("--- line 1: {error}\n")).run();
    let output = run(&["--json"]).stdout_like("{[..]}\n").run();
    assert_eq!(
        results(&output),
        [object(
            json!({"action": "echo", "line": 1, "end_line": 1, "account_id": null, "published_at": null, "ok": false,
                "outcome": "invalid", "status": null, "body": null, "error": error, "attempts": 0})
        )]
    );
    server.received([]);
}
