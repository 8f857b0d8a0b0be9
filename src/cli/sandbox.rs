//! `lexbot sandbox`: what the stand-in for Lexer knows, and how it behaves.

mod expectation;
mod fault;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::settings::{parse_account_id, parse_client_id};

pub(crate) use expectation::Expectation;
pub(crate) use fault::{Fault, FaultArgs};

/// How `lexbot sandbox` is used: with a command and without, which are two things.
pub(super) const USAGE: &str = "\
    lexbot sandbox [OPTIONS]
       lexbot sandbox [OPTIONS] -- <COMMAND>...";

/// `lexbot sandbox`
#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// The port to listen on, on 127.0.0.1 [default: a free one]
    #[arg(long, value_name = "PORT", help_heading = "Connection")]
    pub(crate) port: Option<u16>,

    /// The token that clients must send; never a real one
    #[arg(
        long,
        value_name = "TOKEN",
        default_value = "sandbox-token",
        help_heading = "Inbox"
    )]
    pub(crate) token: String,

    /// The client ID that it knows
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = parse_client_id, help_heading = "Inbox")]
    pub(crate) client_id: u64,

    /// A page that it knows; may be given several times [default: every page]
    #[arg(long, value_name = "PAGE", value_parser = parse_account_id, help_heading = "Inbox")]
    pub(crate) account_id: Vec<String>,

    /// Requests per second before it answers 429; 0: no limit
    #[arg(
        long,
        value_name = "R",
        default_value_t = 10,
        help_heading = "Responses"
    )]
    pub(crate) rate: u32,

    /// How long it waits before each response, in milliseconds
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 0,
        help_heading = "Responses"
    )]
    pub(crate) latency: u64,

    #[command(flatten)]
    pub(crate) faults: FaultArgs,

    /// Write each request, without the token, and its response to FILE as a line of JSON
    ///
    /// FILE is replaced. The keys: at, action, method, path, headers, body, status, response (its body) and error (why
    /// it was refused). status and response are null where --drop closed the connection.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Report")]
    pub(crate) record: Option<PathBuf>,

    /// Fail unless exactly N messages were accepted; claim=N or echo=N counts one action
    ///
    /// A message that was sent several times counts once. May be given several times. If the number is another at the
    /// end, lexbot says so and exits with 1, or with COMMAND's exit code if that isn't 0. Without COMMAND, a signal is
    /// the end, and the exit code is then 0 or 1.
    #[arg(long, value_name = "N", help_heading = "Report")]
    pub(crate) expect: Vec<Expectation>,

    /// A command to run against the sandbox
    ///
    /// It finds lexbot on its PATH, and the sandbox's base URL, token, client ID and a page in LEXBOT_BASE_URL,
    /// LEXBOT_TOKEN, LEXBOT_CLIENT_ID and LEXBOT_ACCOUNT_ID. Of your own settings it sees only LEXBOT_APP_ID. Its
    /// configuration file and its cache (LEXBOT_CACHE_DIR) are temporary.
    #[arg(last = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments)]
    pub(crate) command: Vec<OsString>,
}
