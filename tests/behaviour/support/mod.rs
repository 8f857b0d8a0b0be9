//! The harness of the behaviour tests: it runs the built lexbot in an empty home, against a server that follows a
//! script, and compares output, exit code and requests with what the test expects.
//!
//! Anything unexpected fails the test: other output, a request that is not in the script, a reply left over, a
//! secret in the output. `harness` tests that it does.

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
mod server;
mod shared;
mod strict;
mod text;
mod tls;
mod tunnel;
mod watched;
mod wire;

use std::time::Duration;

pub(crate) use authority::Authority;
pub(crate) use front::Front;
pub(crate) use gate::Gate;
pub(crate) use home::Home;
pub(crate) use output::Output;
pub(crate) use refused::refused_port;
pub(crate) use reply::Reply;
pub(crate) use request::Request;
pub(crate) use requires::requires;
#[cfg(target_os = "linux")]
pub(crate) use run::in_a_terminal;
pub(crate) use run::{Run, lexbot, program};
pub(crate) use running::Running;
pub(crate) use server::Server;
pub(crate) use strict::StrictCount;
pub(crate) use tls::TlsServer;
pub(crate) use tunnel::Tunnel;

/// The token of every run that has one. No part of it could be in the output for another reason.
pub(crate) const TOKEN: &str = "Zq7xKw3vRt9yPb5nLm2jHd8gFs4cVk6e";

/// Part of every other secret that a test makes up. The harness fails a run that shows it.
pub(crate) const SECRET: &str = "s3cret";

/// The client ID of every run that has one.
pub(crate) const CLIENT_ID: &str = "123";

/// How long a test waits for a line or a request. Only a failing test waits that long.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a run may take.
const LIMIT: Duration = Duration::from_mins(1);
