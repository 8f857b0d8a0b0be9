//! `--record`: each request and its response as a line of JSON in a file.
//!
//! A line is written with one call, before the response is sent. So every request whose client has the response is in the
//! file, and a sandbox that is killed leaves whole lines.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::value::RawValue;

use super::http::Request;
use super::inbox;
use super::log::DROPPED;
use super::response::Response;
use crate::api_facts::{Action, TOKEN_HEADER};
use crate::error::{CliError, reason};
use crate::output::{Console, escape_json, json_body, rfc_3339};
use crate::token::{REDACTED, Token};

/// Headers whose values are secrets, whatever they are.
const SECRET_HEADERS: [&str; 4] = [
    TOKEN_HEADER,
    "authorization",
    "cookie",
    "proxy-authorization",
];

/// The file, and whether it is complete.
#[derive(Debug)]
pub(crate) struct Record {
    file: File,
    path: PathBuf,
    /// Redacted everywhere in the file.
    token: Token,
    /// Whether a line couldn't be written. No line is written after that, because the gap would go unnoticed.
    pub(crate) has_failed: bool,
}

/// The keys, in the order in which they are written. All are always present.
#[derive(Serialize)]
struct Line<'a> {
    at: String,
    action: Option<&'static str>,
    method: String,
    path: String,
    headers: BTreeMap<&'a str, String>,
    body: Box<RawValue>,
    status: Option<u16>,
    response: Option<Box<RawValue>>,
    error: Option<String>,
}

impl Record {
    /// Creates the file at `path`, or empties it. Anything that can be written to will do, such as a pipe.
    pub(crate) fn create(path: &Path, token: Token) -> Result<Self, CliError> {
        let file = File::create(path).map_err(|error| {
            let (path, reason) = (path.display(), reason(&error));
            CliError::configuration(format!("cannot create {path}: {reason}"))
                .hint("give --record a file that you may write to")
        })?;
        Ok(Record {
            file,
            path: path.to_owned(),
            token,
            has_failed: false,
        })
    }

    /// Adds `request` and its response (`None`: the connection was closed). Reports on `console` what is wrong with the
    /// file, once.
    pub(crate) fn add(&mut self, request: &Request, response: Option<&Response>, console: Console) {
        if self.has_failed {
            return;
        }
        let line = self.line(request, response).map_err(io::Error::from);
        if let Err(error) = line.and_then(|line| self.write(line.as_bytes())) {
            self.has_failed = true;
            let (path, reason) = (self.path.display(), reason(&error));
            console.error(&format!(
                "cannot write to {path}: {reason}; this request and later ones are not recorded"
            ));
        }
    }

    /// Writes the whole `line`, or nothing.
    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let start = self.file.stream_position();
        self.file.write_all(line).inspect_err(|_| {
            if let Ok(start) = start {
                // Nothing can be done if this fails, too: the error says that the file isn't complete.
                let _ = self.file.set_len(start);
            }
        })
    }

    fn line(&self, request: &Request, response: Option<&Response>) -> serde_json::Result<String> {
        let redact = |text: &str| self.token.redact(text);
        let body = |text: &str| json_body(&redact(text));
        let headers = request.headers.iter().map(|(name, value)| {
            let is_secret = SECRET_HEADERS.contains(&name.as_str());
            let value = if is_secret {
                REDACTED.to_owned()
            } else {
                redact(value)
            };
            (name.as_str(), value)
        });
        let line = Line {
            at: rfc_3339(SystemTime::now(), SecondsFormat::Millis),
            action: inbox::action(request).map(Action::name),
            method: redact(&request.method),
            path: redact(&request.path),
            headers: headers.collect(),
            body: body(&String::from_utf8_lossy(&request.body))?,
            status: response.map(|response| response.status.as_u16()),
            response: response.map(|response| body(&response.body)).transpose()?,
            error: match response {
                None => Some(DROPPED.to_owned()),
                Some(response) => (!response.is_accepted()).then(|| redact(&response.error)),
            },
        };
        Ok(escape_json(serde_json::to_string(&line)?) + "\n")
    }
}
