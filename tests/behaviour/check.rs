//! `lexbot check`: one response is good, every failure has its own report, and nothing is claimed.

mod responses;

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
