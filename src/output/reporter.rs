//! Prints results as they come, with hints, and counts them.

use std::collections::HashSet;

use super::{Console, LineBuffer, Progress, Tally, json_line, text};
use crate::hint::{HintContext, hint};
use crate::outcome::Outcome;
use crate::result::MessageResult;

/// What is printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OutputOptions {
    /// Results as JSON objects.
    pub(crate) json: bool,
    /// Failures only.
    pub(crate) quiet: bool,
    /// Skipped messages, too.
    pub(crate) verbose: bool,
}

/// Prints results and counts them.
#[derive(Debug)]
pub(crate) struct Reporter {
    console: Console,
    options: OutputOptions,
    /// The bodies that a dry run prints on stdout; results then go to stderr.
    bodies: Option<LineBuffer>,
    /// What hints name; `None` if nothing is sent.
    context: Option<HintContext>,
    hints_given: HashSet<String>,
    tally: Tally,
    progress: Progress,
}

impl Reporter {
    /// A reporter for messages that are sent.
    pub(crate) fn new(
        console: Console,
        options: OutputOptions,
        context: HintContext,
        progress: Progress,
    ) -> Self {
        Reporter {
            console,
            options,
            bodies: None,
            context: Some(context),
            hints_given: HashSet::new(),
            tally: Tally::new(),
            progress,
        }
    }

    /// A reporter for a dry run, which prints `bodies` on stdout and results on stderr.
    pub(crate) fn for_dry_run(
        console: Console,
        options: OutputOptions,
        bodies: LineBuffer,
    ) -> Self {
        Reporter {
            console,
            options,
            bodies: Some(bodies),
            context: None,
            hints_given: HashSet::new(),
            tally: Tally::new(),
            progress: Progress::none(),
        }
    }

    /// Prints `result`, and a hint unless the same one was given before.
    pub(crate) fn result(&mut self, result: &MessageResult) -> anyhow::Result<()> {
        self.tally.count(result.outcome);
        if self.shows(result.outcome) {
            let line = if self.options.json {
                json_line(result)?
            } else {
                text::line(result, self.console)
            };
            self.progress.suspend(|| match &self.bodies {
                // A terminal shows both streams: keep them in the order of the input.
                Some(bodies) => bodies.flush().map(|()| self.console.eprint_line(&line)),
                None => self.console.result(&line),
            })?;
        }
        if let Some(hint) = self
            .context
            .as_ref()
            .and_then(|context| hint(result, context))
            && self.hints_given.insert(hint.clone())
        {
            self.progress.suspend(|| self.console.hint(&hint));
        }
        self.progress.show(&self.tally);
        Ok(())
    }

    /// Removes the progress bar and returns the counts.
    pub(crate) fn finish(&self) -> Tally {
        self.progress.finish();
        self.tally.clone()
    }

    /// Whether a result with this outcome is printed.
    fn shows(&self, outcome: Outcome) -> bool {
        if self.options.quiet {
            return !outcome.is_ok();
        }
        outcome != Outcome::Skipped
            || self.options.verbose
            || (self.options.json && self.bodies.is_none())
    }
}
