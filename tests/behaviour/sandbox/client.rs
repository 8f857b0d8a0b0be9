//! A running sandbox, and the plainest of HTTP clients to speak to it: bytes out, bytes in.

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// Long enough for any machine; only a test that fails waits for so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// lexbot with nothing of the tester's environment but `PATH`, which `sh` and `env` are found on.
pub(crate) fn lexbot(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lexbot"));
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("TMPDIR", home)
        .stdin(Stdio::null());
    command
}

/// A sandbox that runs until it is dropped.
pub(crate) struct Sandbox {
    process: Child,
    pub(crate) base_url: String,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: Lines<BufReader<ChildStderr>>,
    _home: TempDir,
}

impl Sandbox {
    /// Starts a sandbox and waits for the base URL, which is the first that it prints.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let home = TempDir::new().unwrap();
        let mut process = lexbot(home.path())
            .arg("sandbox")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap()).lines();
        let stderr = BufReader::new(process.stderr.take().unwrap()).lines();
        Sandbox {
            base_url: stdout.next().unwrap().unwrap(),
            process,
            stdout,
            stderr,
            _home: home,
        }
    }

    /// The next line on standard error; waits for it.
    pub(crate) fn line(&mut self) -> String {
        self.stderr.next().unwrap().unwrap()
    }

    /// Starts a sandbox and reads the help that it prints, up to where requests are listed.
    pub(crate) fn start_and_skip_help(arguments: &[&str]) -> Self {
        let mut sandbox = Sandbox::start(arguments);
        while !sandbox.line().starts_with("Each request is listed here") {}
        sandbox
    }

    /// Sends `signal` and waits for the end. Gives the exit code, and what standard output had after the base URL.
    #[cfg(unix)]
    pub(crate) fn end_by(mut self, signal: &str) -> (Option<i32>, Vec<String>) {
        let pid = self.process.id().to_string();
        Command::new("kill").args([signal, &pid]).status().unwrap();
        let code = self.process.wait().unwrap().code();
        let rest = self.stdout.by_ref().map(Result::unwrap).collect();
        (code, rest)
    }

    /// A new connection.
    pub(crate) fn connect(&self) -> Connection {
        Connection::to(&self.base_url)
    }

    /// Sends a POST to `path` on a connection of its own.
    pub(crate) fn post(&self, path: &str, token: &str, body: &str) -> Answer {
        self.connect().exchange(&post(path, token, body))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A connection that stays open for as many requests as a test likes.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    /// Connects to the host and port of `base_url`.
    pub(crate) fn to(base_url: &str) -> Self {
        let address = base_url
            .strip_prefix("http://")
            .and_then(|rest| rest.strip_suffix("/api/clients"))
            .unwrap();
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Connection(BufReader::new(stream))
    }

    /// Sends `request`, byte for byte.
    pub(crate) fn send(&mut self, request: &[u8]) {
        self.0.get_mut().write_all(request).unwrap();
    }

    /// Reads one answer.
    pub(crate) fn answer(&mut self) -> Answer {
        let status = self.line();
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
        Answer {
            status: status.to_owned(),
            headers,
            body: String::from_utf8(body).unwrap(),
        }
    }

    /// Sends `request` and reads its answer.
    pub(crate) fn exchange(&mut self, request: &str) -> Answer {
        self.send(request.as_bytes());
        self.answer()
    }

    /// Whether the server closes the connection; waits for that.
    pub(crate) fn closes(mut self) -> bool {
        matches!(self.0.read(&mut [0]), Ok(0))
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Code and reason.
    pub(crate) status: String,
    /// All headers but the length of the body.
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

/// The bytes of a POST.
pub(crate) fn post(path: &str, token: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuth-Api-Token: {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}
