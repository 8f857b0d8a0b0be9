//! A running sandbox, and a minimal HTTP client for it that sends and reads bytes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::{Home, Running, lexbot};

/// Long enough for any machine; only a failing test waits this long.
const PATIENCE: Duration = Duration::from_mins(1);

/// A sandbox that runs until it is dropped.
pub(super) struct Sandbox {
    run: Running,
    pub(super) base_url: String,
}

impl Sandbox {
    /// Starts a sandbox and waits for the base URL, which is the first line that it prints.
    #[track_caller]
    pub(super) fn start(args: &[&str]) -> Self {
        Self::start_in(&Home::new(), args)
    }

    /// The same in `home`, where relative paths start.
    #[track_caller]
    pub(super) fn start_in(home: &Home, args: &[&str]) -> Self {
        let run = lexbot(["sandbox"]).args(args).home(home).spawn();
        let base_url = run.read_line();
        Sandbox { run, base_url }
    }

    /// The next line on stderr; waits for it.
    #[track_caller]
    pub(super) fn line(&self) -> String {
        self.run.read_stderr_line()
    }

    /// A new connection.
    pub(super) fn connect(&self) -> Connection {
        Connection::to(&self.base_url)
    }

    /// Sends a POST to `path` on a new connection.
    pub(super) fn post(&self, path: &str, token: &str, body: &str) -> Response {
        self.connect().exchange(&post(path, token, body))
    }
}

/// A connection that stays open for several requests.
pub(super) struct Connection(BufReader<TcpStream>);

impl Connection {
    /// Connects to the host and port of `base_url`.
    pub(super) fn to(base_url: &str) -> Self {
        let address = base_url
            .strip_prefix("http://")
            .and_then(|rest| rest.strip_suffix("/api/clients"))
            .unwrap();
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Connection(BufReader::new(stream))
    }

    /// Sends `request`, byte for byte.
    pub(super) fn send(&mut self, request: &[u8]) {
        self.0.get_mut().write_all(request).unwrap();
    }

    /// Reads one response.
    pub(super) fn response(&mut self) -> Response {
        self.response_if_any().unwrap()
    }

    /// Reads one response; `None` if the connection is closed instead.
    pub(super) fn response_if_any(&mut self) -> Option<Response> {
        let status = self.line();
        if status.is_empty() {
            return None;
        }
        let status = status.strip_prefix("HTTP/1.1 ").unwrap();
        let mut headers = Vec::new();
        let mut length = 0;
        loop {
            let header = self.line();
            if header.is_empty() {
                break;
            }
            match header.strip_prefix("Content-Length: ") {
                Some(value) => length = value.parse().unwrap(),
                None => headers.push(header),
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        Some(Response {
            status: status.to_owned(),
            headers,
            body: String::from_utf8(body).unwrap(),
        })
    }

    /// Sends `request` and reads its response.
    pub(super) fn exchange(&mut self, request: &str) -> Response {
        self.send(request.as_bytes());
        self.response()
    }

    /// Whether the server closes the connection; waits for that.
    pub(super) fn closes(mut self) -> bool {
        matches!(self.0.read(&mut [0]), Ok(0))
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

/// A response of the sandbox.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Response {
    /// Code and reason.
    pub(super) status: String,
    /// All headers except the length of the body.
    pub(super) headers: Vec<String>,
    pub(super) body: String,
}

/// The bytes of a POST.
pub(super) fn post(path: &str, token: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuth-Api-Token: {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}
