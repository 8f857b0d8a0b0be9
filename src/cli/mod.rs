//! The command line: what can be typed. Parsing touches no environment and no file, so `--help` never fails.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help text, in which backticks would be printed"
)]

mod options;

use clap::{Args, Parser, Subcommand};

pub(crate) use options::{
    ColorWhen, ConfigFile, ConfigShow, Connection, MessageFlags, Output, Send, SetToken,
};

/// Tell Lexer which Messenger messages your chatbot handles
#[derive(Debug, Parser)]
#[command(
    name = "lexbot",
    version,
    about,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Claim and close messages the bot is handling
    Claim(ClaimArgs),
    /// Mark messages as sent by the bot
    Echo(EchoArgs),
    /// Test token, client ID and base URL without touching any message
    Check(CheckArgs),
    /// Store the token and look at the settings
    #[command(subcommand, arg_required_else_help = true)]
    Config(ConfigCommand),
    /// A local stand-in for the Lexer API; with `-- COMMAND`, runs COMMAND against it
    #[cfg(feature = "sandbox")]
    Sandbox(SandboxArgs),
    /// Print the completions for a shell
    Completions(CompletionsArgs),
}

/// `lexbot claim`
#[derive(Debug, Args)]
pub(crate) struct ClaimArgs {
    /// What `echo` takes as well.
    #[command(flatten)]
    pub(crate) send: Send,

    /// The message's new state; the API takes only "closed" [default: closed]
    #[arg(long, value_name = "STATE", help_heading = "Message")]
    pub(crate) state: Option<String>,
}

/// `lexbot echo`
#[derive(Debug, Args)]
pub(crate) struct EchoArgs {
    /// What `claim` takes as well.
    #[command(flatten)]
    pub(crate) send: Send,

    /// Take only the echoes of this Facebook app [default: every app's but Meta's Page Inbox]
    #[arg(long, value_name = "ID", help_heading = "Input")]
    pub(crate) app_id: Option<String>,
}

/// `lexbot check`
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Where and as whom.
    #[command(flatten)]
    pub(crate) connection: Connection,

    /// What to print.
    #[command(flatten)]
    pub(crate) output: Output,
}

/// `lexbot completions`
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell to complete in
    pub(crate) shell: clap_complete::Shell,
}

/// `lexbot config …`
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Store the token in a profile; asks for it, or reads it from standard input
    SetToken(SetToken),
    /// Print every setting in force and where it came from
    Show(ConfigShow),
    /// Print the path of the configuration file
    Path(ConfigFile),
}

/// `lexbot sandbox`
#[cfg(feature = "sandbox")]
#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// The port to listen on, on 127.0.0.1 [default: a free one]
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,

    /// The token that clients must send: a made-up one, never a real one
    #[arg(long, value_name = "TOKEN", default_value = "sandbox-token")]
    pub(crate) token: String,

    /// The client ID that the sandbox knows
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) client_id: u64,

    /// A page that the sandbox knows; may be given several times [default: every page is known]
    #[arg(long, value_name = "PAGE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) account_id: Vec<String>,

    /// Requests a second before the sandbox answers 429; 0 for no limit
    #[arg(long, value_name = "R", default_value_t = 10)]
    pub(crate) rate: u32,

    /// How long the sandbox waits before each answer, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub(crate) latency: u64,

    /// A command to run against the sandbox, with its settings in the environment
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<std::ffi::OsString>,
}
