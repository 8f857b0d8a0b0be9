//! An error that ends the run: what is wrong, what to do about it, and the exit code.
//!
//! What happens to a single message is an `Outcome`, not a fault: a fault means that lexbot cannot go on.

use std::fmt;

use crate::exit::Exit;

/// The number of the signal that Ctrl-C sends, the same on all systems.
const SIGINT: i32 = 2;

/// A reason to stop, with the next step for the reader and the code for the script.
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

    /// A setting or a file that has to be mended: exit code 3.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Exit::Configuration, message)
    }

    /// The user ended it with Ctrl-C: exit code 130.
    pub(crate) fn interrupted() -> Self {
        Self::new(Exit::Interrupted(SIGINT), "interrupted")
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

    /// The exit code for `error`: a fault's own, else that of a file or system call that failed.
    pub(crate) fn exit_of(error: &anyhow::Error) -> Exit {
        error
            .downcast_ref::<CliError>()
            .map_or(Exit::Configuration, |fault| fault.exit)
    }

    /// What to tell the reader to do about `error`.
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
