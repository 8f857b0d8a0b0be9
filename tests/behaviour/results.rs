//! How the result of each message is reported: as text, as JSON, with a hint, and by the exit code.

mod bodies;
#[cfg(target_os = "linux")]
mod colour;
mod exit_codes;
#[cfg(target_os = "linux")]
mod progress;
mod responses;
mod value_done;

use crate::batch::results as objects;
use crate::support::{Output, Reply, Run, Server};

/// Runs `run` against a server that sends `reply` to one request.
#[track_caller]
pub(crate) fn answered(run: Run, reply: Reply) -> Output {
    let server = Server::answering([reply]);
    server.ignore_requests();
    run.server(&server).run()
}
