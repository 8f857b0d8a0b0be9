//! The body of a request: so many bytes, or chunks until an empty one.

use std::io::{BufRead, Read as _};

use super::{MAX_BODY, MAX_HEAD, Response, Unreadable, is_blank, not_http, read_line};

/// The next `length` bytes.
pub(super) fn read_exactly(reader: &mut impl BufRead, length: u64) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    let mut reader = reader.take(length);
    reader.read_to_end(&mut bytes)?;
    match reader.limit() {
        0 => Ok(bytes),
        _ => Err(Unreadable::Gone),
    }
}

/// The chunks up to the empty one, joined. What follows that is overlooked.
pub(super) fn read_chunks(reader: &mut impl BufRead) -> Result<Vec<u8>, Unreadable> {
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
        if size > MAX_BODY.saturating_sub(body.len() as u64) {
            return Err(Unreadable::Refused(Response::TooLarge));
        }
        body.append(&mut read_exactly(reader, size)?);
        if read_exactly(reader, 2)? != b"\r\n" {
            return Err(not_http("a chunk is longer than its size"));
        }
    }
}
