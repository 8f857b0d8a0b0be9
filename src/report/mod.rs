//! All printing: results as text or JSON, notes, colour, and how text from outside is made harmless.

mod answer_text;
mod console;
mod exchange;
mod harmless;
mod json;
mod text;

pub(crate) use console::{Console, ReaderGone};
pub(crate) use exchange::{print_answer, print_request};
pub(crate) use harmless::harmless;
pub(crate) use json::escaped;

use std::collections::HashSet;

use crate::cli::Output;
use crate::exit::Exit;
use crate::hint::{Situation, hint};
use crate::outcome::{Kind, Outcome};

/// Prints outcomes as they come, and remembers what the run comes to.
#[derive(Debug)]
pub(crate) struct Reporter {
    console: Console,
    json: bool,
    quiet: bool,
    /// Where a result goes: standard output, unless that has the bodies of a dry run.
    results_aside: bool,
    /// What the hints name; none where nothing is sent.
    situation: Option<Situation>,
    hints_given: HashSet<String>,
    worst: Exit,
}

impl Reporter {
    /// A reporter for messages that are sent.
    pub(crate) fn new(console: Console, output: &Output, situation: Situation) -> Self {
        Reporter {
            results_aside: false,
            situation: Some(situation),
            ..Self::for_dry_run(console, output)
        }
    }

    /// A reporter for a dry run: standard output has the bodies, so what can't be sent is told on standard error.
    pub(crate) fn for_dry_run(console: Console, output: &Output) -> Self {
        Reporter {
            console,
            json: output.json,
            quiet: output.quiet,
            results_aside: true,
            situation: None,
            hints_given: HashSet::new(),
            worst: Exit::Success,
        }
    }

    /// Prints `outcome`, and a hint where its like had none before.
    pub(crate) fn outcome(&mut self, outcome: &Outcome) -> anyhow::Result<()> {
        let kind = outcome.verdict.kind();
        self.worst = self.worst.max(kind.exit());
        if !(self.quiet && kind == Kind::Accepted) {
            let line = self.line(outcome)?;
            if self.results_aside {
                self.console.aside(&line);
            } else {
                self.console.result(&line)?;
            }
        }
        if let Some(hint) = self
            .situation
            .as_ref()
            .and_then(|situation| hint(outcome, situation))
            && self.hints_given.insert(hint.clone())
        {
            self.console.hint(&hint);
        }
        Ok(())
    }

    /// Prints the body that a dry run would send.
    pub(crate) fn body(&self, body: &str) -> anyhow::Result<()> {
        self.console.result(body)
    }

    /// What the run comes to.
    pub(crate) fn exit(&self) -> Exit {
        self.worst
    }

    fn line(&self, outcome: &Outcome) -> anyhow::Result<String> {
        if self.json {
            return Ok(json::json_line(outcome)?);
        }
        let line = text::TextLine::of(outcome);
        let style = self.console.style(line.color);
        Ok(format!("{style}{}{style:#}{}", line.status, line.rest))
    }
}
