//! The message that most tests send: as flags, as a line of input, and on the wire.
//!
//! The runs here make one attempt for each message, one message after the other.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::support::{Reply, Request, Run, Server, lexbot};

/// Where claims go.
pub(crate) const CLAIM: &str = "/123/bots/objects/claim";

/// Where echoes go.
pub(crate) const ECHO: &str = "/123/bots/objects/echo";

/// The message `m_1` as flags.
pub(crate) const FLAGS: [&str; 6] = [
    "--object-id",
    "m_1",
    "--published-at",
    "1458692752478",
    "--account-id",
    "77",
];

/// One attempt for each message, one message after the other, without a rate limit.
pub(crate) const PLAIN: [&str; 6] = ["--retries", "0", "--jobs", "1", "--rate", "0"];

/// Claims the message `m_1` from flags.
pub(crate) fn claim() -> Run {
    lexbot(["claim", "--retries", "0"]).args(FLAGS)
}

/// Echoes the message `m_1` from flags.
pub(crate) fn echo() -> Run {
    lexbot(["echo", "--retries", "0"]).args(FLAGS)
}

/// Claims the messages on stdin.
pub(crate) fn claim_input() -> Run {
    lexbot(["claim", "--input", "-"])
        .args(PLAIN)
        .summary_aside()
}

/// The message `id` as a line of input, without its line break.
pub(crate) fn line(id: &str) -> String {
    format!(r#"{{"object_id":"{id}","published_at":1458692752478,"account_id":"77"}}"#)
}

/// The body of the request that claims the message `id`.
pub(crate) fn body(id: &str) -> String {
    format!(
        r#"{{"object_id":"{id}","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"77"}}"#
    )
}

/// The request that claims the message `id`.
pub(crate) fn claim_of(id: &str) -> Request {
    Request::post(CLAIM).json(&body(id))
}

/// Runs `run` against a server that accepts one request, and asserts that this one came.
#[track_caller]
pub(crate) fn assert_sends(run: Run, expected: Request) {
    let server = Server::answering([Reply::created()]);
    run.server(&server).run();
    server.received([expected]);
}

/// Runs `run` against a server, and asserts that nothing was sent.
#[track_caller]
pub(crate) fn assert_sends_nothing(run: Run) {
    let server = Server::answering([]);
    run.server(&server).run();
    server.received([]);
}

/// Milliseconds since 1970.
pub(crate) fn now_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.as_ref().map(Duration::as_millis).unwrap_or_default();
    u64::try_from(millis).expect("a time in the next 500 million years")
}
