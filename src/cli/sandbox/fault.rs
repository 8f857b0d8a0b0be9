//! `--fail` and `--drop`: which requests the sandbox makes fail, in the order of the command line.

use clap::{ArgMatches, Args, Command, FromArgMatches};
use ureq::http::StatusCode;

/// What stands for a missing COUNT of `--drop`.
const ALL: &str = "all";

/// What happens to some requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    /// The status to respond with; `None`: the connection is closed without a response.
    pub(crate) status: Option<StatusCode>,
    /// How many requests; `None`: all that follow.
    pub(crate) count: Option<u64>,
}

/// The faults of `--fail` and `--drop`. What clap derives would lose the order between the two.
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
