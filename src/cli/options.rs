//! The options that several subcommands share, in the groups in which help shows them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Everything that `claim` and `echo` have in common.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch on the command line"
)]
pub(crate) struct Send {
    /// The message.
    #[command(flatten)]
    pub(crate) message: MessageFlags,

    /// Read messages from FILE, or from standard input if it is "-"
    #[arg(
        short,
        long,
        value_name = "FILE",
        conflicts_with = "object_id",
        help_heading = "Input"
    )]
    pub(crate) input: Option<PathBuf>,

    /// Send each JSON value as it is, without looking at it
    #[arg(long, help_heading = "Input")]
    pub(crate) no_validate: bool,

    /// Take webhook events in standby as well: for a bot that only ever listens there
    #[arg(long, help_heading = "Input")]
    pub(crate) standby: bool,

    /// Print the bodies that would be sent, one a line, and send nothing
    #[arg(long, help_heading = "Sending")]
    pub(crate) dry_run: bool,

    /// Print the curl commands that would do the same, and send nothing; the token stays in $LEXBOT_TOKEN
    #[arg(long, conflicts_with = "dry_run", help_heading = "Sending")]
    pub(crate) curl: bool,

    /// Requests a second, over all lexbot processes with this token; 0 for no limit [default: 10]
    #[arg(long, value_name = "R", value_parser = rate, help_heading = "Sending")]
    pub(crate) rate: Option<f64>,

    /// How many requests at once, at most
    #[arg(short, long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256), help_heading = "Sending")]
    pub(crate) jobs: u16,

    /// Append each result to FILE as a JSON line, and skip what it holds as accepted
    ///
    /// The journal holds what --json prints: message and page IDs, statuses and the server's answers, and not the
    /// token. After a crash, a kill or an outage, run the same command again until it exits 0.
    #[arg(long, value_name = "FILE", help_heading = "Sending")]
    pub(crate) journal: Option<PathBuf>,

    /// Where and as whom.
    #[command(flatten)]
    pub(crate) connection: Connection,

    /// What to print.
    #[command(flatten)]
    pub(crate) output: Output,
}

/// The fields of a message. With `--input` they fill what a message lacks.
#[derive(Debug, Args)]
#[command(next_help_heading = "Message")]
pub(crate) struct MessageFlags {
    /// The Messenger message ID, message.mid in a webhook
    #[arg(long, value_name = "ID")]
    pub(crate) object_id: Option<String>,

    /// When it was sent: epoch milliseconds or seconds, ISO 8601 with an offset, or "now"
    #[arg(long, value_name = "TIME")]
    pub(crate) published_at: Option<String>,

    /// The Facebook page ID [env: LEXBOT_ACCOUNT_ID]
    #[arg(long, value_name = "PAGE")]
    pub(crate) account_id: Option<String>,

    /// Where it comes from; the API takes only "facebook" [default: facebook]
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Option<String>,
}

/// Which settings to use, and how to reach Lexer.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Which file and profile.
    #[command(flatten)]
    pub(crate) config: ConfigFile,

    /// The API's base URL [env: LEXBOT_BASE_URL] [default: https://clients.lexer.io/api/clients]
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// The ID of the Lexer client, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]
    #[arg(long, value_name = "N")]
    pub(crate) client_id: Option<u64>,

    /// How many seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) timeout: Option<std::time::Duration>,

    /// How often to try again after no connection, no answer, 429, 502, 503 or 504
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) retries: u32,
}

/// Which profile of which file.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConfigFile {
    /// The profile in the configuration file [env: LEXBOT_PROFILE]
    #[arg(short, long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// The configuration file [env: LEXBOT_CONFIG]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

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

    /// When to use colour [env: NO_COLOR]
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: ColorWhen,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// `lexbot config set-token`
#[derive(Debug, Args)]
pub(crate) struct SetToken {
    /// Which file and profile to write to.
    #[command(flatten)]
    pub(crate) config: ConfigFile,

    /// The ID of the Lexer client, to be stored with the token
    #[arg(long, value_name = "N")]
    pub(crate) client_id: Option<u64>,

    /// The Facebook page used where a message names none, to be stored with the token
    #[arg(long, value_name = "PAGE")]
    pub(crate) account_id: Option<String>,

    /// The API's base URL, to be stored with the token
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Whatever else was typed: perhaps the token, which clap's own error would print.
    #[arg(hide = true, allow_hyphen_values = true)]
    pub(crate) unexpected: Vec<OsString>,
}

/// `lexbot config show`
#[derive(Debug, Args)]
pub(crate) struct ConfigShow {
    /// The settings to show, as a command that sends would have them.
    #[command(flatten)]
    pub(crate) connection: Connection,

    /// The Facebook page used where a message names none [env: LEXBOT_ACCOUNT_ID]
    #[arg(long, value_name = "PAGE")]
    pub(crate) account_id: Option<String>,

    /// Print a JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// A number of seconds above zero and at most a day, with or without a fraction.
fn seconds(text: &str) -> Result<std::time::Duration, String> {
    const DAY: f64 = 86_400.0;
    text.parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0 && *seconds <= DAY)
        .map(std::time::Duration::from_secs_f64)
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "expected a number of seconds above 0 and at most 86400".to_owned())
}

/// A number of requests a second, with or without a fraction.
fn rate(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|rate| rate.is_finite() && *rate >= 0.0)
        .ok_or_else(|| "expected a number of requests a second, or 0 for no limit".to_owned())
}
