//! `claim`, `echo` and `relay`: the message or the input, and how it is sent.

use std::path::PathBuf;
use std::time::SystemTime;

use clap::{Args, ValueHint};

use super::{Connection, Output};
use crate::api_facts::{SOURCE, STATE};
use crate::message::PublishedAt;
use crate::pasted_text::cleaned;
use crate::settings::{parse_account_id, parse_app_id, parse_rate};

/// How `lexbot claim` is used. clap itself would print only `[OPTIONS]`.
pub(super) const CLAIM_USAGE: &str = "\
    lexbot claim --object-id <ID> --published-at <TIME> [OPTIONS]
       lexbot claim --input <FILE> [OPTIONS]";

/// How `lexbot echo` is used.
pub(super) const ECHO_USAGE: &str = "\
    lexbot echo --object-id <ID> --published-at <TIME> [OPTIONS]
       lexbot echo --input <FILE> [OPTIONS]";

/// `lexbot claim`
#[derive(Debug, Args)]
#[command(mut_arg("handed_over", |list| list.conflicts_with_all(["no_validate", "object_id"])))]
pub(crate) struct ClaimArgs {
    #[command(flatten)]
    pub(crate) message: MessageArgs,

    /// The message's new state [default: closed]
    #[arg(
        long,
        value_name = "STATE",
        value_parser = [STATE],
        conflicts_with = "no_validate",
        help_heading = "Message"
    )]
    state: Option<String>,

    #[command(flatten)]
    pub(crate) handed_over: HandedOverFlag,

    #[command(flatten)]
    pub(crate) send: SendArgs,
}

/// `lexbot echo`
#[derive(Debug, Args)]
pub(crate) struct EchoArgs {
    #[command(flatten)]
    pub(crate) message: MessageArgs,

    #[command(flatten)]
    pub(crate) app_id: AppIdFlag,

    #[command(flatten)]
    pub(crate) send: SendArgs,
}

/// `lexbot relay`
#[derive(Debug, Args)]
pub(crate) struct RelayArgs {
    /// Read webhooks from FILE, or from standard input if it is "-"
    ///
    /// JSON, one value per line or as jq prints it: Messenger webhook payloads as they come, single entries and events of
    /// them, responses of the Send API, and arrays of these. Each is sent as soon as it is read.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Input")]
    pub(crate) input: PathBuf,

    /// The Facebook page of single events and Send API responses [env: LEXBOT_ACCOUNT_ID]
    #[arg(long, value_name = "PAGE", value_parser = parse_account_id, help_heading = "Input")]
    pub(crate) account_id: Option<String>,

    #[command(flatten)]
    pub(crate) app_id: AppIdFlag,

    #[command(flatten)]
    pub(crate) handed_over: HandedOverFlag,

    #[command(flatten)]
    pub(crate) send: SendArgs,
}

/// The message or the messages of `claim` and `echo`. With `--input` the fields fill what a message lacks.
#[derive(Debug, Args)]
pub(crate) struct MessageArgs {
    /// The Messenger message ID, message.mid in a webhook
    #[arg(long, value_name = "ID", value_parser = parse_object_id, help_heading = "Message")]
    pub(crate) object_id: Option<String>,

    /// When it was sent: epoch milliseconds, ISO 8601 with an offset, or "now"
    ///
    /// For example 1458692752478 (the timestamp in a webhook), 2017-08-01T05:29:44Z or 2017-08-01T15:29:44+10:00.
    /// Epoch seconds work, too.
    #[arg(long, value_name = "TIME", value_parser = parse_published_at, help_heading = "Message")]
    pub(crate) published_at: Option<PublishedAt>,

    /// The Facebook page ID [env: LEXBOT_ACCOUNT_ID]
    #[arg(long, value_name = "PAGE", value_parser = parse_account_id, help_heading = "Message")]
    pub(crate) account_id: Option<String>,

    /// Where it comes from [default: facebook]
    #[arg(long, value_name = "SOURCE", value_parser = [SOURCE], help_heading = "Message")]
    source: Option<String>,

