//! The sources of messages, their layout, and the cost of a broken line.

mod broken;
#[cfg(unix)]
mod foreign;
mod framing;
mod limits;
mod sources;
mod streaming;

use crate::example::{claim_input, claim_of, text};
use crate::support::{Reply, Server};

/// Asserts that a claim of `input` prints just these lines, ends with `code`, and sends the messages `ids`.
#[track_caller]
fn assert_claims(input: impl Into<Vec<u8>>, ids: &[&str], lines: &[&str], code: i32) {
    let server = Server::answering(ids.iter().map(|_| Reply::created()));
    claim_input()
        .stdin(input)
        .server(&server)
        .stdout_in_any_order(text(lines))
        .code(code)
        .run();
    server.received(ids.iter().map(|id| claim_of(id)));
}
