//! `--dry-run` and `--curl`: prints on stdout what would be sent, and sends nothing.

use std::process::ExitCode;

use super::curl;
use super::message_flags::SendOptions;
use super::message_source::Source;
use crate::batch::IN_JOURNAL;
use crate::client::endpoint;
use crate::journal::Accepted;
use crate::message::{ExpandOptions, Expanded, compact};
use crate::outcome::Outcome;
use crate::output::{Console, Progress, Reporter, escape_json};
use crate::part::Part;
use crate::result::MessageResult;
use crate::settings::Settings;

/// Prints what `source` would send, and the results of messages that would not be sent.
pub(super) fn run(
    options: SendOptions,
    expand_options: &ExpandOptions,
    source: Source,
    settings: &Settings,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let args = options.args;
    let url = if args.curl {
        let client_id = settings.client_id()?;
        Some(endpoint(
            &settings.base_url.value,
            client_id,
            options.action,
        ))
    } else {
        None
    };
    let accepted = args.journal.as_deref().map(Accepted::at).transpose()?;
    let mut dry_run = DryRun {
        options: expand_options,
        url,
        accepted: accepted.unwrap_or_default(),
        console,
        reporter: Reporter::new(console, args.output.options(), None, Progress::none()),
    };
    let read = dry_run.read(source);
    // If the reader could not flush, this fails, too, and is the error to report.
    console.flush()?;
    read?;
    Ok(dry_run.reporter.finish().exit().into())
}

struct DryRun<'a> {
    options: &'a ExpandOptions,
    /// The URL of the curl commands to print; without it, bodies are printed.
    url: Option<String>,
    /// What an earlier run has sent already.
    accepted: Accepted,
    console: Console,
    reporter: Reporter,
}

impl DryRun<'_> {
    fn read(&mut self, source: Source) -> anyhow::Result<()> {
        let mut input = match source {
            Source::Flags(message) => {
                return self.take(&Part::from_flags(), Expanded::Message(message));
            }
            Source::Input(input) => input,
        };
        input.flush_before_read(self.console);
        let options = self.options;
        input.expand(options, &Progress::none(), &mut |part, expanded| {
            self.take(&part, expanded)
        })
    }

    fn take(&mut self, part: &Part, expanded: Expanded) -> anyhow::Result<()> {
        let value_done = part.finish();
        let action = self.options.action;
        let (message, outcome) = match expanded {
            Expanded::Message(message) if self.accepted.contains(action, &message.ids) => {
                (message.not_sent(IN_JOURNAL), Outcome::Skipped)
            }
            Expanded::Message(message) => return self.print(&message.body),
            Expanded::Invalid(message) => (message, Outcome::Invalid),
            Expanded::Skipped(message) => (message, Outcome::Skipped),
        };
        let mut result = MessageResult::not_sent(action, part.lines, message, outcome);
        result.value_done = value_done;
        self.reporter.result(&result)
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
