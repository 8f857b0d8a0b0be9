//! `--dry-run` and `--curl`: what would be sent, on stdout.

use std::process::ExitCode;

use super::curl;
use super::message_source::Source;
use crate::batch::{Disconnected, IN_JOURNAL};
use crate::journal::Accepted;
use crate::message::{ExpandOptions, Expanded, compact};
use crate::outcome::Outcome;
use crate::output::{Console, LineBuffer, OutputOptions, Progress, Reporter, escape_json};
use crate::result::MessageResult;

/// A dry run.
pub(super) struct DryRun<'a> {
    options: &'a ExpandOptions,
    /// The URL of the curl commands to print; without it, bodies are printed.
    url: Option<String>,
    /// What an earlier run has sent already.
    accepted: Accepted,
    bodies: LineBuffer,
    reporter: Reporter,
}

impl<'a> DryRun<'a> {
    /// Prints bodies, or with `url` the curl commands that send them there.
    pub(super) fn new(
        options: &'a ExpandOptions,
        url: Option<String>,
        accepted: Accepted,
        console: Console,
        output: OutputOptions,
    ) -> Self {
        let bodies = LineBuffer::new(console);
        DryRun {
            options,
            url,
            accepted,
            reporter: Reporter::for_dry_run(console, output, bodies.clone()),
            bodies,
        }
    }

    /// Prints what `source` would send. Results of invalid messages are printed as in a run that sends.
    pub(super) fn run(mut self, source: Source) -> anyhow::Result<ExitCode> {
        let read = match source {
            Source::Flags(message) => {
                self.take(None, Expanded::Message(message))?;
                Ok(())
            }
            Source::Input(mut input) => {
                let bodies = self.bodies.clone();
                input.before_read(Box::new(move || bodies.flush_for_reader()));
                let mut failure = None;
                let position = Progress::none().input_position();
                let read = input.expand(self.options, &position, &mut |line, expanded| {
                    self.take(Some(line), expanded).map_err(|error| {
                        failure = Some(error);
                        Disconnected
                    })
                });
                if let Some(error) = failure.or_else(|| self.bodies.failure()) {
                    return Err(error);
                }
                read
            }
        };
        self.bodies.flush()?;
        read?;
        Ok(self.reporter.finish().exit().into())
    }

    fn take(&mut self, line: Option<u64>, expanded: Expanded) -> anyhow::Result<()> {
        let action = self.options.action;
        let (message, outcome) = match expanded {
            Expanded::Message(message) if self.accepted.contains(action, &message.ids) => {
                (message.not_sent(IN_JOURNAL), Outcome::Skipped)
            }
            Expanded::Message(message) => return self.print(&message.body),
            Expanded::Invalid(message) => (message, Outcome::Invalid),
            Expanded::Skipped(message) => (message, Outcome::Skipped),
        };
        self.reporter
            .result(&MessageResult::not_sent(action, line, message, outcome))
    }

    fn print(&self, body: &str) -> anyhow::Result<()> {
        let mut line = String::with_capacity(body.len());
        compact(body, &mut line);
        let line = escape_json(line);
        match &self.url {
            None => self.bodies.line(&line),
            Some(url) => self.bodies.line(&curl::command(url, &line)),
        }
    }
}
