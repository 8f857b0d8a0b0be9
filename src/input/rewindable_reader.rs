//! A stream that remembers the current value, so that its lines can be read again if it turns out to be broken.
//!
//! The text before the current value is dropped. So is the text of a value that exceeds the size limit, which is
//! still read to its end.

use std::io::{self, ErrorKind, Read};

use serde::de::IgnoredAny;
use serde_json::Deserializer;

/// How many bytes are read from the stream at once.
const CHUNK: usize = 64 << 10;

/// How many times its size a broken value may be read again. Without a limit, input that breaks at every line would
/// take quadratic time.
const MAX_REREAD_FACTOR: u64 = 8;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A place in the input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The number of the line; the first is 1.
    pub(super) line: u64,
    /// How many characters come before it in its line.
    pub(super) column: usize,
    /// How many of these are the white space at the start of the line.
    pub(super) indent: usize,
}

impl Place {
    /// Moves to the end of `text`.
    pub(super) fn advance(&mut self, text: &[u8]) {
        let mut lines = text.split(|byte| *byte == b'\n');
        let last_line = lines.next_back().unwrap_or_default();
        let breaks = lines.count() as u64;
        if breaks > 0 {
            self.line += breaks;
            self.column = 0;
            self.indent = 0;
        }
        if self.column == self.indent {
            self.indent += white_space(last_line);
        }
        let is_first_of_char = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
        self.column += last_line.iter().filter(is_first_of_char).count();
    }
}

/// A stream with the text of the current value.
#[derive(Debug)]
pub(super) struct RewindableReader<R> {
    reader: R,
    /// The current value, and what comes after it as far as it was read from the stream.
    text: Vec<u8>,
    /// Where the current value starts in `text`.
    start: usize,
    /// Where to read next in `text`.
    at: usize,
    /// The place of `start`.
    pub(super) place: Place,
    max_value: usize,
    /// Whether the beginning of the current value was dropped because it is too large.
    dropped: bool,
    /// How many bytes were read from the stream.
    taken: u64,
    /// Up to which byte of the stream broken values have been read.
    broken_until: u64,
    /// How many bytes may still be read again before that.
    budget: u64,
}

impl<R: Read> RewindableReader<R> {
    pub(super) fn new(reader: R, max_value: usize) -> Self {
        RewindableReader {
            reader,
            text: Vec::new(),
            start: 0,
            at: 0,
            place: Place {
                line: 1,
                column: 0,
                indent: 0,
            },
            max_value,
            dropped: false,
            taken: 0,
            broken_until: 0,
            budget: 0,
        }
    }

    /// How many bytes of the input come before the next one.
    pub(super) fn position(&self) -> u64 {
        self.taken - (self.text.len() - self.at) as u64
    }

    /// What was read of the current value, without what was dropped.
    pub(super) fn value(&self) -> &[u8] {
        &self.text[self.start..self.at]
    }

    /// What comes next up to a line break, as far as it was read from the stream.
    pub(super) fn rest_of_line(&self) -> &[u8] {
        let mut lines = self.text[self.at..].split(|byte| *byte == b'\n');
        lines.next().unwrap_or_default()
    }

    /// Whether the current value exceeds the size limit.
    pub(super) fn is_too_large(&self) -> bool {
        self.dropped || self.value().len() > self.max_value
    }

    /// The line of the last byte that isn't white space.
    pub(super) fn end_line(&self) -> u64 {
        let mut place = self.place;
        place.advance(self.value().trim_ascii_end());
        place.line
    }

    /// Skips white space and byte order marks. Returns the next byte, or `None` at the end of the input.
    pub(super) fn skip_white_space(&mut self) -> io::Result<Option<u8>> {
        while self.fill(1)? {
            self.at += white_space(&self.text[self.at..]);
            self.finish();
            match self.text.get(self.at).copied() {
                Some(0xef)
                    if self.fill(3)? && self.text[self.at..].starts_with(BYTE_ORDER_MARK) =>
                {
                    self.at += BYTE_ORDER_MARK.len();
                    self.start = self.at;
                }
                Some(byte) => return Ok(Some(byte)),
                None => {}
            }
        }
        Ok(None)
    }

