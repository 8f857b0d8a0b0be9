//! Cuts a stream into JSON values and limits what a syntax error costs.
//!
//! Values stand one on a line, several on a line, or span lines. A syntax error costs the value that contains it and
//! no other:
//!
//! - A value that breaks in its first line costs the rest of that line.
//! - A value that breaks in a later line is reported once, with its first line. Its other lines are read again,
//!   because another value may begin in any of them: a torn line and the intact lines after it look like one value
//!   until the syntax error.
//! - A line that is a complete message is never part of an object: the object was torn. So an intact line is read at
//!   once, without waiting for later lines to show that the line before it is broken.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::error::InputError;
use super::lines::{Line, Lines};
use super::replay::Replay;
use super::scanner::{Progress, Scanner};

/// The longest line, in bytes.
pub(crate) const MAX_LINE: usize = 1 << 20;

/// The largest value that spans lines, in bytes.
pub(crate) const MAX_VALUE: usize = 64 << 20;

/// A value of the input, or an error in its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InputValue {
    /// The line on which it starts; the first line is 1.
    pub(crate) line: u64,
    /// Its text.
    pub(crate) json: Result<String, InputError>,
}

/// A value that continues in the next line.
#[derive(Debug)]
struct Pending {
    line: u64,
    text: Vec<u8>,
    scanner: Scanner,
}

/// Reads the values of a stream.
#[derive(Debug)]
pub(crate) struct ValueReader<R> {
    lines: Lines<R>,
    max_value: usize,
    pending: Option<Pending>,
    /// Set after a value broke: its remaining lines are passed over until another value begins.
    resuming: bool,
    replay: Replay,
    ready: VecDeque<InputValue>,
}

impl<R: BufRead> ValueReader<R> {
    /// Reads the values of `reader`.
    pub(crate) fn new(reader: R) -> Self {
        Self::with_limits(reader, MAX_LINE, MAX_VALUE)
    }

    fn with_limits(reader: R, max_line: usize, max_value: usize) -> Self {
        ValueReader {
            lines: Lines::new(reader, max_line),
            max_value,
            pending: None,
            resuming: false,
            replay: Replay::default(),
            ready: VecDeque::new(),
        }
    }

    /// The underlying reader.
    pub(crate) fn reader_mut(&mut self) -> &mut R {
        self.lines.reader_mut()
    }

    /// How many bytes of the input have been read.
    pub(crate) fn position(&self) -> u64 {
        self.lines.position()
    }

    /// The next value, or `None` at the end of the input. Waits for a line only if no value is ready.
    pub(crate) fn next(&mut self) -> io::Result<Option<InputValue>> {
        while self.ready.is_empty() {
            if let Some((number, text)) = self.replay.next() {
                self.line(number, &text);
                continue;
            }
            let line = self.lines.next()?;
            let number = self.lines.number();
            match (line, self.pending.take()) {
                (Some(Line::Text(text)), pending) => {
                    self.pending = pending;
                    let bom: &[u8] = if number == 1 { b"\xef\xbb\xbf" } else { b"" };
                    self.line(number, text.strip_prefix(bom).unwrap_or(&text));
                }
                (Some(Line::TooLong), Some(pending)) => {
                    self.give_up(&pending, InputError::LineTooLong, None);
                }
                (Some(Line::TooLong), None) if self.resuming => {}
                (Some(Line::TooLong), None) => self.push(number, Err(InputError::LineTooLong)),
                (None, Some(pending)) => self.give_up(&pending, InputError::Unfinished, None),
                (None, None) => return Ok(None),
            }
        }
        Ok(self.ready.pop_front())
    }

    fn line(&mut self, number: u64, text: &[u8]) {
        let Some(mut pending) = self.pending.take() else {
            return self.first_line(number, text);
        };
        if pending.scanner.in_object() && is_message(text) {
            return self.give_up(&pending, InputError::NotJson, Some(text));
        }
        match pending.scanner.line(text) {
            Progress::Incomplete if pending.text.len() + text.len() > self.max_value => {
                self.pass_over(&pending, InputError::ValueTooLarge);
            }
            Progress::Incomplete => {
                pending.text.push(b'\n');
                pending.text.extend_from_slice(text);
                self.pending = Some(pending);
            }
            Progress::Complete(end) => {
                pending.text.push(b'\n');
                pending.text.extend_from_slice(&text[..end]);
                self.complete(pending.line, pending.text);
                self.first_line(number, &text[end..]);
            }
            Progress::Broken(InputError::TooDeep) => self.pass_over(&pending, InputError::TooDeep),
            Progress::Broken(error) => self.give_up(&pending, error, Some(text)),
        }
    }

    /// Reads a line that doesn't continue a value. It may contain several values, and the last may continue.
    fn first_line(&mut self, number: u64, text: &[u8]) {
        if self.resuming {
            if !matches!(text.first(), Some(b'{' | b'[')) && !is_message(text) {
                return;
            }
            self.resuming = false;
        }
        let ready_before = self.ready.len();
        let mut only_scalars = true;
        let mut rest = text.trim_ascii_start();
        while let Some(first) = rest.first() {
            let mut scanner = Scanner::new();
            match scanner.line(rest) {
                Progress::Complete(end) => {
                    only_scalars &= !matches!(first, b'{' | b'[');
                    self.complete(number, rest[..end].to_vec());
                    rest = rest[end..].trim_ascii_start();
                }
                Progress::Incomplete => {
                    self.pending = Some(Pending {
                        line: number,
                        text: rest.to_vec(),
                        scanner,
                    });
                    return;
                }
                Progress::Broken(error) => {
                    // `12 apples` is one broken line, not a number and something else.
                    if only_scalars {
                        self.ready.truncate(ready_before);
                    }
                    return self.push(number, Err(error));
                }
            }
        }
    }

    fn complete(&mut self, line: u64, text: Vec<u8>) {
        self.push(
            line,
            String::from_utf8(text).map_err(|_| InputError::NotUtf8),
        );
    }

    fn push(&mut self, line: u64, json: Result<String, InputError>) {
        self.ready.push_back(InputValue { line, json });
    }

    /// Reports `pending` as broken. Its lines after the first are read again, then `next`, the line that broke it.
    fn give_up(&mut self, pending: &Pending, error: InputError, next: Option<&[u8]>) {
        self.push(pending.line, Err(error));
        let end_of_first = pending.text.iter().position(|byte| *byte == b'\n');
        match (end_of_first, next) {
            (Some(end), _) => {
                self.resuming = true;
                self.replay
                    .prepend(pending.line + 1, &pending.text[end + 1..], next);
            }
            (None, Some(next)) => self.first_line(pending.line + 1, next),
            (None, None) => self.resuming = true,
        }
    }

    /// Reports `pending` as broken and passes over the rest of it.
    fn pass_over(&mut self, pending: &Pending, error: InputError) {
        self.push(pending.line, Err(error));
        self.resuming = true;
    }
}

/// Whether `line` by itself is a message body, a webhook payload, a Send API response, or an array of these.
fn is_message(line: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Keys {
        object_id: Option<IgnoredAny>,
        message_id: Option<IgnoredAny>,
        object: Option<IgnoredAny>,
        entry: Option<IgnoredAny>,
    }
    let is_one = |keys: &Keys| {
        keys.object_id.is_some()
            || keys.message_id.is_some()
            || (keys.object.is_some() && keys.entry.is_some())
    };
    match line.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(line).is_ok_and(|keys| is_one(&keys)),
        Some(b'[') => serde_json::from_slice(line)
            .is_ok_and(|all: Vec<Keys>| !all.is_empty() && all.iter().all(is_one)),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
