//! An answer of the server: its head, and as much of its body as is worth keeping.

use std::io::Read as _;

use ureq::Body;
use ureq::http;
use ureq::http::header::{HeaderMap, RETRY_AFTER};

use crate::token::Token;

/// How much of a body is kept, in bytes. No documented answer comes near.
pub(crate) const MAX_KEPT_BODY: usize = 64 << 10;

/// The most bytes of a UTF-8 character: so much may be missing at the cut.
const MAX_UTF8_BYTES: usize = 4;

/// The most bytes that an escape makes of one.
const MAX_ESCAPE: usize = "\\u0000".len();

/// What the server answered. The token stands nowhere in it, even where the server sent it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status code.
    pub(crate) status: u16,
    /// The head's fields, in their order, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The beginning of the body, at most [`MAX_KEPT_BODY`]; what isn't UTF-8 is replaced.
    pub(crate) body: String,
    /// Whether the whole body came and was kept.
    pub(crate) complete: bool,
}

impl Response {
    /// Whether the body was too long to be kept whole.
    pub(crate) fn is_cut(&self) -> bool {
        !self.complete && self.body.len() > MAX_KEPT_BODY - MAX_UTF8_BYTES
    }
}

impl Response {
    /// Reads the body. One that breaks off or takes too long is kept as far as it came: the status is what counts.
    pub(super) fn read(response: http::Response<Body>, token: &Token) -> Self {
        let (head, body) = response.into_parts();
        // A token that the limit would cut in two must still be found whole: read that much further.
        let most = MAX_KEPT_BODY + MAX_ESCAPE * token.expose().len();
        let mut bytes = Vec::new();
        let read = body
            .into_reader()
            .take(most as u64 + 1)
            .read_to_end(&mut bytes);
        let mut text = token.redact(&String::from_utf8_lossy(&bytes));
        let complete = read.is_ok() && text.len() <= MAX_KEPT_BODY;
        text.truncate(text.floor_char_boundary(MAX_KEPT_BODY));
        Response {
            status: head.status.as_u16(),
            headers: readable(&head.headers, token),
            body: text,
            complete,
        }
    }

    /// The value of `Retry-After`, as it was sent.
    pub(crate) fn retry_after(&self) -> Option<&str> {
        self.headers
            .iter()
            .find(|(name, _)| name == RETRY_AFTER.as_str())
            .map(|(_, value)| value.as_str())
    }
}

fn readable(headers: &HeaderMap, token: &Token) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (token.redact(name.as_str()), token.redact(&value))
        })
        .collect()
}