    /// Skips the rest of the line.
    pub(super) fn skip_line(&mut self) -> io::Result<()> {
        let mut line_break = None;
        while line_break.is_none() && self.fill(1)? {
            let rest = &self.text[self.at..];
            line_break = rest.iter().position(|byte| *byte == b'\n');
            self.at += line_break.map_or(rest.len(), |at| at + 1);
            self.finish();
        }
        Ok(())
    }

    /// Reads a value to its end, or to its first syntax error.
    pub(super) fn read_value(&mut self) -> serde_json::Result<()> {
        // Most values are complete in memory, where parsing is fast. A number might go on in the next chunk.
        let window = &self.text[self.at..self.text.len().min(self.at + CHUNK)];
        if matches!(window.first(), Some(b'{' | b'[')) {
            let mut values = Deserializer::from_slice(window).into_iter::<IgnoredAny>();
            if let Some(Ok(_)) = values.next() {
                self.at += values.byte_offset();
                return Ok(());
            }
        }
        let start = self.position();
        let mut values = Deserializer::from_reader(&mut *self).into_iter::<IgnoredAny>();
        let result = values.next().transpose();
        let end = start + values.byte_offset() as u64;
        if result.is_ok() && self.position() > end {
            // To find the end of a number, the parser reads one byte more.
            self.at -= 1;
        }
        result.map(drop)
    }

    /// Ends the current value. The next one starts here.
    pub(super) fn finish(&mut self) {
        self.drop_value();
        self.dropped = false;
    }

    /// Ends the current value, which is broken, and goes back to its second line if it has one.
    pub(super) fn rewind(&mut self) {
        let end = self.position();
        let text = &self.text[self.start..self.at];
        let start = end - text.len() as u64;
        if self.broken_until <= start {
            self.budget = 0;
        }
        self.budget += (end - self.broken_until.clamp(start, end)) * MAX_REREAD_FACTOR;
        self.broken_until = self.broken_until.max(end);
        let line_break = text.iter().position(|byte| *byte == b'\n');
        if let Some(first_line) = line_break.filter(|_| !self.dropped) {
            let rest = text.len() - first_line - 1;
            if let Some(budget) = self.budget.checked_sub(rest as u64) {
                self.budget = budget;
                self.at -= rest;
            }
        }
        self.finish();
    }

    fn drop_value(&mut self) {
        self.place.advance(&self.text[self.start..self.at]);
        self.start = self.at;
        // Moving the rest pays off only if it is the smaller part.
        if self.start * 2 >= self.text.len() {
            self.text.drain(..self.start);
            self.start = 0;
            self.at = 0;
        }
    }

    /// Reads from the stream until there are `count` bytes to read. Returns false at the end of the stream.
    fn fill(&mut self, count: usize) -> io::Result<bool> {
        while self.text.len() - self.at < count {
            let length = self.text.len();
            self.text.resize(length + CHUNK, 0);
            let read = self.reader.read(&mut self.text[length..]);
            let new = *read.as_ref().unwrap_or(&0);
            self.text.truncate(length + new);
            self.taken += new as u64;
            match read {
                Ok(0) => return Ok(false),
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
        }
        Ok(true)
    }
}

/// Reads the current value byte by byte, so that nothing after its end is read.
impl<R: Read> Read for RewindableReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at - self.start > self.max_value {
            self.drop_value();
            self.dropped = true;
        }
        if buffer.is_empty() || !self.fill(1)? {
            return Ok(0);
        }
        buffer[0] = self.text[self.at];
        self.at += 1;
        Ok(1)
    }
}

/// The length of the white space at the start of `text`.
fn white_space(text: &[u8]) -> usize {
    let is_white_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    text.iter().take_while(is_white_space).count()
}
