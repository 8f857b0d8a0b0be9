//! What a response means: one is good, and every other is reported with its status, its text and the next step.

use serde_json::{Value, json};

use super::{answered, check, good, request};
use crate::batch::object;
use crate::support::{Reply, Run, Server, lexbot};
use crate::table::rows;

/// A response's status and body, the result that is reported, and the key of its hint.
const RESPONSES: &str = r#"
500 | {"error":"object_id is missing"}  | ok: Lexer is reachable and accepts the token (it answered 500, as expected) |
500 | {"error":"account_id is missing"} | ok: Lexer is reachable and accepts the token (it answered 500, as expected) |

401 | {"error":"bad token"}  | 401 bad token                          | token
403 | {"error":"bad token"}  | 403 bad token                          | token
404 |                        | 404 Not Found (empty response)         | path
429 |                        | 429 Too Many Requests (empty response) | rate
502 | <title>Down</title>    | 502 Down (HTML page, 19 bytes)         | outage
503 | <title>Down</title>    | 503 Down (HTML page, 19 bytes)         | outage
504 | <title>Down</title>    | 504 Down (HTML page, 19 bytes)         | outage

200 | <!DOCTYPE html><html><head><title>Welcome to FreeWifi</title></head></html> | 200 Welcome to FreeWifi (HTML page, 75 bytes) | other
201 | {"status":"ok"}        | 201 {"status":"ok"}                    | other
204 |                        | 204 No Content (empty response)        | other
200 | {"error":"object_id is missing"} | 200 object_id is missing     | other
500 | <title>Scary</title>   | 500 Scary (HTML page, 20 bytes)        | other
500 | {"error":"state does not have a valid value"} | 500 state does not have a valid value | other
500 | object_id is missing   | 500 object_id is missing               | other
500 |                        | 500 Internal Server Error (empty response) | other
"#;

/// The key of a hint, the exit code, the outcome, and the hint's beginning.
const HINTS: &str = "
       | 0 | accepted     |
token  | 4 | unauthorized | hint: Lexer refused the token in LEXBOT_TOKEN:
path   | 1 | rejected     | hint: check the client ID 123 (LEXBOT_CLIENT_ID), which
rate   | 5 | unavailable  | hint: Lexer accepts 10 requests a second
outage | 5 | unavailable  | hint: Lexer may have an outage: see https://status.lexer.io, and run it again later
other  | 1 | rejected     | hint: Lexer would refuse a claim that names no message.
";

#[test]
fn every_response_is_reported_in_text_and_in_json() {
    for [status, body, result, key] in rows(RESPONSES) {
        let [_, code, outcome, hint] = rows(HINTS).find(|[known, _, _, _]| *known == key).unwrap();
        let code = code.parse().unwrap();
        let reply = Reply::status(status.parse().unwrap(), "Whatever");
        let reply = match body.chars().next() {
            Some('<') => reply.html(body),
            Some('{') => reply.json(body),
            _ => reply.body(body),
        };
        let stderr = match key {
            "" => String::new(),
            "rate" => format!("[..]Z 429: [..]\n{hint}[..]\n"),
            _ => format!("{hint}[..]\n..."),
        };
        let run = |run: Run| answered(run.stderr_like(&*stderr).code(code), reply.clone());
        run(check().stdout_like(format!("...\nresult      {result}\n")));
        let object = object(&run(check().args(["--json"]).stdout_like("{[..]}\n")));
        let error = result.strip_prefix(status);
        let error = error.map_or(Value::Null, |error| error.trim_start().into());
        let keys = ["ok", "outcome", "retryable", "error"].map(|key| &object[key]);
        let expected = json!([code == 0, outcome, code == 5, error]);
        assert_eq!(json!(keys), expected, "{result}");
        assert_eq!(object["status"].to_string(), status);
    }
}

#[test]
fn a_check_is_retried_where_that_can_help() {
    let down = Reply::status(503, "Service Unavailable").header("retry-after", "0");
    let server = Server::answering([down, good()]);
    let output = lexbot(["check", "--json", "--retries", "1"])
        .server(&server)
        .stdout_like("{[..]}\n")
        .run();
    assert_eq!(object(&output)["attempts"], 2);
    server.received([request(), request()]);
}
