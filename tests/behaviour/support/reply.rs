//! What a scripted server does with one request: answers it, or misbehaves in one of the ways networks have.

use std::time::Duration;

use super::gate::Gate;

/// What follows a request.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(super) gate: Option<Gate>,
    pub(super) delay: Duration,
    pub(super) act: Act,
}

/// The kinds of things that a server can do.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// A proper answer; the connection stays open for the next request.
    Answer(Answer),
    /// The connection is torn down (RST).
    Reset,
    /// These bytes, with a pause after each if there is one, and then the end.
    Bytes(Vec<u8>, Option<Duration>, End),
}

/// A proper answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    status: u16,
    reason: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// How a connection ends on which no proper answer was given.
#[derive(Debug, Clone)]
pub(super) enum End {
    /// It is closed.
    Closed,
    /// Nothing more comes, until the server is dropped.
    Silent,
    /// This comes again and again, until the client goes away or the server is dropped.
    Repeated(Vec<u8>),
}

impl Reply {
    /// What Lexer says of a message that it accepts.
    pub(crate) fn created() -> Self {
        Self::status(201, "Created").json(r#"{"status":"ok"}"#)
    }

    /// An answer with an empty body.
    pub(crate) fn status(status: u16, reason: &str) -> Self {
        Self::of(Act::Answer(Answer {
            status,
            reason: reason.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }))
    }

    /// Gives the answer a JSON body.
    pub(crate) fn json(self, text: &str) -> Self {
        self.header("content-type", "application/json").body(text)
    }

    /// Gives the answer an HTML body.
    pub(crate) fn html(self, text: &str) -> Self {
        self.header("content-type", "text/html; charset=utf-8")
            .body(text)
    }

    /// Gives the answer a body of no stated type.
    pub(crate) fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.answer().body = bytes.into();
        self
    }

    /// Adds a header to the answer; `connection: close` is obeyed.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.answer()
            .headers
            .push((name.to_lowercase(), value.to_owned()));
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
        Self::of(Act::Reset)
    }

    /// Reads the request and never answers.
    pub(crate) fn silence() -> Self {
        Self::raw_open("")
    }

    /// Sends these bytes as they are and closes the connection: broken or truncated answers, or a proper one
    /// that is followed by an unannounced close.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::of(Act::Bytes(bytes.into(), None, End::Closed))
    }

    /// Sends these bytes as they are, and then nothing more.
    pub(crate) fn raw_open(bytes: impl Into<Vec<u8>>) -> Self {
        Self::of(Act::Bytes(bytes.into(), None, End::Silent))
    }

    /// Sends these bytes one at a time, with a pause after each, and closes the connection.
    pub(crate) fn drip(bytes: impl Into<Vec<u8>>, pause: Duration) -> Self {
        Self::of(Act::Bytes(bytes.into(), Some(pause), End::Closed))
    }

    /// Sends `head` as it is, and then `chunk` again and again until the client goes away.
    pub(crate) fn endless(head: impl Into<Vec<u8>>, chunk: impl Into<Vec<u8>>) -> Self {
        Self::of(Act::Bytes(head.into(), None, End::Repeated(chunk.into())))
    }

    fn of(act: Act) -> Self {
        Reply {
            gate: None,
            delay: Duration::ZERO,
            act,
        }
    }

    fn answer(&mut self) -> &mut Answer {
        match &mut self.act {
            Act::Answer(answer) => answer,
            other => panic!("only an answer has headers and a body, not {other:?}"),
        }
    }
}

impl Answer {
    /// Whether the answer says that the connection ends with it.
    pub(super) fn closes(&self) -> bool {
        self.headers
            .iter()
            .any(|(name, value)| name == "connection" && value == "close")
    }

    /// The answer as it is sent.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.extend(["content-length: ", &self.body.len().to_string(), "\r\n\r\n"]);
        [head.as_bytes(), &self.body].concat()
    }
}
