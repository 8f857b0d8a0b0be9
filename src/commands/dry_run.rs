//! `--dry-run` and `--curl`: prints on stdout what would be sent, and sends nothing.

use std::process::ExitCode;

use super::curl;
use super::message_source::Source;
use crate::batch::{Disconnected, IN_JOURNAL};
use crate::journal::Accepted;
use crate::message::{ExpandOptions, Expanded, compact};
use crate::outcome::Outcome;
use crate::output::{Console, OutputOptions, Progress, Reporter, escape_json};
use crate::result::MessageResult;

/// A dry run.
pub(super) struct DryRun<'a> {
    options: &'a ExpandOptions,
    /// The URL of the curl commands to print; without it, bodies are printed.
    url: Option<String>,
    /// What an earlier run has sent already.
    accepted: Accepted,
    console: Console,
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
        DryRun {
            options,
            url,
            accepted,
            console,
            reporter: Reporter::new(console, output, None, Progress::none()),
        }
    }

    /// Prints what `source` would send, and the results of messages that would not be sent.
    pub(super) fn run(mut self, source: Source) -> anyhow::Result<ExitCode> {
        let read = match source {
            Source::Flags(message) => self.take(None, Expanded::Message(message)),
            Source::Input(mut input) => {
                input.flush_before_read(self.console);
                let mut failure = None;
                let read = input.expand(self.options, &Progress::none(), &mut |line, expanded| {
                    self.take(Some(line), expanded).map_err(|error| {
                        failure = Some(error);
                        Disconnected
                    })
                });
                failure.map_or(read, Err)
            }
        };
        self.console.flush()?;
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
            None => self.console.result_later(&line),
            Some(url) => self.console.result_later(&curl::command(url, &line)),
        }
    }
}
