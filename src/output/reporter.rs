//! Prints each result, with a hint if one helps, and counts the outcomes.

use std::collections::HashSet;
use std::sync::Arc;

use clap::builder::styling::Style;

use super::{Console, Progress, Tally, json_line, text};
use crate::hint::{HintContext, hint};
use crate::message_result::MessageResult;
use crate::outcome::Outcome;

/// Which results are printed, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OutputOptions {
    /// Results as JSON objects.
    pub(crate) json: bool,
    /// Failures only.
    pub(crate) quiet: bool,
    /// Skipped messages, too.
    pub(crate) verbose: bool,
}

/// Prints results and counts their outcomes.
#[derive(Debug)]
pub(crate) struct Reporter {
    console: Console,
    options: OutputOptions,
    /// What hints name; `None` in a dry run, which gives no hints and prints results on stderr.
    context: Option<HintContext>,
    hints_given: HashSet<String>,
    progress: Arc<Progress>,
}

impl Reporter {
    /// A reporter for messages that are sent, or without `context` for a dry run.
    pub(crate) fn new(
        console: Console,
        options: OutputOptions,
        context: Option<HintContext>,
        progress: Arc<Progress>,
    ) -> Self {
        Reporter {
            console,
            options,
            context,
            hints_given: HashSet::new(),
            progress,
        }
    }

    /// Prints `result`, and a hint unless the same one was given before.
    pub(crate) fn result(&mut self, result: &MessageResult) -> anyhow::Result<()> {
        self.progress.tally().count(result.outcome, result.elapsed);
        if self.shows(result) {
            let line = if self.options.json {
                json_line(result)?
            } else {
                text::line(result, self.console.style(text::color(result.outcome)))
            };
            self.print(&line)?;
        }
        // A message is not sent because of an error that is reported elsewhere.
        if !result.outcome.is_ok() && result.outcome != Outcome::NotSent {
            self.console.annotate(&text::line(result, Style::new()));
        }
        if let Some(context) = &self.context
            && let Some(hint) = hint(result, context)
            && self.hints_given.insert(hint.clone())
        {
            self.console.hint(&hint);
        }
        Ok(())
    }

    /// The counts.
    pub(crate) fn tally(&self) -> Tally {
        self.progress.tally().clone()
    }

    fn is_dry_run(&self) -> bool {
        self.context.is_none()
    }

    fn shows(&self, result: &MessageResult) -> bool {
        if self.options.quiet {
            return !result.outcome.is_ok();
        }
        // A message without lines comes from flags, and is the only one of its run, so even a skipped one is shown.
        result.outcome != Outcome::Skipped
            || result.lines.is_none()
            || self.options.verbose
            || (self.options.json && !self.is_dry_run())
    }

    fn print(&self, line: &str) -> anyhow::Result<()> {
        if self.is_dry_run() {
            // A terminal shows both streams: keep them in the order of the input.
            self.console.flush()?;
            self.console.eprint_line(line);
            Ok(())
        } else {
            self.console.result(line)
        }
    }
}
