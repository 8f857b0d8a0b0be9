//! `--dry-run` and `--curl`: prints on stdout what would be sent, and sends nothing.

use std::process::ExitCode;
use std::sync::Arc;

use super::message_source::Source;
use super::send_options::SendOptions;
use crate::api_facts::TOKEN_HEADER;
use crate::client::{USER_AGENT, endpoint};
use crate::exit::Exit;
use crate::handed_over::{HANDED_OVER, HandedOver};
use crate::journal::Earlier;
use crate::message::{ExpandOptions, Expanded, Message, NotSent, compact, without_token};
use crate::message_result::MessageResult;
use crate::outcome::Outcome;
use crate::output::{Console, Progress, Reporter, escape_json};
use crate::settings::{BaseUrl, Settings};
use crate::shell::quoted;
use crate::token::Token;
use crate::value_part::Part;

/// Prints what `source` would send, and the results of messages that would not be sent.
pub(super) fn run(
    options: SendOptions,
    expand_options: &ExpandOptions,
    handed_over: Option<HandedOver>,
    source: Source,
    settings: &Settings,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let args = options.args;
    let client_id = args.curl.then(|| settings.client_id()).transpose()?;
    let earlier = args.journal.as_deref().map(Earlier::at).transpose()?;
    let mut dry_run = DryRun {
        options: expand_options,
        endpoint: client_id.map(|client_id| (&settings.base_url.value, client_id)),
        token: settings.known_token(),
        earlier: earlier.unwrap_or_default(),
        handed_over,
        prints_message: false,
        console,
        reporter: Reporter::new(console, args.output.options(), None, Arc::default()),
    };
    let read = dry_run.read(source);
    // If a flush failed during reading, this one fails, too, and its error is the one to report.
    console.flush()?;
    read?;
    let tally = dry_run.reporter.tally();
    if !dry_run.prints_message && tally.total() > 0 && tally.exit() == Exit::Success {
        console.hint("everything was skipped: -v shows why");
    }
    Ok(tally.exit().into())
}

struct DryRun<'a> {
    options: &'a ExpandOptions,
    /// The base URL and the client ID in the curl commands to print; without them, bodies are printed.
    endpoint: Option<(&'a BaseUrl, u64)>,
    /// The token, which isn't printed. Unknown if a command would have to be run for it.
    token: Option<&'a Token>,
    /// What an earlier run has sent already.
    earlier: Earlier,
    handed_over: Option<HandedOver>,
    /// Whether there is anything to send.
    prints_message: bool,
    console: Console,
    reporter: Reporter,
}

impl DryRun<'_> {
    fn read(&mut self, source: Source) -> anyhow::Result<()> {
        let mut input = match source {
            Source::Flags(message) => {
                return self.take(&Part::default(), Ok(message));
            }
            Source::Input(input) => input,
        };
        let options = self.options;
        input.expand(options, &Progress::default(), &mut |part, expanded| {
            self.take(&part, expanded)
        })
    }

    fn take(&mut self, part: &Part, expanded: Expanded) -> anyhow::Result<()> {
        let value_done = part.finish();
        let expanded = match self.token {
            Some(token) => without_token(expanded, token),
            None => expanded,
        };
        let mut message = match expanded {
            Ok(message) => match self.reason_to_skip(&message) {
                Some(reason) => message.not_sent(Outcome::Skipped, reason),
                None => return self.print(&message),
            },
            Err(NotSent {
                error: Some(error), ..
            }) => return Err(error.into()),
            Err(message) => message,
        };
        message.action = message.action.or(self.options.action);
        let mut result = MessageResult::not_sent(part.lines, message);
        if let Some(token) = self.token {
            result = result.without(token);
        }
        result.value_done = value_done;
        self.reporter.result(&result)
    }

    fn reason_to_skip(&self, message: &Message) -> Option<&'static str> {
        let customer = message.customer_to_claim();
        let is_handed_over = |list: &HandedOver| customer.is_some_and(|id| list.contains(id));
        if self.handed_over.as_ref().is_some_and(is_handed_over) {
            Some(HANDED_OVER)
        } else {
            self.earlier.reason_to_skip(message)
        }
    }

    fn print(&mut self, message: &Message) -> anyhow::Result<()> {
        self.prints_message = true;
        let mut body = String::with_capacity(message.body.len());
        compact(&message.body, &mut body);
        let body = escape_json(match self.token {
            Some(token) => token.redact(&body),
            None => body,
        });
        let line = match self.endpoint {
            Some((base_url, client_id)) => {
                curl_command(&endpoint(base_url, client_id, message.action), &body)
            }
            None if self.options.action.is_none() => format!("{}\t{body}", message.action),
            None => body,
        };
        self.console.result_later(&line)
    }
}

/// The curl command that sends `body`, which has no line break in it, to `url`: safe to paste into bash or zsh.
///
/// The token stays in the shell's variable, and a body may be larger than an argument: `printf` is a builtin, and curl
/// reads the header from descriptor 3 and the body from standard input, so neither is among arguments, which others
/// could see and the system limits.
fn curl_command(url: &str, body: &str) -> String {
    format!(
        "printf '{TOKEN_HEADER}: %s\\n' \"$LEXBOT_TOKEN\" | {{ printf %s {} | curl --disable --silent --show-error \
         --fail-with-body --write-out '\\n%{{http_code}}\\n' --globoff --path-as-is --header @/dev/fd/3 \
         --header 'content-type: application/json' --user-agent {} --data-binary @- {}; }} 3<&0",
        quoted(body),
        quoted(USER_AGENT),
        quoted(url)
    )
}
