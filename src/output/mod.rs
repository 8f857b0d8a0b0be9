//! Everything that lexbot prints. Text from input and responses is sanitized here.
//!
//! `console` writes to stdout and stderr, with a `live_line` on a terminal. `reporter` prints each result, as a line of
//! `text` or as `json`, and counts outcomes. `run_status` shows the `progress` of a run, and what it waits for. `sanitize`
//! makes text safe to print, and `verbose` prints requests and responses.

mod console;
mod json;
mod live_line;
mod progress;
mod reporter;
mod run_status;
mod sanitize;
mod text;
mod verbose;

pub(crate) use console::{ColorWhen, Console, ReaderGone, print_help};
pub(crate) use json::{json_body, json_line};
pub(crate) use live_line::hide_at_once;
pub(crate) use progress::{Progress, Tally};
pub(crate) use reporter::{OutputOptions, Reporter};
pub(crate) use run_status::{Status, Target};
pub(crate) use sanitize::{escape_json, sanitize};
#[cfg(feature = "sandbox")]
pub(crate) use text::rfc_3339;
pub(crate) use text::{counted, response_text};
pub(crate) use verbose::{print_request, print_response};
