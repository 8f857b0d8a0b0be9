//! Everything that a server can do wrong, and what becomes of a claim: one row for each fault.
//!
//! What is asserted of all: an end well before the timeouts run out a second time, a small amount of memory, no
//! panic, and that nothing counts as accepted of which no whole 2xx head came. What is printed is for `network`
//! and `results`.

mod faults;

use std::io::{Read as _, Write as _};
use std::time::Duration;

use crate::example::line;
use crate::support::{Front, Reply, Run, Server, lexbot};

/// The time in seconds for an answer's head, and for its body.
const TIMEOUT: &str = "0.4";

/// What a fault may take. Head and body each have their time, and a busy machine needs more.
const LONGEST_MS: u64 = 4000;

/// What a run may need, whatever a server sends. It is a few MiB in fact.
const MOST_MEMORY: u64 = 64 << 20;

/// What a claim came to.
#[derive(Debug, PartialEq, Eq)]
struct Came {
    outcome: String,
    status: Option<u64>,
    code: i32,
}

/// A claim came to `outcome` with this status.
fn came(outcome: &str, status: Option<u64>) -> Came {
    let code = match outcome {
        "accepted" => 0,
        "rejected" => 1,
        _ => 5,
    };
    Came {
        outcome: outcome.to_owned(),
        status,
        code,
    }
}

fn accepted() -> Came {
    came("accepted", Some(201))
}

fn rejected(status: u64) -> Came {
    came("rejected", Some(status))
}

/// Sent, and nobody knows whether it arrived.
fn unknown() -> Came {
    came("unknown", None)
}

/// Claims a message in one attempt, its input kept open for as long as the memory is looked at.
#[track_caller]
fn claim_with(run: impl FnOnce(Run) -> Run, name: &str, expected: &Came) {
    let mut run = run(lexbot(["claim", "-i", "-", "--json", "--retries", "0"]))
        .stdout_like("{[..]}\n")
        .stderr_like("...")
        .code(expected.code)
        .limit(Duration::from_secs(20))
        .spawn();
    run.write_line(&line("m_1"));
    let result: serde_json::Value = serde_json::from_str(&run.read_line()).unwrap();
    let memory = run.peak_memory();
    run.close_stdin();
    let actual = Came {
        outcome: result["outcome"].as_str().unwrap().to_owned(),
        status: result["status"].as_u64(),
        code: expected.code,
    };
    assert_eq!(&actual, expected, "{name}: {result}");
    let elapsed = result["elapsed_ms"].as_u64().unwrap();
    assert!(elapsed < LONGEST_MS, "{name}: {elapsed} ms");
    if let Some(memory) = memory {
        assert!(memory < MOST_MEMORY, "{name}: {memory} bytes");
    }
    show(name, &actual, elapsed, memory);
    run.wait();
}

/// `run` with so many seconds for an answer.
fn within(seconds: &str, run: Run) -> Run {
    run.args(["--timeout", seconds])
}

/// The row of the table that `--nocapture` shows: outcome, status, code, milliseconds, KiB.
#[expect(clippy::print_stdout, reason = "a figure for the reader of the tests")]
fn show(name: &str, came: &Came, elapsed: u64, memory: Option<u64>) {
    let status = came
        .status
        .map_or("-".to_owned(), |status| status.to_string());
    let memory = memory.map_or("?".to_owned(), |bytes| (bytes >> 10).to_string());
    println!(
        "| {name} | {} | {status} | {} | {elapsed} | {memory} |",
        came.outcome, came.code
    );
}

/// Asserts what a claim comes to at a server that replies in this way.
#[track_caller]
fn assert_comes_to(name: &str, reply: Reply, expected: &Came) {
    let server = Server::answering([reply]);
    claim_with(|run| within(TIMEOUT, run).server(&server), name, expected);
    assert_eq!(server.requests().len(), 1, "{name}");
}

/// Asserts the same of one that sends these bytes and then resets the connection.
#[track_caller]
fn assert_reset_after(name: &str, bytes: &'static str, expected: &Came) {
    // What is left unread makes the close a reset.
    let front = Front::start(move |mut client| {
        client.read_exact(&mut [0])?;
        client.write_all(bytes.as_bytes())
    });
    let url = format!("http://127.0.0.1:{}", front.port());
    claim_with(|run| within(TIMEOUT, run).base_url(&url), name, expected);
}
