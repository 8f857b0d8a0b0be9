//! Everything that lexbot prints: results as text or JSON, hints, progress, colour. Text from outside is sanitized
//! here.

mod console;
mod json;
mod line_buffer;
mod progress;
mod reporter;
mod response_text;
mod sanitize;
mod tally;
mod text;
mod verbose;

pub(crate) use console::{ColorWhen, Console, ReaderGone, usage_error};
pub(crate) use json::{escape_json, json_body, json_line};
pub(crate) use line_buffer::LineBuffer;
pub(crate) use progress::{InputPosition, Progress};
pub(crate) use reporter::{OutputOptions, Reporter};
pub(crate) use response_text::response_text;
pub(crate) use sanitize::sanitize;
pub(crate) use tally::Tally;
pub(crate) use verbose::{print_request, print_response};
