//! Every documented response, in text with its hint, and in JSON.

use serde_json::{Value, json};

use super::{answered, objects};
use crate::example::{claim, echo};
use crate::support::{Reply, Server};
use crate::table::{rows, unescape};

/// What a claim of `m_1` prints after a response: its status, body, error, and the key of its hint.
const REFUSALS: &str = r#"
400 | {"status":"400 Invalid Account","error":"Cannot find an integrated account: 77"} | Cannot find an integrated account: 77 | page
401 |                                                | Unauthorized (empty response)         | token
403 |                                                | Forbidden (empty response)            | token
404 | no such client                                 | no such client                      | path
404 |                                                | Not Found (empty response)            | path
429 |                                                | Too Many Requests (empty response)    | rate
429 | later                                          | later                               | rate
500 | {"error":"object_id is missing"}               | object_id is missing                | request
500 | {\r\n"error": "object_id is missing"}\n        | object_id is missing                | request
500 | {"error":"source does not have a valid value"} | source does not have a valid value  | request
500 | {"error":"state does not have a valid value"}  | state does not have a valid value   | request
500 | {"error:"state does not have a valid value"}   | {"error:"state does not have a valid value"} | request
500 | <html><title>Oops</title></html>               | Oops (HTML page, 32 bytes)          | request
500 | <!DOCTYPE html>\n<html><head><title>\n  We&#39;re sorry,\n something went wrong (500)</title></head><body></body></html>\n | We're sorry, something went wrong (500) (HTML page, {size} bytes) | request
500 | <html><head><style>p { color: red }</style></head><body><h1>Oops!</h1><p>Bad &amp; ugly</p></body></html> | Oops! Bad & ugly (HTML page, {size} bytes) | request
502 | <html><title>502 Bad Gateway</title></html>    | 502 Bad Gateway (HTML page, {size} bytes) | down
503 | <html><title>503 No Service</title></html>     | 503 No Service (HTML page, {size} bytes)  | down
504 | <html><title>504 Timeout</title></html>        | 504 Timeout (HTML page, {size} bytes)     | down
502 | later                                          | later                               | down
503 | later                                          | later                               | down
504 | later                                          | later                               | down
520 | <html><title>520 Unknown</title></html>        | 520 Unknown (HTML page, {size} bytes) | down
402 |                                                | Payment Required (empty response)     | unknown
405 |                                                | Method Not Allowed (empty response)   | unknown
418 |                                                | I'm a teapot (empty response)         | unknown
501 |                                                | Not Implemented (empty response)      | unknown
"#;

/// The notice that comes with a 429.
const NOTICE: &str = "[..]Z 429: now 6.7 requests a second; is the token used elsewhere?\n";

/// The hints, by their keys.
const HINTS: &str = r"
page    | is 77 (--account-id) a Facebook page that is connected to client 123 (LEXBOT_CLIENT_ID) in Lexer?
token   | Lexer refused the token in LEXBOT_TOKEN: [..]\n      and put it into LEXBOT_TOKEN, [..]
path    | check the client ID 123 (LEXBOT_CLIENT_ID), which Lexer shows beside the token, and the base URL {url} (LEXBOT_BASE_URL)
rate    | Lexer accepts 10 requests a second for each token: wait a moment and run it again
request | for Lexer, 500 means a bad request, so sending it again won't help: see the body with --dry-run, the exchange with -v
down    | Lexer may have an outage: see https://status.lexer.io, and run it again later
unknown | Lexer doesn't document this response: see the exchange with -v, and check the base URL {url} (LEXBOT_BASE_URL)
";

/// What `--json` prints for a claim of `m_1` that was accepted, with these differences.
fn object(differences: Value) -> Value {
    let mut object = json!({
        "action": "claim",
        "line": null,
        "end_line": null,
        "value_done": true,
        "object_id": "m_1",
        "account_id": "77",
        "published_at": 1_458_692_752_478_u64,
        "customer_id": null,
        "ok": true,
        "outcome": "accepted",
        "status": 201,
        "body": {"status": "ok"},
        "error": null,
        "reason": null,
        "retryable": false,
        "attempts": 1,
    });
    let Value::Object(differences) = differences else {
        panic!("differences are an object");
    };
    for (key, value) in differences {
        object[key] = value;
    }
    object
}

/// A response with this status and body, as Lexer or a server before it would give it.
fn reply(status: u16, body: &str) -> Reply {
    let reply = Reply::status(status, "Whatever");
    match body.chars().next() {
        Some('<') => reply.html(body),
        Some('{') => reply.json(body),
        _ => reply.body(body),
    }
}

#[test]
fn a_refusal_is_reported_with_its_reason_and_a_hint() {
    for [status, body, error, key] in rows(REFUSALS) {
        let status: u16 = status.parse().unwrap();
        let (outcome, code) = match status {
            401 | 403 => ("unauthorized", 4),
            429 | 502..=504 | 520 => ("unavailable", 5),
            _ => ("rejected", 1),
        };
        let notice = if status == 429 { NOTICE } else { "" };
        let body = String::from_utf8(unescape(body)).unwrap();
        let error = error.replace("{size}", &body.len().to_string());
        let server = Server::always(reply(status, &body));
        let hint = rows(HINTS).find(|[known, _]| *known == key);
        let [_, hint] = hint.expect("a hint with this key");
        let hint = hint.replace(r"\n", "\n").replace("{url}", &server.url());
        let run = || {
            claim()
                .server(&server)
                .stderr_like(format!("{notice}hint: {hint}\n"))
                .code(code)
        };
        run().stdout(format!("{status} m_1 {error}\n")).run();
        let output = run().args(["--json"]).stdout_like("{[..]}\n").run();
        let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
        let expected = json!({"ok": false, "outcome": outcome, "status": status, "body": body,
                              "error": error, "retryable": code == 5});
        assert_eq!(objects(&output), [object(expected)]);
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn an_accepted_message_is_claimed_or_echoed_whatever_the_body() {
    for (status, body) in [
        (201, r#"{"status":"ok"}"#),
        (201, ""),
        (200, "<html>fine</html>"),
        (202, "{"),
        (202, "later"),
        (204, ""),
        (200, r#"{"error":"object_id is missing"}"#),
    ] {
        let reply = || reply(status, body);
        answered(claim().stdout(format!("{status} m_1 claimed\n")), reply());
        answered(echo().stdout(format!("{status} m_1 echoed\n")), reply());
        for (run, action) in [(claim(), "claim"), (echo(), "echo")] {
            let output = answered(run.args(["--json"]).stdout_like("{[..]}\n"), reply());
            let body = serde_json::from_str(body).unwrap_or(Value::from(body));
            let expected = json!({"action": action, "status": status, "body": body});
            assert_eq!(objects(&output), [object(expected)]);
        }
    }
}
