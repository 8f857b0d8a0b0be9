//! As much of HTTP/1.1 as clients of a JSON API speak: a request in, an answer out, over any stream.
//!
//! Written on `httparse` because a ready-made blocking server must neither panic on a strange request (a release
//! build aborts on a panic), nor print by itself, nor hide the port that it got. No TLS, no compression, no
//! upgrade: the sandbox listens on loopback only.

mod body;

use std::io::{self, BufRead, BufReader, Read, Take, Write};

use super::response::Response;
use crate::api::TOKEN_HEADER;
use body::{read_chunks, read_exactly};

/// The largest body that is taken, in bytes.
pub(crate) const MAX_BODY: u64 = 2 * 1024 * 1024;

/// The largest request line and headers, in bytes; also the largest end of a chunked body.
const MAX_HEAD: u64 = 16 * 1024;

/// The most headers that a request may have.
const MAX_HEADERS: usize = 64;

/// What the inbox has to know of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// The method, such as `POST`.
    pub(crate) method: String,
    /// The request target as it was sent.
    pub(crate) path: String,
    /// The value of `Auth-Api-Token`.
    pub(crate) token: Option<Vec<u8>>,
    /// The body, whole.
    pub(crate) body: Vec<u8>,
    /// Whether the client may send another request on the same connection.
    pub(crate) keep_alive: bool,
}

/// Why there is no request.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The client closed the connection, or it broke: nobody waits for an answer.
    Gone,
    /// What came can't be taken. The connection is of no more use after this answer.
    Refused(Response),
}

impl From<io::Error> for Unreadable {
    fn from(_: io::Error) -> Self {
        Unreadable::Gone
    }
}

/// Reads the next request from `connection`, which also gets the `100 Continue` that some clients wait for.
pub(crate) fn read_request<S: Read + Write>(
    connection: &mut BufReader<S>,
) -> Result<Request, Unreadable> {
    let head = read_head(connection)?;
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    match parsed.parse(&head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(not_http("it ends too early")),
        Err(error) => return Err(not_http(error.to_string())),
    }

    let mut request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: parsed.path.unwrap_or_default().to_owned(),
        token: None,
        body: Vec::new(),
        keep_alive: parsed.version == Some(1),
    };
    let mut length = 0;
    let mut chunked = false;
    let mut awaits_continue = false;
    for header in parsed.headers {
        let value = header.value.trim_ascii();
        match header.name.to_ascii_lowercase().as_str() {
            TOKEN_HEADER => request.token = Some(value.to_vec()),
            "content-length" => {
                length = str::from_utf8(value)
                    .ok()
                    .and_then(|text| text.parse().ok())
                    .ok_or_else(|| not_http("Content-Length is not a number"))?;
            }
            "transfer-encoding" if value.eq_ignore_ascii_case(b"chunked") => chunked = true,
            "transfer-encoding" => return Err(not_http("Transfer-Encoding is not chunked")),
            "connection" if value.eq_ignore_ascii_case(b"close") => request.keep_alive = false,
            "expect" => awaits_continue = value.eq_ignore_ascii_case(b"100-continue"),
            _ => {}
        }
    }

    if length > MAX_BODY {
        return Err(Unreadable::Refused(Response::TooLarge));
    }
    if awaits_continue {
        connection
            .get_mut()
            .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    request.body = if chunked {
        read_chunks(connection)?
    } else {
        read_exactly(connection, length)?
    };
    Ok(request)
}

/// Writes `answer` to `request`; none stands for a request that couldn't be read.
pub(crate) fn write_answer(
    mut stream: impl Write,
    request: Option<&Request>,
    answer: &Response,
) -> io::Result<()> {
    let (status, reason) = (answer.status(), answer.reason());
    let (media_type, body) = answer.body();
    let length = body.len();
    let own_header = answer
        .header()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .unwrap_or_default();
    let close = match request {
        Some(request) if request.keep_alive => "",
        _ => "Connection: close\r\n",
    };
    let body = match request {
        Some(request) if request.method == "HEAD" => "",
        _ => &body,
    };
    let text = format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\
         {own_header}{close}\r\n{body}"
    );
    stream.write_all(text.as_bytes())
}

fn not_http(why: impl Into<String>) -> Unreadable {
    Unreadable::Refused(Response::NotHttp(why.into()))
}

/// The request line and the headers, with the blank line that ends them.
fn read_head(reader: &mut impl BufRead) -> Result<Vec<u8>, Unreadable> {
    let mut reader = reader.take(MAX_HEAD);
    let mut head = Vec::new();
    loop {
        let line = read_line(&mut reader)?;
        let blank = is_blank(&line);
        if blank && head.is_empty() {
            // HTTP has servers overlook a line break that a client left after its last body.
            continue;
        }
        head.extend(line);
        if blank {
            return Ok(head);
        }
    }
}

/// The next line with its end, within the bytes that `reader` still gives.
fn read_line(reader: &mut Take<impl BufRead>) -> Result<Vec<u8>, Unreadable> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    if line.ends_with(b"\n") {
        Ok(line)
    } else if reader.limit() == 0 {
        let limit = MAX_HEAD / 1024;
        Err(not_http(format!("its header is over {limit} KiB")))
    } else {
        Err(Unreadable::Gone)
    }
}

fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\r\n" | b"\n")
}

#[cfg(test)]
mod tests;
