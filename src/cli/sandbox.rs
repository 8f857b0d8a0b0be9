//! `lexbot sandbox`: what the stand-in for Lexer knows, and how it behaves.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{ArgMatches, Args, Command, FromArgMatches, ValueHint};
use ureq::http::StatusCode;

use crate::api_facts::Action;
use crate::settings::{parse_account_id, parse_client_id};

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
    /// A message that was sent several times counts once. May be given several times. If the final
    /// number differs, lexbot says so and exits with 1, or with COMMAND's exit code if that isn't 0. Without COMMAND, a
    /// signal ends the count, and the exit code is then 0 or 1.
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

/// A number of distinct messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expectation {
    /// The action that counts; `None`: both count.
    pub(crate) action: Option<Action>,
    /// How many messages.
    pub(crate) count: usize,
}

impl FromStr for Expectation {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (action, count) = match text.split_once('=') {
            Some(("claim", count)) => (Some(Action::Claim), count),
            Some(("echo", count)) => (Some(Action::Echo), count),
            _ => (None, text),
        };
        count
            .parse()
            .map(|count| Expectation { action, count })
            .map_err(|_| "expected a number of messages, such as 3, claim=3 or echo=3")
    }
}

/// What stands for a missing COUNT of `--drop`.
const ALL: &str = "all";

/// What happens to the next requests in place of a response by the inbox.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    /// The status to respond with; `None`: the connection is closed without a response.
    pub(crate) status: Option<StatusCode>,
    /// How many requests; `None`: all that follow.
    pub(crate) count: Option<u64>,
}

/// The faults of `--fail` and `--drop`, in the order given. A plain derive would lose the order between the two options.
#[derive(Debug)]
pub(crate) struct FaultArgs(pub(crate) Vec<Fault>);

#[derive(Args)]
struct FaultOptions {
    /// Respond to the next COUNT requests with STATUS [default: to all that follow]
    ///
    /// Several --fail and --drop apply one after another, in the order given. A 2xx lets valid requests through:
    /// --fail 201:3 --fail 503:1 fails the fourth request. Requests that fail don't count towards --rate.
    #[arg(long, value_name = "STATUS[:COUNT]", value_parser = parse_fail, help_heading = "Responses")]
    fail: Vec<Fault>,

    /// Close the connection of the next COUNT requests instead [default: of all that follow]
    #[arg(
        long,
        value_name = "COUNT",
        num_args = 0..=1,
        default_missing_value = ALL,
        value_parser = parse_drop,
        help_heading = "Responses"
    )]
    drop: Vec<Fault>,
}

impl Args for FaultArgs {
    fn augment_args(command: Command) -> Command {
        FaultOptions::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        FaultOptions::augment_args(command)
    }
}

impl FromArgMatches for FaultArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let FaultOptions { fail, drop } = FaultOptions::from_arg_matches(matches)?;
        let indices = |name| matches.indices_of(name).into_iter().flatten();
        let fail = indices("fail").zip(fail);
        let mut faults: Vec<_> = fail.chain(indices("drop").zip(drop)).collect();
        faults.sort_by_key(|(index, _)| *index);
        let faults = faults.into_iter().map(|(_, fault)| fault);
        Ok(FaultArgs(faults.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn parse_fail(text: &str) -> Result<Fault, String> {
    let parse = || {
        let (status, count) = match text.split_once(':') {
            Some((status, count)) => (status, Some(count.parse().ok()?)),
            None => (text, None),
        };
        let status = StatusCode::from_bytes(status.as_bytes()).ok()?;
        (!status.is_informational()).then_some(Fault {
            status: Some(status),
            count,
        })
    };
    parse().ok_or_else(|| {
        "expected a status from 200 to 999, and perhaps a count, such as 503 or 503:2".to_owned()
    })
}

fn parse_drop(text: &str) -> Result<Fault, String> {
    let count = match text {
        ALL => None,
        _ => Some(
            text.parse()
                .map_err(|_| "expected a number of requests, such as 2".to_owned())?,
        ),
    };
    Ok(Fault {
        status: None,
        count,
    })
}
