//! A request: one that the server received, or one that a test expects.

use std::fmt;

use super::TOKEN;

/// The header that carries the token.
const TOKEN_HEADER: &str = "auth-api-token";

/// One HTTP request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Such as `POST`.
    pub(crate) method: String,
    /// The request target as it was sent: the path with its query, or a proxy's `host:port`.
    pub(crate) path: String,
    /// Names in lower case, in the order in which they were sent.
    pub(crate) headers: Vec<(String, String)>,
    /// The body's bytes.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Expects what lexbot sends to the API: a POST with the token, as JSON, from this version of lexbot.
    pub(crate) fn post(path: &str) -> Self {
        Self::bare("POST", path)
            .header(TOKEN_HEADER, TOKEN)
            .header("content-type", "application/json")
            .header("user-agent", concat!("lexbot/", env!("CARGO_PKG_VERSION")))
    }

    /// Expects a request without the token and with any other headers.
    pub(crate) fn bare(method: &str, path: &str) -> Self {
        Request {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Expects the header `name` exactly once and with this value. This replaces an earlier expectation.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let name = name.to_lowercase();
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Expects this body, byte for byte.
    pub(crate) fn json(mut self, text: &str) -> Self {
        text.as_bytes().clone_into(&mut self.body);
        self
    }

    /// The value of the header `name` (in lower case); `None` if it is missing or repeated.
    pub(crate) fn value_of(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// The body as text.
    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("a body in UTF-8")
    }

    /// This request with only the headers that `expected` has too, for comparing the two. The token is always kept:
    /// it must not be anywhere unexpected.
    pub(super) fn comparable_to(&self, expected: &Request) -> Request {
        let mut seen = self.clone();
        seen.headers.retain(|(name, _)| {
            name == TOKEN_HEADER || expected.headers.iter().any(|(known, _)| known == name)
        });
        seen.headers.sort();
        seen
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.path)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        match str::from_utf8(&self.body) {
            Ok(text) => writeln!(f, "\n{text}"),
            Err(_) => writeln!(f, "\n{}", self.body.escape_ascii()),
        }
    }
}
