//! What the behaviour tests are written with: run the built lexbot in a home of its own, against a server
//! that follows a script, and expect exactly this output, this exit code and these requests.
//!
//! Whatever a test didn't expect fails it: output that it left out, a request beyond the script, an answer
//! that nobody came for, the token anywhere in the output.

#[cfg(unix)]
mod authority;
mod capture;
mod connection;
mod front;
mod gate;
mod home;
mod output;
mod refused;
mod reply;
mod request;
mod requires;
mod run;
mod running;
mod script;
mod server;
mod shared;
mod text;
#[cfg(unix)]
mod tls;
#[cfg(unix)]
mod tunnel;
mod wire;

use std::time::Duration;

#[cfg(unix)]
pub(crate) use authority::Authority;
#[cfg(unix)]
pub(crate) use front::Front;
pub(crate) use gate::Gate;
pub(crate) use home::Home;
pub(crate) use output::Output;
pub(crate) use refused::refused_port;
pub(crate) use reply::Reply;
pub(crate) use request::Request;
pub(crate) use requires::requires;
pub(crate) use run::{Run, lexbot, program};
pub(crate) use server::Server;
#[cfg(unix)]
pub(crate) use tls::TlsServer;
#[cfg(unix)]
pub(crate) use tunnel::Tunnel;

/// The made-up token of every run that has one. No part of it is a word or a number that could stand in
/// the output for another reason.
pub(crate) const TOKEN: &str = "Zq7xKw3vRt9yPb5nLm2jHd8gFs4cVk6e";

/// Part of every other secret that a test makes up. The harness fails a run that shows it.
pub(crate) const SECRET: &str = "s3cret";

/// The client ID of every run that has one.
pub(crate) const CLIENT_ID: &str = "123";

/// How long a test waits for a line or a request: long, because only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a run may take.
const LIMIT: Duration = Duration::from_mins(1);
