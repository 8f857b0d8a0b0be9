//! What clap prints by itself: help and the version.

use std::io::{self, Write as _};
use std::process::ExitCode;

use super::console::cannot_write;
use crate::exit::Exit;

/// Prints the help or the version in `error`. Help that wasn't asked for, because nothing was, is a usage error.
pub(crate) fn print_help(error: &clap::Error) -> anyhow::Result<ExitCode> {
    error
        .print()
        .and_then(|()| io::stdout().flush())
        .map_err(|error| cannot_write(&error))?;
    let exit = if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Success
    };
    Ok(exit.into())
}
