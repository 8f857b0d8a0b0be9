//! `--dry-run` and `--curl`: what would be sent, on standard output.

use std::process::ExitCode;
use std::time::Duration;

use super::curl;
use super::source::Source;
use crate::delivery::Closed;
use crate::message::{Item, Rules, Unsendable, compact};
use crate::outcome::{Outcome, Verdict};
use crate::report::{Progress, Reporter, escaped};

/// Prints what `source` would send: the bodies, or with a `url` the commands that send them there. What can't be
/// sent is told as in a run that sends.
pub(super) fn run(
    source: Source,
    rules: &Rules,
    url: Option<&str>,
    mut reporter: Reporter,
) -> anyhow::Result<ExitCode> {
    let mut input = match source {
        Source::Flags(message) => {
            print(&mut reporter, url, &message.body)?;
            return Ok(reporter.finish().exit().into());
        }
        Source::Input(input) => input,
    };
    let mut failed = None;
    let reading = Progress::none().reading();
    input.each_item(rules, &reading, &mut |line, item| {
        let unsent = |unsendable: Unsendable, verdict: fn(String) -> Verdict| Outcome {
            action: rules.action,
            line: Some(line),
            object_id: unsendable.object_id,
            account_id: unsendable.account_id,
            verdict: verdict(unsendable.why),
            attempts: 0,
            elapsed: Duration::ZERO,
        };
        let printed = match item {
            Item::Message(message) => print(&mut reporter, url, &message.body),
            Item::Invalid(unsendable) => reporter.outcome(&unsent(unsendable, Verdict::Invalid)),
            Item::Skipped(unsendable) => reporter.outcome(&unsent(unsendable, Verdict::Skipped)),
        };
        printed.map_err(|error| {
            failed = Some(error);
            Closed
        })
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(reporter.finish().exit().into()),
    }
}

fn print(reporter: &mut Reporter, url: Option<&str>, body: &str) -> anyhow::Result<()> {
    let mut line = String::with_capacity(body.len());
    compact(body, &mut line);
    let line = escaped(line);
    match url {
        None => reporter.would_send(&line),
        Some(url) => reporter.would_send(&curl::command(url, &line)),
    }
}
