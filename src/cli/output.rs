//! What is printed, and how.

use clap::Args;

use crate::output::{ColorWhen, OutputOptions};

/// What is printed, and how.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// Print each result as a JSON object on a line of its own
    #[arg(long)]
    pub(crate) json: bool,

    /// Print failures only
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Print each request and answer on standard error, the token redacted
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// When to use colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: ColorWhen,
}

impl Output {
    /// The same without the colour, which the console decides.
    pub(crate) fn options(&self) -> OutputOptions {
        OutputOptions {
            json: self.json,
            quiet: self.quiet,
            verbose: self.verbose,
        }
    }
}
