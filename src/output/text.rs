//! A result as a line of text.

use clap::builder::styling::AnsiColor;

use super::response_text::response_text;
use super::{Console, sanitize};
use crate::outcome::Outcome;
use crate::result::MessageResult;

/// `result` on one line, sanitized, with the status in colour.
pub(crate) fn line(result: &MessageResult, console: Console) -> String {
    let status = result
        .status()
        .map_or_else(|| "---".to_owned(), |status| format!("{status:03}"));
    // An invalid value is found by its line, everything else by its ID.
    let label = match (result.outcome, &result.ids.object_id, result.line) {
        (Outcome::Invalid, _, Some(line)) | (_, None, Some(line)) => format!(" line {line}:"),
        (_, Some(id), _) => format!(" {id}"),
        (_, None, None) => String::new(),
    };
    let rest = format!("{label} {}", description(result));
    let style = console.style(color(result.outcome));
    format!("{style}{status}{style:#}{}", sanitize(&rest))
}

fn description(result: &MessageResult) -> String {
    match (&result.response, result.outcome) {
        (_, Outcome::Accepted) => result.action.done().to_owned(),
        (Some(response), _) => response_text(response),
        (None, Outcome::Skipped) => format!("skipped: {}", result.reason),
        (None, _) => result.reason.clone(),
    }
}

fn color(outcome: Outcome) -> AnsiColor {
    match outcome {
        Outcome::Accepted => AnsiColor::Green,
        Outcome::Rejected | Outcome::Unauthorized => AnsiColor::Red,
        Outcome::Unavailable | Outcome::Unknown | Outcome::Invalid | Outcome::NotSent => {
            AnsiColor::Yellow
        }
        Outcome::Skipped => AnsiColor::BrightBlack,
    }
}