    /// Read messages from FILE, or from standard input if it is "-"
    ///
    /// JSON, one value per line or as jq prints it: message bodies, Messenger webhook payloads as they come, single
    /// entries and events of them, responses of the Send API (for echo), and arrays of these. Each is sent as soon as it
    /// is read. The options of a message fill in its missing fields.
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
    #[arg(long, conflicts_with_all = ["object_id", "published_at", "account_id", "source"], help_heading = "Input")]
    pub(crate) no_validate: bool,
}

/// The option of `echo` and `relay` for webhook echoes.
#[derive(Debug, Args)]
pub(crate) struct AppIdFlag {
    /// The bot's own Facebook app, for webhook echoes, or "any" [env: LEXBOT_APP_ID]
    ///
    /// Not every message from a page is the bot's: people answer through Lexer's app, and other apps may, too. Only the
    /// echoes of this app are sent; with "any", those of every app except Meta's Page Inbox. Meta's App Dashboard shows
    /// the App ID.
    #[arg(long, value_name = "ID", value_parser = parse_app_id, help_heading = "Input")]
    pub(crate) app_id: Option<String>,
}

/// The option of `claim` and `relay` for conversations that a person has.
#[derive(Debug, Args)]
pub(crate) struct HandedOverFlag {
    /// Don't claim messages of the customers in FILE: a person has taken over
    ///
    /// One customer ID (sender.id in a webhook) on each line; # starts a comment. The file is checked before each attempt
    /// and read again when it changes: append whole lines, or replace it by renaming another file. A missing file
    /// is an empty list. Message bodies name no customer, and are refused with this option.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Input")]
    pub(crate) handed_over: Option<PathBuf>,
}

/// What `claim`, `echo` and `relay` have in common.
#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// Take webhook events in standby, too: for a bot that only listens there
    #[arg(long, help_heading = "Input")]
    pub(crate) standby: bool,

    /// Print the bodies that would be sent, one per line, and send nothing
    ///
    /// relay prints the action and a tab before each.
    #[arg(long, help_heading = "Sending")]
    pub(crate) dry_run: bool,

    /// Print curl commands that would do the same, and send nothing
    ///
    /// They don't contain the token: they take it from LEXBOT_TOKEN when they run.
    #[arg(long, conflicts_with = "dry_run", help_heading = "Sending")]
    pub(crate) curl: bool,

    /// At most R requests per second; 0: no limit [default: 10]
    ///
    /// Lexer accepts 10 per second for each token. The profile's rate is that limit, and all lexbot processes of a user
    /// that use the token share it; a 429 lowers it for a while. This option limits one process, or raises the limit for
    /// it. With 0, only the pauses after a 429 are obeyed.
    #[arg(long, value_name = "R", value_parser = parse_rate, help_heading = "Sending")]
    pub(crate) rate: Option<f64>,

    /// Maximum number of concurrent requests
    #[arg(
        short,
        long,
        value_name = "N",
        default_value_t = 8,
        value_parser = clap::value_parser!(u16).range(1..=256),
        help_heading = "Sending"
    )]
    pub(crate) jobs: u16,

    /// Append results to FILE; skip messages it records as accepted or handed over
    ///
    /// The journal holds what --json prints: message and page IDs, statuses and the server's responses, but not the
    /// token. After exit code 5, a crash or a signal, run the same command again.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Sending")]
    pub(crate) journal: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) connection: Connection,

    #[command(flatten)]
    pub(crate) output: Output,
}

/// Takes a message ID, without what is copied along with it. Refuses what people paste in its place: a link, the name of
/// a page, a customer's text, or nothing.
fn parse_object_id(text: &str) -> Result<String, &'static str> {
    let id = cleaned(text);
    let is_other = id.contains("://")
        || id.starts_with("www.")
        || id.starts_with('@')
        || id.chars().all(char::is_alphabetic)
        || id.contains(char::is_whitespace);
    if is_other {
        return Err("it is not a message ID");
    }
    Ok(id.to_owned())
}

fn parse_published_at(text: &str) -> Result<PublishedAt, String> {
    PublishedAt::parse(cleaned(text), SystemTime::now().into()).map_err(|reason| {
        // clap shows the text itself, unless it may be a token.
        let (_, problem) = reason.rsplit_once("\" ").unwrap_or(("", &reason));
        format!("it {problem}")
    })
}
