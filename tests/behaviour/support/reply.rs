//! What a scripted server does with one request: it responds, or fails as networks do.

use std::time::Duration;

use super::gate::Gate;

/// What follows a request.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(super) gate: Option<Gate>,
    pub(super) delay: Duration,
    /// Status line and headers of a proper response.
    head: Option<String>,
    body: Vec<u8>,
    /// Follows each byte, if it isn't zero.
    pub(super) pause: Duration,
    pub(super) end: End,
}

/// What follows the bytes of a reply.
#[derive(Debug, Clone)]
pub(super) enum End {
    /// The next request.
    KeptAlive,
    /// The connection is closed.
    Closed,
    /// The connection is torn down (RST), without any bytes before.
    Reset,
    /// Nothing, until the server is dropped.
    Silent,
    /// This again and again, until the client leaves or the server is dropped.
    Repeated(Vec<u8>),
}

impl Reply {
    /// What Lexer sends for a message that it accepts.
    pub(crate) fn created() -> Self {
        Self::status(201, "Created").json(r#"{"status":"ok"}"#)
    }

    /// A response with an empty body. The connection stays open.
    pub(crate) fn status(status: u16, reason: &str) -> Self {
        Reply {
            head: Some(format!("HTTP/1.1 {status} {reason}\r\n")),
            ..Self::bytes("", End::KeptAlive)
        }
    }

    /// Gives the response a JSON body.
    pub(crate) fn json(self, text: &str) -> Self {
        self.header("content-type", "application/json").body(text)
    }

    /// Gives the response an HTML body.
    pub(crate) fn html(self, text: &str) -> Self {
        self.header("content-type", "text/html; charset=utf-8")
            .body(text)
    }

    /// Gives the response a body of no stated type.
    pub(crate) fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = bytes.into();
        self
    }

    /// Adds a header to the response; `connection: close` is obeyed.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let name = name.to_lowercase();
        if name == "connection" && value == "close" {
            self.end = End::Closed;
        }
        let head = self.head.as_mut().expect("only a response has headers");
        head.extend([&name, ": ", value, "\r\n"]);
        self
    }

    /// Waits until the test opens `gate`.
    pub(crate) fn gated(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    /// Waits this long; after the gate if there is one.
    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Reads the request and closes the connection without a byte.
    pub(crate) fn close() -> Self {
        Self::raw("")
    }

    /// Reads the request and tears the connection down.
    pub(crate) fn reset() -> Self {
        Self::bytes("", End::Reset)
    }

    /// Reads the request and never responds.
    pub(crate) fn silence() -> Self {
        Self::raw_open("")
    }

    /// Sends these bytes as they are and closes the connection: a broken or truncated response, or a proper one
    /// with an unannounced close after it.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::bytes(bytes, End::Closed)
    }

    /// Sends these bytes as they are, and then nothing more.
    pub(crate) fn raw_open(bytes: impl Into<Vec<u8>>) -> Self {
        Self::bytes(bytes, End::Silent)
    }

    /// Sends these bytes one at a time, with a pause after each, and closes the connection.
    pub(crate) fn drip(bytes: impl Into<Vec<u8>>, pause: Duration) -> Self {
        Reply {
            pause,
            ..Self::raw(bytes)
        }
    }

    /// Sends `head` as it is, and then `chunk` again and again until the client leaves.
    pub(crate) fn endless(head: impl Into<Vec<u8>>, chunk: impl Into<Vec<u8>>) -> Self {
        Self::bytes(head, End::Repeated(chunk.into()))
    }

    fn bytes(bytes: impl Into<Vec<u8>>, end: End) -> Self {
        Reply {
            gate: None,
            delay: Duration::ZERO,
            head: None,
            body: bytes.into(),
            pause: Duration::ZERO,
            end,
        }
    }

    /// All that is sent before its end.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let Some(head) = &self.head else {
            return self.body.clone();
        };
        let head = format!("{head}content-length: {}\r\n\r\n", self.body.len());
        [head.as_bytes(), &self.body].concat()
    }
}
