//! All printing: results as text or JSON, notes, colour, and how text from outside is made harmless.

mod answer_text;
mod console;
mod exchange;
mod gathered;
mod harmless;
mod json;
mod progress;
mod tally;
mod text;

pub(crate) use answer_text::answer_text;
pub(crate) use console::{Console, ReaderGone, usage_error};
pub(crate) use exchange::{print_answer, print_request};
pub(crate) use gathered::Gathered;
pub(crate) use harmless::harmless;
pub(crate) use json::{escaped, json_body, json_line};
pub(crate) use progress::{Progress, Reading};
pub(crate) use tally::Tally;

use std::collections::HashSet;

use crate::cli::Output;
use crate::hint::{Situation, hint};
use crate::outcome::{Kind, Outcome};

/// Prints outcomes as they come, and counts what the run comes to.
#[derive(Debug)]
pub(crate) struct Reporter {
    console: Console,
    format: Format,
    quiet: bool,
    verbose: bool,
    /// Where a result goes: standard output, unless that has the bodies of a dry run.
    results_aside: bool,
    bodies: Gathered,
    /// What the hints name; none where nothing is sent.
    situation: Option<Situation>,
    hints_given: HashSet<String>,
    tally: Tally,
    progress: Progress,
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
}

impl Reporter {
    /// A reporter for messages that are sent.
    pub(crate) fn new(
        console: Console,
        output: &Output,
        situation: Situation,
        progress: Progress,
    ) -> Self {
        Reporter {
            results_aside: false,
            situation: Some(situation),
            progress,
            ..Self::for_dry_run(console, output)
        }
    }

    /// A reporter for a dry run: standard output has the bodies, so what can't be sent is told on standard error.
    pub(crate) fn for_dry_run(console: Console, output: &Output) -> Self {
        Reporter {
            console,
            format: if output.json {
                Format::Json
            } else {
                Format::Text
            },
            quiet: output.quiet,
            verbose: output.verbose,
            results_aside: true,
            bodies: Gathered::new(console),
            situation: None,
            hints_given: HashSet::new(),
            tally: Tally::new(),
            progress: Progress::none(),
        }
    }

    /// Prints `outcome`, and a hint where its like had none before.
    pub(crate) fn outcome(&mut self, outcome: &Outcome) -> anyhow::Result<()> {
        let kind = outcome.verdict.kind();
        self.tally.count(kind);
        if self.shows(kind) {
            let line = self.line(outcome)?;
            self.progress.suspend(|| {
                if self.results_aside {
                    // On a terminal, which shows both, they stand in the order of the input.
                    self.bodies.flush()?;
                    self.console.aside(&line);
                    Ok(())
                } else {
                    self.console.result(&line)
                }
            })?;
        }
        if let Some(hint) = self
            .situation
            .as_ref()
            .and_then(|situation| hint(outcome, situation))
            && self.hints_given.insert(hint.clone())
        {
            self.progress.suspend(|| self.console.hint(&hint));
        }
        self.progress.show(&self.tally);
        Ok(())
    }

    /// Prints what a dry run would send, at the latest when the [`Reporter::bodies`] are flushed.
    pub(crate) fn would_send(&mut self, line: &str) -> anyhow::Result<()> {
        self.bodies.line(line)
    }

    /// What a dry run would send, as far as it isn't printed yet.
    pub(crate) fn bodies(&self) -> Gathered {
        self.bodies.clone()
    }

    /// Ends the report: takes the progress away and says what the run came to.
    pub(crate) fn finish(&self) -> Tally {
        self.progress.finish();
        self.tally.clone()
    }

    /// Whether a result of this kind is printed: in JSON all are, in text a skipped one only where details are wanted.
    fn shows(&self, kind: Kind) -> bool {
        if self.quiet {
            return !kind.is_ok();
        }
        kind != Kind::Skipped
            || self.verbose
            || (self.format == Format::Json && !self.results_aside)
    }

    fn line(&self, outcome: &Outcome) -> anyhow::Result<String> {
        Ok(match self.format {
            Format::Json => json_line(outcome)?,
            Format::Text => text::line(outcome, self.console),
        })
    }
}
