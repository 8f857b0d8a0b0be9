//! The part of HTTP/1.1 that clients of a JSON API use: reads requests and writes responses, over any stream.
//!
//! Built on `httparse`, since a ready-made blocking server must not panic on an odd request (a release build aborts on
//! a panic), print anything itself, or hide the port that it got. No TLS, compression or upgrades: the sandbox
//! listens on loopback only.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Take, Write};

use ureq::http::StatusCode;

use super::response::{Response, title};

/// The largest body, in bytes.
const MAX_BODY: usize = 2 << 20;

/// The request line and the headers, or the trailers of a chunked body, in bytes.
const MAX_HEAD: u64 = 16 << 10;

const MAX_HEADERS: usize = 64;

/// The parts of a request that the sandbox looks at; empty where they couldn't be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    /// The method, such as `POST`.
    pub(crate) method: String,
    /// The request target as it was sent.
    pub(crate) path: String,
    /// The names, in lower case, and values of the headers. Values of a repeated one are joined, as HTTP has it.
    pub(crate) headers: BTreeMap<String, String>,
    /// The whole body.
    pub(crate) body: Vec<u8>,
    /// Whether the connection stays open after the response.
    pub(crate) keep_alive: bool,
}

impl Request {
    /// Whether the header `name` has this value, in upper or lower case.
    fn has(&self, name: &str, value: &str) -> bool {
        let header = self.headers.get(name);
        header.is_some_and(|header| header.eq_ignore_ascii_case(value))
    }
}

/// Why a request can't be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The connection is closed or broken, so no response is possible.
    Gone,
    /// The request is invalid. After this response, the connection is unusable.
    Refused(Response),
}

impl From<io::Error> for Unreadable {
    fn from(_: io::Error) -> Self {
        Unreadable::Gone
    }
}

/// Reads the next request from `connection` into `request`, which must be empty. After an error it holds what could be
/// read. Writes the `100 Continue` that some clients wait for.
pub(crate) fn read_request<S: Read + Write>(
    connection: &mut BufReader<S>,
    request: &mut Request,
) -> Result<(), Unreadable> {
    let head = read_head(connection)?;
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    match parsed.parse(&head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(not_http("it ends too early")),
        Err(error) => return Err(not_http(&error.to_string())),
    }
    request.method.push_str(parsed.method.unwrap_or_default());
    request.path.push_str(parsed.path.unwrap_or_default());
    for header in parsed.headers {
        let value = String::from_utf8_lossy(header.value.trim_ascii());
        request
            .headers
            .entry(header.name.to_ascii_lowercase())
            .and_modify(|values| *values = format!("{values}, {value}"))
            .or_insert_with(|| value.to_string());
    }
    request.body = read_body(connection, request)?;
    request.keep_alive = if parsed.version == Some(1) {
        !request.has("connection", "close")
    } else {
        request.has("connection", "keep-alive")
    };
    Ok(())
}

/// Reads the body that the headers of `request` describe.
fn read_body<S: Read + Write>(
    connection: &mut BufReader<S>,
    request: &Request,
) -> Result<Vec<u8>, Unreadable> {
    let length = request.headers.get("content-length");
    let is_chunked = request.headers.contains_key("transfer-encoding");
    if is_chunked && !request.has("transfer-encoding", "chunked") {
        return Err(not_http("Transfer-Encoding is not chunked"));
    }
    if is_chunked && length.is_some() {
        return Err(not_http("it has a Content-Length and is chunked"));
    }
    let length = length.map_or(Ok(0), |length| parse_length(length))?;
    if length > MAX_BODY {
        return Err(too_large());
    }
    if request.has("expect", "100-continue") {
        connection
            .get_mut()
            .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    if is_chunked {
        read_chunks(connection)
    } else {
        Ok(read_exactly(connection, length)?)
    }
}

/// Writes the response to `request`.
pub(crate) fn write_response(
    mut stream: impl Write,
    request: &Request,
    response: &Response,
) -> io::Result<()> {
    let (title, media_type) = (title(response.status), response.media_type());
    let length = response.body.len();
    let header = response.header();
    let connection = if request.keep_alive {
        "keep-alive"
    } else {
        "close"
    };
    let body = if request.method == "HEAD" {
        ""
    } else {
        &response.body
    };
    let text = format!(
        "HTTP/1.1 {title}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\
         Connection: {connection}\r\n{header}\r\n{body}"
    );
    stream.write_all(text.as_bytes())
}

fn not_http(reason: &str) -> Unreadable {
    let error = format!("not an HTTP request: {reason}");
    Unreadable::Refused(Response::refused(StatusCode::BAD_REQUEST, error))
}

fn too_large() -> Unreadable {
    let error = format!("the body is over {} MiB", MAX_BODY >> 20);
    Unreadable::Refused(Response::refused(StatusCode::PAYLOAD_TOO_LARGE, error))
}

/// The request line and the headers, including the blank line that ends them.
fn read_head(reader: &mut impl BufRead) -> Result<Vec<u8>, Unreadable> {
    let mut reader = reader.take(MAX_HEAD);
    let mut head = Vec::new();
    loop {
        let line = read_line(&mut reader)?;
        head.extend_from_slice(&line);
        // HTTP requires servers to ignore a line break that a client sent after its last body.
        if is_blank(&line) && !head.trim_ascii().is_empty() {
            return Ok(head);
        }
    }
}

/// The next line with its line break, within the limit of `reader`.
fn read_line(reader: &mut Take<impl BufRead>) -> Result<Vec<u8>, Unreadable> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    if line.ends_with(b"\n") {
        Ok(line)
    } else if reader.limit() == 0 {
        let limit = MAX_HEAD >> 10;
        Err(not_http(&format!("its header is over {limit} KiB")))
    } else {
        Err(Unreadable::Gone)
    }
}

fn parse_length(value: &str) -> Result<usize, Unreadable> {
    match value.parse() {
        // The parser would take a sign.
        Ok(length) if !value.starts_with('+') => Ok(length),
        _ => Err(not_http("Content-Length is not a number")),
    }
}

fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\r\n" | b"\n")
}

fn read_exactly(reader: &mut impl BufRead, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Joins the chunks up to the empty one, and ignores the trailers.
fn read_chunks(reader: &mut impl BufRead) -> Result<Vec<u8>, Unreadable> {
    let mut body = Vec::new();
    loop {
        let line = read_line(&mut reader.by_ref().take(MAX_HEAD))?;
        let Ok(httparse::Status::Complete((_, size))) = httparse::parse_chunk_size(&line) else {
            return Err(not_http("the size of a chunk is not a number"));
        };
        if size == 0 {
            let mut trailers = reader.take(MAX_HEAD);
            while !is_blank(&read_line(&mut trailers)?) {}
            return Ok(body);
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if size > MAX_BODY - body.len() {
            return Err(too_large());
        }
        body.append(&mut read_exactly(reader, size)?);
        if read_exactly(reader, 2)? != b"\r\n" {
            return Err(not_http("a chunk is longer than its size"));
        }
    }
}

#[cfg(test)]
mod tests;
