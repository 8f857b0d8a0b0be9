//! `--record`: each request and its response as a line of JSON in a file.
//!
//! A line is written with one call before its request gets the response, so that a client that has its response is in
//! the file, and a sandbox that is killed leaves whole lines.

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
use crate::api::TOKEN_HEADER;
use crate::error::{CliError, reason};
use crate::output::{escape_json, json_body, rfc_3339};
use crate::token::{REDACTED, Token};

/// Headers whose values are secrets, whatever they are.
const SECRET_HEADERS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// The file, and whether it is complete.
#[derive(Debug)]
pub(crate) struct Record {
    file: File,
    path: PathBuf,
    /// Redacted wherever it is.
    token: Token,
    /// A line couldn't be written. No other follows, or the gap would go unnoticed.
    pub(crate) has_failed: bool,
}

/// The keys, in the order in which they are written. All are always present.
#[derive(Serialize)]
struct Line<'a> {
    at: String,
    action: Option<&'static str>,
    method: Option<String>,
    path: Option<String>,
    headers: BTreeMap<&'a str, String>,
    body: Option<Box<RawValue>>,
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

    /// Adds `request` (`None`: an unreadable one) and its response (`None`: the connection was closed). Returns what is
    /// wrong with the file, once.
    pub(crate) fn add(
        &mut self,
        request: Option<&Request>,
        response: Option<&Response>,
    ) -> Option<String> {
        if self.has_failed {
            return None;
        }
        let error = self
            .line(request, response)
            .map_err(io::Error::from)
            .and_then(|line| self.write(line.as_bytes()))
            .err()?;
        self.has_failed = true;
        let (path, reason) = (self.path.display(), reason(&error));
        Some(format!(
            "cannot write to {path}: {reason}; this request and later ones are not recorded"
        ))
    }

    /// Writes `line`, or nothing of it.
    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let start = self.file.stream_position();
        self.file.write_all(line).inspect_err(|_| {
            if let Ok(start) = start {
                // Nothing can be done if this fails, too: the error says that the file isn't complete.
                let _ = self.file.set_len(start);
            }
        })
    }

    fn line(
        &self,
        request: Option<&Request>,
        response: Option<&Response>,
    ) -> serde_json::Result<String> {
        let redact = |text: &str| self.token.redact(text);
        let body = |text: &str| json_body(&redact(text));
        let line = Line {
            at: rfc_3339(SystemTime::now(), SecondsFormat::Millis),
            action: request
                .and_then(|request| inbox::endpoint(&request.path))
                .map(|(_, action)| action.name()),
            method: request.map(|request| redact(&request.method)),
            path: request.map(|request| redact(&request.path)),
            headers: request
                .map(|request| headers(request, redact))
                .unwrap_or_default(),
            body: request
                .map(|request| body(&String::from_utf8_lossy(&request.body)))
                .transpose()?,
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

/// The headers of `request` by name. Values of a repeated one are joined, as HTTP has it.
fn headers(request: &Request, redact: impl Fn(&str) -> String) -> BTreeMap<&str, String> {
    let mut headers = BTreeMap::new();
    for (name, value) in &request.headers {
        let value = match name.as_str() {
            name if SECRET_HEADERS.contains(&name) => REDACTED.to_owned(),
            _ => redact(value),
        };
        headers
            .entry(name.as_str())
            .and_modify(|values: &mut String| *values = format!("{values}, {value}"))
            .or_insert(value);
    }
    if request.token.is_some() {
        headers.insert(TOKEN_HEADER, REDACTED.to_owned());
    }
    headers
}
