//! A response: its status and headers, and the beginning of its body, without the token.

use std::io::Read as _;

use ureq::Body;
use ureq::http;
use ureq::http::header::HeaderMap;

use crate::token::{MAX_ENCODED, Token};

/// How much of a body is kept, in bytes. Every documented response is far smaller.
const MAX_KEPT_BODY: usize = 64 << 10;

/// The length of the longest UTF-8 character in bytes. A body is cut between characters, so it may be a little shorter
/// than [`MAX_KEPT_BODY`].
const MAX_UTF8_BYTES: usize = 4;

/// A response, with the token redacted wherever the server sent it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status code.
    pub(crate) status: u16,
    /// The headers in order, with names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The beginning of the body, at most 64 KiB. Invalid UTF-8 is replaced.
    pub(crate) body: String,
    /// Whether the whole body arrived and was kept.
    pub(crate) complete: bool,
}

impl Response {
    /// Reads the body. If it breaks off or takes too long, its beginning is kept: the status is what counts.
    pub(super) fn read(response: http::Response<Body>, token: &Token) -> Self {
        let (head, body) = response.into_parts();
        // Read past the limit by the longest encoding of the token, so that a copy across the limit is found.
        let max_read = MAX_KEPT_BODY + MAX_ENCODED * token.expose().len() + 1;
        let mut bytes = Vec::new();
        let read = body
            .into_reader()
            .take(max_read as u64)
            .read_to_end(&mut bytes);
        let mut text = token.redact(&String::from_utf8_lossy(&bytes));
        let complete = read.is_ok() && text.len() <= MAX_KEPT_BODY;
        text.truncate(text.floor_char_boundary(MAX_KEPT_BODY));
        Response {
            status: head.status.as_u16(),
            headers: redacted(&head.headers, token),
            body: text,
            complete,
        }
    }

    /// Whether the body was too long to be kept whole.
    pub(crate) fn is_cut(&self) -> bool {
        !self.complete && self.body.len() > MAX_KEPT_BODY - MAX_UTF8_BYTES
    }
}

fn redacted(headers: &HeaderMap, token: &Token) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (token.redact(name.as_str()), token.redact(&value))
        })
        .collect()
}
