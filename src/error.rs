//! An error that ends the run: what is wrong, what to do about it, and the exit code.
//!
//! What happens to a single message is an `Outcome`, never a `CliError`: the run goes on after it.

use std::{fmt, io};

use crate::exit::Exit;
use crate::token::Token;

/// A reason to stop, with the next step for the user and the exit code for scripts.
#[derive(Debug)]
pub(crate) struct CliError {
    exit: Exit,
    message: String,
    hint: Option<String>,
}

impl CliError {
    /// Wrong usage: exit code 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// A setting or a file that has to be fixed: exit code 3.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Exit::Configuration, message)
    }

    /// The signal with this number arrived: exit code 128 and the number.
    pub(crate) fn interrupted_by(signal: i32) -> Self {
        Self::new(Exit::Interrupted(signal), "interrupted")
    }

    fn new(exit: Exit, message: impl Into<String>) -> Self {
        CliError {
            exit,
            message: message.into(),
            hint: None,
        }
    }

    /// Adds what to do next: a command to type, or a place to look. May have several lines.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// This error with every copy of the token redacted: it may quote a message.
    #[must_use]
    pub(crate) fn without(mut self, token: &Token) -> Self {
        self.message = token.redact(&self.message);
        self.hint = self.hint.map(|hint| token.redact(&hint));
        self
    }

    /// The exit code for `error`: its own if it is a `CliError`, otherwise that of a failed system call.
    pub(crate) fn exit_of(error: &anyhow::Error) -> Exit {
        error
            .downcast_ref::<CliError>()
            .map_or(Exit::Configuration, |error| error.exit)
    }

    /// The hint of `error`, if it is a `CliError` with one.
    pub(crate) fn hint_of(error: &anyhow::Error) -> Option<&str> {
        error.downcast_ref::<CliError>()?.hint.as_deref()
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CliError {}

/// The system's message in the style of lexbot's own, to follow "cannot read FILE: ": without its number and Windows'
/// full stop, and in lower case, such as "permission denied".
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text
        .split_once(" (os error ")
        .map_or(text.as_str(), |(words, _)| words)
        .trim_end_matches('.');
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::reason;
    use std::io;

    #[test]
    #[cfg(unix)]
    fn a_system_error_is_shown_without_its_number() {
        assert_eq!(
            reason(&io::Error::from_raw_os_error(13)),
            "permission denied"
        );
    }

    #[test]
    fn other_errors_are_unchanged() {
        assert_eq!(
            reason(&io::Error::other("the disk is on fire")),
            "the disk is on fire"
        );
        assert_eq!(reason(&io::Error::other("")), "");
    }
}
