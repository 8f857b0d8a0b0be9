//! What is told of each message: as text, as JSON, as a hint, and as an exit code.

mod answers;
mod bodies;
mod colour;
mod exit_codes;
mod harmless;
mod json;
mod quiet;
mod standard_output;
mod token;
mod verbose;

use serde_json::Value;

use crate::support::{Output, Reply, Run, Server};

/// Runs `run` against a server that gives this answer to one request.
#[track_caller]
fn answered(run: Run, reply: Reply) -> Output {
    let server = Server::answering([reply]);
    server.ignore_requests();
    run.server(&server).run()
}

/// The JSON objects on standard output, without the time that each took.
#[track_caller]
fn objects(output: &Output) -> Vec<Value> {
    output
        .stdout
        .lines()
        .map(|line| {
            let mut object: Value = serde_json::from_str(line).expect("a line of JSON");
            let elapsed = object
                .as_object_mut()
                .and_then(|fields| fields.remove("elapsed_ms"));
            assert!(elapsed.is_some_and(|elapsed| elapsed.is_u64()), "{line}");
            object
        })
        .collect()
}
