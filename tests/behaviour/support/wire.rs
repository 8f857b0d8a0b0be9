//! Reads requests from a connection, but leaves their last byte unread.
//!
//! Closing a connection with unread bytes resets it, and std has no other way to do that. To continue with the
//! connection instead, call [`finish`] after [`read`].
//! Only what lexbot should send is accepted: HTTP/1.1 with a `content-length` for the body.

use std::io::{self, ErrorKind, Read as _};
use std::net::TcpStream;

use super::request::Request;

const MAX_HEAD: usize = 64 * 1024;
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// The next request; `None` if the client closed the connection before it.
///
/// Anything that lexbot should not send is an `InvalidData` error.
pub(super) fn read(stream: &TcpStream) -> io::Result<Option<Request>> {
    let Some(head) = read_head(stream)? else {
        return Ok(None);
    };
    let mut request = parse_head(&head)?;
    let length = length_of_body(&request)?;
    if length > 0 {
        finish(stream)?;
        request.body = take(stream, length - 1)?;
        let mut last = [0];
        if stream.peek(&mut last)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        request.body.extend(last);
    }
    Ok(Some(request))
}

/// Takes a request's last byte off the connection.
pub(super) fn finish(stream: &TcpStream) -> io::Result<()> {
    take(stream, 1).map(drop)
}

fn read_head(stream: &TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    let mut waiting = [0; 8192];
    while head.len() < MAX_HEAD {
        let before = head.len();
        let peeked = stream.peek(&mut waiting)?;
        if peeked == 0 && before == 0 {
            return Ok(None);
        } else if peeked == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        head.extend(&waiting[..peeked]);
        let end = head
            .windows(END_OF_HEAD.len())
            .position(|window| window == END_OF_HEAD);
        if let Some(end) = end {
            head.truncate(end + END_OF_HEAD.len());
            take(stream, head.len() - before - 1)?;
            return Ok(Some(head));
        }
        take(stream, peeked)?;
    }
    Err(invalid("the request's head has no end"))
}

fn parse_head(head: &[u8]) -> io::Result<Request> {
    let head = str::from_utf8(head).map_err(|_| invalid("the request's head is not UTF-8"))?;
    let mut lines = head.trim_end().split("\r\n");
    let first = lines.next().unwrap_or_default();
    let [method, path, "HTTP/1.1"] = first.split(' ').collect::<Vec<_>>()[..] else {
        return Err(invalid(&format!("no request line: {first:?}")));
    };
    let mut request = Request::bare(method, path);
    for line in lines {
        match line.split_once(':') {
            Some((name, value)) if !name.is_empty() && !name.contains([' ', '\t']) => request
                .headers
                .push((name.to_lowercase(), value.trim().to_owned())),
            _ => return Err(invalid(&format!("no header: {line:?}"))),
        }
    }
    Ok(request)
}

fn length_of_body(request: &Request) -> io::Result<usize> {
    let has = |name: &str| request.headers.iter().any(|(known, _)| known == name);
    if has("transfer-encoding") {
        return Err(invalid("a body without its length in the head"));
    }
    if !has("content-length") {
        return Ok(0);
    }
    request
        .value_of("content-length")
        .filter(|length| length.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|length| length.parse().ok())
        .ok_or_else(|| invalid("content-length is repeated or not a number"))
}

fn take(mut stream: &TcpStream, length: usize) -> io::Result<Vec<u8>> {
    let mut taken = vec![0; length];
    stream.read_exact(&mut taken)?;
    Ok(taken)
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}
