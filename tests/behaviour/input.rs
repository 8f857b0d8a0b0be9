//! The sources of messages, their layout, and the cost of a broken line.

mod broken;
#[cfg(unix)]
mod foreign;
mod framing;
mod limits;
mod streaming;

use crate::example::{claim_input, claim_of, line};
use crate::support::{Reply, Server};
use crate::table::{rows, unescape};

/// Asserts the results of each input in `table`. In an input, `{1}` is the message `m_1`, and `{pretty 1}` the same over
/// several lines.
#[track_caller]
fn assert_results(table: &str) {
    for [input, results] in rows(table) {
        let input = (1..=3).fold(input.to_owned(), |input, number| {
            let line = line(&format!("m_{number}"));
            input
                .replace(&format!("{{{number}}}"), &line)
                .replace(&format!("{{pretty {number}}}"), &pretty(&line))
        });
        assert_claims(unescape(&input), results);
    }
}

/// `message` as `jq` prints it.
fn pretty(message: &str) -> String {
    message
        .replace('{', "{\n  ")
        .replace(',', ",\n  ")
        .replace(':', ": ")
        .replace('}', "\n}")
}

/// Asserts that a claim of `input` has just these results, in any order, and sends the accepted messages. ` / ` is between
/// two results: `1` says that `m_1` was accepted, and any other text why a value is invalid.
#[track_caller]
fn assert_claims(input: impl Into<Vec<u8>>, results: &str) {
    let mut ids = Vec::new();
    let printed = results.split(" / ").map(|result| {
        if result.len() > 1 {
            return format!("--- {result}\n");
        }
        let id = format!("m_{result}");
        let printed = format!("201 {id} claimed\n");
        ids.push(id);
        printed
    });
    let printed: String = printed.collect();
    let server = Server::answering(ids.iter().map(|_| Reply::created()));
    claim_input()
        .stdin(input)
        .server(&server)
        .stdout_in_any_order(printed)
        .code(i32::from(results.contains("line ")))
        .run();
    server.received(ids.iter().map(|id| claim_of(id)));
}
