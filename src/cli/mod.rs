//! The command-line definitions. Parsing reads neither environment nor files, so `--help` never fails.
//!
//! The comments on commands and options are the help text, which `reference` completes. Completions
//! and man pages are generated from the same definitions, the latter in `tests`.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help text, in which backticks would be printed"
)]

mod config;
mod connection;
mod reference;
#[cfg(feature = "sandbox")]
mod sandbox;
mod send;
mod usage_error;

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand};

pub(crate) use config::{ConfigCommand, ConfigKey, ConfigSet, ConfigShow, ConfigUnset, SetToken};
pub(crate) use connection::{ConfigFile, Connection};
#[cfg(feature = "sandbox")]
pub(crate) use sandbox::{Expectation, Fault, SandboxArgs};
pub(crate) use send::{ClaimArgs, EchoArgs, MessageArgs, RelayArgs, SendArgs};
pub(crate) use usage_error::usage_error;

use crate::output::{ColorWhen, OutputOptions};

/// Tell Lexer which Messenger messages your chatbot handles
#[derive(Debug, Parser)]
#[command(
    name = "lexbot",
    // Else usage would show how it was started, such as lexbot.exe.
    bin_name = "lexbot",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "lexbot help COMMAND, or lexbot COMMAND --help, shows the options of a command, with examples.",
    after_long_help = reference::help()
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// `args`, in which `help` before or after a command means `--help`.
pub(crate) fn with_help_option(mut args: Vec<OsString>) -> Vec<OsString> {
    if let Some(at) = (1..args.len().min(3)).find(|at| args[*at] == "help") {
        args.remove(at);
        args.push("--help".into());
    }
    args
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Claim and close messages the bot is handling
    ///
    /// A bot claims every message that a customer sends while the bot has the conversation: Lexer closes it, and it
    /// leaves the team's inbox. To hand the conversation to a person, the bot just stops claiming.
    ///
    /// Give one message by its options, or many with --input. The profile can name the page.
    #[command(
        override_usage = send::CLAIM_USAGE,
        after_long_help = reference::examples(reference::CLAIM)
    )]
    Claim(ClaimArgs),
    /// Mark messages as sent by the bot
    ///
    /// A bot echoes every message that it sends to a customer: Lexer's history then shows the bot as its author.
    ///
    /// Give one message by its options, or many with --input. The profile can name the page.
    #[command(
        override_usage = send::ECHO_USAGE,
        after_long_help = reference::examples(reference::ECHO)
    )]
    Echo(EchoArgs),
    /// Claim and echo from one stream of webhooks
    ///
    /// For a bot that pipes in every webhook: claims what customers send and echoes what the bot sent, over one set of
    /// connections, one rate limit and one journal. Other events are skipped.
    ///
    /// To hand a conversation to a person, add the customer's ID to the --handed-over file, and then pass on the webhook.
    #[command(after_long_help = reference::examples(reference::RELAY))]
    Relay(RelayArgs),
    /// Test token, client ID and base URL without touching any message
    ///
    /// Sends a claim that names no message. Lexer refuses it, but only after it has accepted the token: nothing is
    /// claimed.
    #[command(after_long_help = reference::examples(reference::CHECK))]
    Check(CheckArgs),
    /// Store the token, change and show the settings
    ///
    /// A profile in the configuration file holds the token and the settings of one Lexer client. An option takes
    /// precedence over an environment variable, and that over the profile.
    #[command(
        subcommand,
        arg_required_else_help = true,
        after_long_help = reference::examples(reference::CONFIG)
    )]
    Config(ConfigCommand),
    /// Run a local stand-in for the Lexer API; with -- COMMAND, run COMMAND against it
    ///
    /// Listens on this machine only and answers as Lexer does. Nothing reaches Lexer, and only --record keeps
    /// anything.
    ///
    /// With -- COMMAND, runs COMMAND with the sandbox's settings in the environment, lists on standard error what the
    /// inbox received, and exits with the command's exit code. Without COMMAND, runs until Ctrl-C.
    #[cfg(feature = "sandbox")]
    #[command(
        override_usage = sandbox::USAGE,
        after_long_help = reference::examples(reference::SANDBOX)
    )]
    Sandbox(SandboxArgs),
    /// Print the completions for a shell
    ///
    /// The Debian package has those for bash, zsh and fish in their places already.
    #[command(after_long_help = reference::examples(reference::COMPLETIONS))]
    Completions(CompletionsArgs),
}

/// `lexbot check`
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) connection: Connection,

    #[command(flatten)]
    pub(crate) output: Output,
}

/// What is printed, and how.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// Print each result as JSON, one object per line
    #[arg(long)]
    pub(crate) json: bool,

    /// Print failures only
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Print each request and response on standard error, the token redacted
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

/// `lexbot completions`
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell to complete in
    pub(crate) shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests;
