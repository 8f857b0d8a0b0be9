//! `lexbot completions`: the completions for a shell, made from the same definitions as the command line.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::CommandFactory as _;

use crate::cli::{Cli, CompletionsArgs};
use crate::report::Console;

/// Prints the completions.
pub(crate) fn run(args: &CompletionsArgs, console: Console) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "lexbot", &mut script);
    let script = String::from_utf8(script).context("the completions are not text")?;
    console.result(script.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
