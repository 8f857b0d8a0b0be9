//! What the network does to a request, and what is told of it.

mod connections;
mod no_answer;
mod no_connection;
mod not_http;
mod odd_answers;
mod proxy;
mod redirects;
mod time;

use serde_json::Value;

use crate::example::claim;
use crate::support::{Reply, Run, Server};

/// Which messages may have arrived, and which can't have.
const UNKNOWN: &str = "unknown";
const UNAVAILABLE: &str = "unavailable";

/// Asserts that a claim of `m_1` to this base URL ends without an answer: with code 5, for the reason `why`,
/// with `hint`, and with this outcome in JSON. In both texts `{host}` and `{url}` stand for the server's.
#[track_caller]
fn assert_unanswered(run: impl Fn() -> Run, url: &str, why: &str, hint: &str, outcome: &str) {
    let fill = |text: &str| {
        let host = url.split('/').nth(2).unwrap_or_default();
        text.replace("{host}", host).replace("{url}", url)
    };
    let (why, hint) = (fill(why), fill(hint));
    run()
        .base_url(url)
        .code(5)
        .stdout(format!("--- m_1 {why}\n"))
        .stderr(format!("hint: {hint}\n"))
        .run();
    let output = run()
        .args(["--json"])
        .base_url(url)
        .code(5)
        .stdout_like("[..]\n")
        .stderr(format!("hint: {hint}\n"))
        .run();
    let object: Value = serde_json::from_str(&output.stdout).expect("a line of JSON");
    assert_eq!(object["error"], why);
    assert_eq!(object["outcome"], outcome);
    assert_eq!(object["status"], Value::Null);
    assert_eq!(object["body"], Value::Null);
    assert_eq!(object["attempts"], 1);
}

/// The same of a claim to a server that replies in this way.
#[track_caller]
fn assert_unanswered_by(reply: Reply, args: &[&str], why: &str, hint: &str) {
    let server = Server::always(reply);
    assert_unanswered(|| claim().args(args), &server.url(), why, hint, UNKNOWN);
    assert_eq!(server.requests().len(), 2);
}
