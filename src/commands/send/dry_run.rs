//! `--dry-run` and `--curl`: what would be sent, on standard output.

use std::process::ExitCode;

use super::curl;
use super::source::Source;
use crate::delivery::{Closed, IN_JOURNAL};
use crate::journal::Accepted;
use crate::message::{Item, Message, Rules, Unsendable, compact};
use crate::outcome::{Outcome, Verdict};
use crate::report::{Progress, Reporter, escaped};

/// What a dry run goes by.
pub(super) struct DryRun<'a> {
    /// How values become messages.
    pub(super) rules: &'a Rules,
    /// Where the commands that are printed send to; without it, the bodies are printed.
    pub(super) url: Option<String>,
    /// What an earlier run has sent already.
    pub(super) accepted: Accepted,
    /// Where everything is printed.
    pub(super) reporter: Reporter,
}

impl DryRun<'_> {
    /// Prints what `source` would send. What can't be sent is told as in a run that sends.
    pub(super) fn run(mut self, source: Source) -> anyhow::Result<ExitCode> {
        let mut input = match source {
            Source::Flags(message) => {
                self.item(None, Item::Message(message))?;
                self.reporter.bodies().flush()?;
                return Ok(self.reporter.finish().exit().into());
            }
            Source::Input(input) => input,
        };
        let bodies = self.reporter.bodies();
        input.before_read(Box::new({
            let bodies = bodies.clone();
            move || bodies.flush_for_reader()
        }));
        let mut failed = None;
        let reading = Progress::none().reading();
        let read = input.each_item(self.rules, &reading, &mut |line, item| {
            self.item(Some(line), item).map_err(|error| {
                failed = Some(error);
                Closed
            })
        });
        if let Some(error) = failed.or_else(|| bodies.failure()) {
            return Err(error);
        }
        bodies.flush()?;
        read?;
        Ok(self.reporter.finish().exit().into())
    }

    fn is_accepted(&self, message: &Message) -> bool {
        let Message {
            object_id,
            account_id,
            ..
        } = message;
        self.accepted.has(
            self.rules.action,
            object_id.as_deref(),
            account_id.as_deref(),
        )
    }

    fn item(&mut self, line: Option<u64>, item: Item) -> anyhow::Result<()> {
        let (unsendable, verdict): (Unsendable, fn(String) -> Verdict) = match item {
            Item::Message(message) if self.is_accepted(&message) => {
                (message.unsendable(IN_JOURNAL), Verdict::Skipped)
            }
            Item::Message(message) => {
                return print(&mut self.reporter, self.url.as_deref(), &message.body);
            }
            Item::Invalid(unsendable) => (unsendable, Verdict::Invalid),
            Item::Skipped(unsendable) => (unsendable, Verdict::Skipped),
        };
        let outcome = Outcome::unsent(self.rules.action, line, unsendable, verdict);
        self.reporter.outcome(&outcome)
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
