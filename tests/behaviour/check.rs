//! `lexbot check`: one response is good, every failure has its own report, and nothing is claimed.

mod network;
mod output;
mod responses;
mod settings;

use serde_json::{Value, json};

use crate::example::CLAIM;
use crate::support::{Output, Reply, Request, Run, Server, lexbot};

/// What is sent: a claim that names no message.
const BODY: &str =
    r#"{"published_at":"2017-08-01T05:29:44Z","source":"facebook","state":"closed"}"#;

/// How Lexer refuses it.
fn good() -> Reply {
    Reply::status(500, "Internal Server Error").json(r#"{"error":"object_id is missing"}"#)
}

fn request() -> Request {
    Request::post(CLAIM).json(BODY)
}

/// A check in one attempt.
fn check() -> Run {
    lexbot(["check", "--retries", "0"])
}

/// Runs a check against a server that replies once, and asserts that it got one request.
#[track_caller]
fn answered(run: Run, reply: Reply) -> Output {
    let server = Server::answering([reply]);
    let output = run.server(&server).run();
    server.received([request()]);
    output
}

/// The keys that are always present, with the values that they have when nothing is known.
fn nothing_known() -> Value {
    json!({
        "ok": false,
        "outcome": null,
        "profile": null,
        "config_file": null,
        "base_url": null,
        "client_id": null,
        "account_id": null,
        "token": null,
        "token_origin": null,
        "lowered_rate": null,
        "status": null,
        "body": null,
        "error": null,
        "retryable": false,
        "attempts": 0,
        "elapsed_ms": null,
    })
}

/// `object` with these values for its keys.
fn with(mut object: Value, keys: Value) -> Value {
    let Value::Object(keys) = keys else {
        panic!("keys are an object");
    };
    for (key, value) in keys {
        let place = object.get_mut(&key);
        *place.unwrap_or_else(|| panic!("{key} is not a key")) = value;
    }
    object
}
