//! The part of HTTP/1.1 that clients of a JSON API use: reads requests and writes responses, over any stream.
//!
//! Built on `httparse`, since a ready-made blocking server must not panic on an odd request (a release build aborts on
//! a panic), print anything itself, or hide the port that it got. No TLS, compression or upgrades: the sandbox
//! listens on loopback only.

use std::io::{self, BufRead, BufReader, Read, Take, Write};

use ureq::http::StatusCode;

use super::response::{Response, title};
use crate::api::TOKEN_HEADER;

/// In bytes.
const MAX_BODY: usize = 2 << 20;

/// The request line and the headers, or the trailers of a chunked body, in bytes.
const MAX_HEAD: u64 = 16 << 10;

const MAX_HEADERS: usize = 64;

/// The parts of a request that the sandbox looks at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// The method, such as `POST`.
    pub(crate) method: String,
    /// The request target as it was sent.
    pub(crate) path: String,
    /// The value of `Auth-Api-Token`.
    pub(crate) token: Option<Vec<u8>>,
    /// The names, in lower case, and values of all other headers.
    pub(crate) headers: Vec<(String, String)>,
    /// The whole body.
    pub(crate) body: Vec<u8>,
    /// What the response says about the connection.
    pub(crate) connection: Connection,
}

/// What happens to a connection after the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// It stays open, as HTTP/1.1 has it without a header.
    Open,
    /// It stays open and the response says so: an HTTP/1.0 client needs that.
    KeepAlive,
    /// It is closed.
    Close,
}

/// Why there is no request.
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

/// Reads the next request from `connection`, and writes the `100 Continue` that some clients wait for.
pub(crate) fn read_request<S: Read + Write>(
    connection: &mut BufReader<S>,
) -> Result<Request, Unreadable> {
    let head = read_head(connection)?;
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    match parsed.parse(&head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(not_http("it ends too early")),
        Err(error) => return Err(not_http(&error.to_string())),
    }

    let mut request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: parsed.path.unwrap_or_default().to_owned(),
        token: None,
        headers: Vec::new(),
        body: Vec::new(),
        connection: match parsed.version {
            Some(1) => Connection::Open,
            _ => Connection::Close,
        },
    };
    let mut length = None;
    let mut chunked = false;
    let mut expects_continue = false;
    for header in parsed.headers {
        let value = header.value.trim_ascii();
        let is = |text: &str| value.eq_ignore_ascii_case(text.as_bytes());
        let name = header.name.to_ascii_lowercase();
        match name.as_str() {
            TOKEN_HEADER => {
                request.token = Some(value.to_vec());
                continue;
            }
            "content-length" if length.is_some() => {
                return Err(not_http("it has two Content-Lengths"));
            }
            "content-length" => length = Some(parse_length(value)?),
            "transfer-encoding" if is("chunked") => chunked = true,
            "transfer-encoding" => return Err(not_http("Transfer-Encoding is not chunked")),
            "connection" if is("close") => request.connection = Connection::Close,
            "connection" if is("keep-alive") => request.connection = Connection::KeepAlive,
            "expect" => expects_continue = is("100-continue"),
            _ => {}
        }
        let value = String::from_utf8_lossy(value).into_owned();
        request.headers.push((name, value));
    }
    if chunked && length.is_some() {
        return Err(not_http("it has a Content-Length and is chunked"));
    }
    request.body = read_body(connection, chunked, length.unwrap_or(0), expects_continue)?;
    Ok(request)
}

/// Reads a body of `length` bytes, or one that is chunked.
fn read_body<S: Read + Write>(
    connection: &mut BufReader<S>,
    chunked: bool,
    length: usize,
    expects_continue: bool,
) -> Result<Vec<u8>, Unreadable> {
    if length > MAX_BODY {
        return Err(too_large());
    }
    if expects_continue {
        connection
            .get_mut()
            .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    if chunked {
        read_chunks(connection)
    } else {
        Ok(read_exactly(connection, length)?)
    }
}

/// Writes the response to `request`, or to a request that couldn't be read (`None`).
pub(crate) fn write_response(
    mut stream: impl Write,
    request: Option<&Request>,
    response: &Response,
) -> io::Result<()> {
    let (title, media_type) = (title(response.status), response.media_type);
    let length = response.body.len();
    let header = response.header();
    let connection = match request.map_or(Connection::Close, |request| request.connection) {
        Connection::Open => "",
        Connection::KeepAlive => "Connection: keep-alive\r\n",
        Connection::Close => "Connection: close\r\n",
    };
    let body = match request {
        Some(request) if request.method == "HEAD" => "",
        _ => &response.body,
    };
    let text = format!(
        "HTTP/1.1 {title}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\
         {header}{connection}\r\n{body}"
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

fn parse_length(value: &[u8]) -> Result<usize, Unreadable> {
    str::from_utf8(value)
        .ok()
        // The parser would take a sign.
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| not_http("Content-Length is not a number"))
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
