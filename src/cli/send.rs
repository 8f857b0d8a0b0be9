//! `claim` and `echo`: the message or the input, and how it is sent.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{Connection, Output};
use crate::settings::parse_app_id;

/// How `lexbot claim` is used: clap would say no more than `[OPTIONS]`.
pub(super) const CLAIM_USAGE: &str = "\
    lexbot claim --object-id <ID> --published-at <TIME> [OPTIONS]
       lexbot claim --input <FILE> [OPTIONS]";

/// How `lexbot echo` is used.
pub(super) const ECHO_USAGE: &str = "\
    lexbot echo --object-id <ID> --published-at <TIME> [OPTIONS]
       lexbot echo --input <FILE> [OPTIONS]";

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

    /// Take only this app's echoes [default: all but those of Meta's Page Inbox]
    ///
    /// A page's messages aren't all the bot's: people answer too, and so may other apps. Of webhook payloads, only
    /// the events with this Facebook app ID are echoed. The profile can set it as app_id.
    #[arg(long, value_name = "ID", value_parser = parse_app_id, help_heading = "Input")]
    pub(crate) app_id: Option<String>,
}

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
    ///
    /// JSON, one value a line or as jq prints it: message bodies, arrays of them, Messenger webhook payloads as they
    /// come and, for echo, responses of the Send API. Each is sent as soon as it is read. The options of
    /// a message fill in its missing fields.
    #[arg(
        short,
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        conflicts_with = "object_id",
        help_heading = "Input"
    )]
    pub(crate) input: Option<PathBuf>,

    /// Send each JSON value as it is, without validation
    #[arg(long, help_heading = "Input")]
    pub(crate) no_validate: bool,

    /// Take webhook events in standby as well: for a bot that only ever listens there
    #[arg(long, help_heading = "Input")]
    pub(crate) standby: bool,

    /// Print the bodies that would be sent, one a line, and send nothing
    #[arg(long, help_heading = "Sending")]
    pub(crate) dry_run: bool,

    /// Print curl commands that would do the same, and send nothing
    ///
    /// They don't contain the token: they take it from LEXBOT_TOKEN when they run.
    #[arg(long, conflicts_with = "dry_run", help_heading = "Sending")]
    pub(crate) curl: bool,

    /// Requests a second, at most; 0: no limit [default: 10]
    ///
    /// Lexer accepts 10 a second for each token. The profile's rate is that limit, and all lexbot processes of a user
    /// that use the token share it; a 429 lowers it for a while. This option limits one process, or raises the limit for
    /// it. With 0, only the pauses after a 429 are obeyed.
    #[arg(long, value_name = "R", value_parser = rate, help_heading = "Sending")]
    pub(crate) rate: Option<f64>,

    /// How many requests at once, at most
    #[arg(
        short,
        long,
        value_name = "N",
        default_value_t = 8,
        value_parser = clap::value_parser!(u16).range(1..=256),
        help_heading = "Sending"
    )]
    pub(crate) jobs: u16,

    /// Append each result to FILE, and skip what it holds as accepted
    ///
    /// The journal holds what --json prints: message and page IDs, statuses and the server's responses, but not the
    /// token. After exit code 5, a crash or a signal, run the same command again.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Sending")]
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

    /// When it was sent: epoch milliseconds, ISO 8601 with an offset, or "now"
    ///
    /// For example 1458692752478 (the timestamp in a webhook), 2017-08-01T05:29:44Z or 2017-08-01T15:29:44+10:00.
    /// Epoch seconds will do as well.
    #[arg(long, value_name = "TIME")]
    pub(crate) published_at: Option<String>,

    /// The Facebook page ID [env: LEXBOT_ACCOUNT_ID]
    #[arg(long, value_name = "PAGE")]
    pub(crate) account_id: Option<String>,

    /// Where it comes from; the API takes only "facebook" [default: facebook]
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Option<String>,
}

/// A number of requests a second, with or without a fraction.
fn rate(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|rate| rate.is_finite() && *rate >= 0.0)
        .ok_or_else(|| "expected a number of requests a second, or 0 for no limit".to_owned())
}
