//! What clap prints by itself: help, the version, and usage errors.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};

use super::Console;
use super::console::cannot_write;
use super::sanitize::{needs_escape, sanitize};
use crate::exit::Exit;
use crate::token::may_be_token;

/// Prints the help or version that was asked for, or the usage error.
pub(crate) fn print_clap_error(error: &clap::Error, console: Console) -> anyhow::Result<ExitCode> {
    if error.use_stderr() {
        print_usage_error(error, console);
        return Ok(Exit::Usage.into());
    }
    error
        .print()
        .and_then(|()| io::stdout().flush())
        .map_err(|error| cannot_write(&error))?;
    Ok(Exit::Success.into())
}

fn print_usage_error(error: &clap::Error, console: Console) {
    let mut text = error.render().to_string();
    let is_safe = !text.replace('\n', "").contains(needs_escape)
        && !text.lines().any(|line| line.trim_start().starts_with("::"));
    let token = match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(typed)) if may_be_token(typed) => Some(typed),
        _ => None,
    };
    if let Some(typed) = token {
        text = text.replace(typed, "(not shown, because it may be a token)");
    }
    // The first paragraph says what is wrong.
    let problem = text.split("\n\n").next().unwrap_or_default();
    console.annotate(problem.strip_prefix("error: ").unwrap_or(problem));
    if token.is_none() && is_safe {
        // An error while writing to stderr can't be reported anywhere.
        let _ = error.print();
        return;
    }
    // This text has no colour, so that it can be sanitized.
    for line in text.lines() {
        console.eprint_line(&sanitize(line));
    }
}
