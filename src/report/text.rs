//! An outcome as a line of text: status, message, and what became of it.

use clap::builder::styling::AnsiColor;

use super::answer_text::answer_text;
use super::harmless::harmless;
use crate::outcome::{Kind, Outcome, Verdict};

/// The parts of a result line, all of them harmless to print.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TextLine {
    /// The status code, or `---` where there was no answer.
    pub(crate) status: String,
    /// The colour of the status.
    pub(crate) color: AnsiColor,
    /// The message's ID or the line that it stands on, and what became of it.
    pub(crate) rest: String,
}

impl TextLine {
    /// `outcome` in a line.
    pub(crate) fn of(outcome: &Outcome) -> Self {
        let status = outcome
            .verdict
            .status()
            .map_or_else(|| "---".to_owned(), |status| format!("{status:03}"));
        let which = match (&outcome.object_id, outcome.line, &outcome.verdict) {
            (None, None, _) => String::new(),
            (Some(id), _, Verdict::Answered(_) | Verdict::Unanswered { .. })
            | (Some(id), None, _) => format!(" {id}"),
            (_, Some(line), _) => format!(" line {line}:"),
        };
        TextLine {
            status,
            color: color(outcome.verdict.kind()),
            rest: harmless(&format!("{which} {}", what(outcome))).into_owned(),
        }
    }
}

/// What became of a message, in words.
fn what(outcome: &Outcome) -> String {
    match &outcome.verdict {
        Verdict::Answered(_) if outcome.verdict.kind() == Kind::Accepted => {
            outcome.action.done().to_owned()
        }
        Verdict::Answered(answer) => answer_text(answer),
        Verdict::Unanswered { why, .. } | Verdict::Invalid(why) => why.clone(),
    }
}

fn color(kind: Kind) -> AnsiColor {
    match kind {
        Kind::Accepted => AnsiColor::Green,
        Kind::Rejected | Kind::Unauthorized => AnsiColor::Red,
        Kind::Unavailable | Kind::Unknown | Kind::Invalid => AnsiColor::Yellow,
    }
}
