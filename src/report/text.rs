//! An outcome as a line of text: status, message, and what became of it.

use clap::builder::styling::AnsiColor;

use super::answer_text::answer_text;
use super::{Console, harmless};
use crate::outcome::{Kind, Outcome, Verdict};

/// `outcome` in a line, in which nothing acts on a terminal but the status's colour.
pub(crate) fn line(outcome: &Outcome, console: Console) -> String {
    let status = outcome
        .verdict
        .status()
        .map_or_else(|| "---".to_owned(), |status| format!("{status:03}"));
    // What was never a message to send is found by its line, everything else by its ID.
    let which = match (&outcome.verdict, &outcome.object_id, outcome.line) {
        (Verdict::Invalid(_), _, Some(line)) | (_, None, Some(line)) => format!(" line {line}:"),
        (_, Some(id), _) => format!(" {id}"),
        (_, None, None) => String::new(),
    };
    let rest = format!("{which} {}", what(outcome));
    let style = console.style(color(outcome.verdict.kind()));
    format!("{style}{status}{style:#}{}", harmless(&rest))
}

/// What became of a message, in words.
fn what(outcome: &Outcome) -> String {
    match &outcome.verdict {
        Verdict::Answered(_) if outcome.verdict.kind() == Kind::Accepted => {
            outcome.action.done().to_owned()
        }
        Verdict::Answered(answer) => answer_text(answer),
        Verdict::Unanswered { why, .. } | Verdict::Invalid(why) | Verdict::NotSent(why) => {
            why.clone()
        }
        Verdict::Skipped(why) => format!("skipped: {why}"),
    }
}

fn color(kind: Kind) -> AnsiColor {
    match kind {
        Kind::Accepted => AnsiColor::Green,
        Kind::Rejected | Kind::Unauthorized => AnsiColor::Red,
        Kind::Unavailable | Kind::Unknown | Kind::Invalid | Kind::NotSent => AnsiColor::Yellow,
        Kind::Skipped => AnsiColor::BrightBlack,
    }
}
