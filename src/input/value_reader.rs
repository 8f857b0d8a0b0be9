//! Cuts a stream into JSON values, and limits what a torn one costs.
//!
//! Values stand one a line, or span lines and follow one another, as `jq` prints them. A line that is broken
//! costs the value that it stands in, and no other:
//!
//! - A value that is broken within its first line costs that line.
//! - A value that breaks in a later line is reported once, with its first line. Its other lines are then read
//!   again, for another value may have begun in any of them: a torn line followed by good ones looks like one
//!   value until the grammar objects.
//! - A line that is a whole message never stands inside an object: where it would, the object was torn. So a
//!   good line needn't wait for further lines to prove the line before it broken.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, BufRead};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::lines::{Line, Lines};
use super::scanner::{Progress, Scanner};

/// The longest line, in bytes.
pub(crate) const MAX_LINE: usize = 1 << 20;

/// The largest value that spans lines, in bytes.
pub(crate) const MAX_VALUE: usize = 64 << 20;

/// How many times its size a broken value may be read again.
const MAX_REPLAY_FACTOR: usize = 8;

/// A value of the input, or what stands where one should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RawValueAt {
    /// The line on which it starts; the first line is 1.
    pub(crate) line: u64,
    /// Its text.
    pub(crate) value: Result<String, InputError>,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputError {
    /// It isn't JSON, or was torn.
    NotJson,
    /// The input ended within it.
    Unfinished,
    /// It has bytes that aren't UTF-8.
    NotUtf8,
    /// Its brackets are nested too deeply.
    TooDeep,
    /// It has a line over [`MAX_LINE`].
    LineTooLong,
    /// It is over [`MAX_VALUE`].
    ValueTooLarge,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InputError::NotJson => "this is not JSON",
            InputError::Unfinished => "the input ends in the middle of this JSON value",
            InputError::NotUtf8 => "this is not UTF-8 text",
            InputError::TooDeep => "this is nested more than 128 brackets deep",
            InputError::LineTooLong => "a line is longer than 1 MiB",
            InputError::ValueTooLarge => "this JSON value is larger than 64 MiB",
        })
    }
}

/// A value that goes on in the next line.
#[derive(Debug)]
struct Pending {
    line: u64,
    text: Vec<u8>,
    scanner: Scanner,
}

/// Lines of a broken value that are to be read again.
#[derive(Debug, Default)]
struct Replay {
    /// The lines, each with its line break.
    text: Vec<u8>,
    at: usize,
    /// The number of the line that begins at `at`.
    line: u64,
    /// How many more bytes may be read again: input made to break at every line must not cost its square.
    budget: usize,
}

impl Replay {
    /// The next line and its number.
    fn next(&mut self) -> Option<(u64, Vec<u8>)> {
        let rest = &self.text[self.at..];
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = rest[..end].to_vec();
        self.at += end + 1;
        self.line += 1;
        Some((self.line - 1, line))
    }

    /// Puts `lines`, the first of which has the number `line`, and then `next` before what is left.
    fn prepend(&mut self, line: u64, lines: &[u8], next: Option<Vec<u8>>) {
        let left = self.text.split_off(self.at);
        if left.is_empty() {
            self.budget = lines.len().saturating_mul(MAX_REPLAY_FACTOR);
        }
        self.at = 0;
        self.line = line;
        self.text.clear();
        if let Some(budget) = self.budget.checked_sub(lines.len()) {
            self.budget = budget;
            self.text.extend_from_slice(lines);
            self.text.push(b'\n');
        } else {
            self.line += lines.split(|byte| *byte == b'\n').count() as u64;
        }
        if let Some(next) = next {
            self.text.extend_from_slice(&next);
            self.text.push(b'\n');
        }
        self.text.extend_from_slice(&left);
    }
}

/// The values of a stream.
#[derive(Debug)]
pub(crate) struct ValueReader<R> {
    lines: Lines<R>,
    largest: usize,
    pending: Option<Pending>,
    /// After a value of several lines broke: the rest of it is passed over until something starts.
    resuming: bool,
    again: Replay,
    ready: VecDeque<RawValueAt>,
}

impl<R: BufRead> ValueReader<R> {
    /// The values that `reader` has.
    pub(crate) fn new(reader: R) -> Self {
        Self::with_limits(reader, MAX_LINE, MAX_VALUE)
    }

    fn with_limits(reader: R, longest_line: usize, largest: usize) -> Self {
        ValueReader {
            lines: Lines::new(reader, longest_line),
            largest,
            pending: None,
            resuming: false,
            again: Replay::default(),
            ready: VecDeque::new(),
        }
    }

    /// What the values are read from.
    pub(crate) fn reader_mut(&mut self) -> &mut R {
        self.lines.reader_mut()
    }

    /// How many bytes of the input have been read.
    pub(crate) fn position(&self) -> u64 {
        self.lines.position()
    }

    /// The next value, or `None` at the end of the input. Waits for a line only where no value is ready.
    pub(crate) fn next(&mut self) -> io::Result<Option<RawValueAt>> {
        while self.ready.is_empty() {
            if let Some((number, text)) = self.again.next() {
                self.line(number, text);
                continue;
            }
            match self.lines.next()? {
                Some(Line::Text(mut text)) => {
                    let number = self.lines.number();
                    if number == 1 && text.starts_with(b"\xef\xbb\xbf") {
                        text.drain(..3);
                    }
                    self.line(number, text);
                }
                Some(Line::TooLong) => match self.pending.take() {
                    Some(pending) => self.give_up(&pending, InputError::LineTooLong, None),
                    None if self.resuming => {}
                    None => self.broken(self.lines.number(), InputError::LineTooLong),
                },
                None => match self.pending.take() {
                    Some(pending) => self.give_up(&pending, InputError::Unfinished, None),
                    None => return Ok(None),
                },
            }
        }
        Ok(self.ready.pop_front())
    }

    fn line(&mut self, number: u64, text: Vec<u8>) {
        let Some(mut pending) = self.pending.take() else {
            return self.first_line(number, text);
        };
        if pending.scanner.in_object() && is_message(&text) {
            return self.give_up(&pending, InputError::NotJson, Some(text));
        }
        match pending.scanner.line(&text) {
            Progress::Incomplete if pending.text.len() + text.len() > self.largest => {
                self.refuse(&pending, InputError::ValueTooLarge);
            }
            Progress::Incomplete => {
                pending.text.push(b'\n');
                pending.text.extend_from_slice(&text);
                self.pending = Some(pending);
            }
            Progress::Complete(end) => {
                pending.text.push(b'\n');
                pending.text.extend_from_slice(&text[..end]);
                self.complete(pending.line, pending.text);
                self.first_line(number, text[end..].to_vec());
            }
            Progress::InputError => self.give_up(&pending, InputError::NotJson, Some(text)),
            Progress::TooDeep => self.refuse(&pending, InputError::TooDeep),
        }
    }

    /// A line that no pending value claims: any number of values, the last of which may go on in the next line.
    fn first_line(&mut self, number: u64, mut text: Vec<u8>) {
        if self.resuming {
            if !matches!(text.first(), Some(b'{' | b'[')) && !is_message(&text) {
                return;
            }
            self.resuming = false;
        }
        let before = self.ready.len();
        let mut scalars_only = true;
        loop {
            let blank = text
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            text.drain(..blank);
            let Some(&first) = text.first() else { return };
            let mut scanner = Scanner::new();
            match scanner.line(&text) {
                Progress::Complete(end) => {
                    scalars_only &= !matches!(first, b'{' | b'[');
                    let rest = text.split_off(end);
                    self.complete(number, std::mem::replace(&mut text, rest));
                }
                Progress::Incomplete => {
                    self.pending = Some(Pending {
                        line: number,
                        text,
                        scanner,
                    });
                    return;
                }
                broken => {
                    // `12 apples` is one broken line, not a number and then something else.
                    if scalars_only {
                        self.ready.truncate(before);
                    }
                    let why = if broken == Progress::TooDeep {
                        InputError::TooDeep
                    } else {
                        InputError::NotJson
                    };
                    return self.broken(number, why);
                }
            }
        }
    }

    fn complete(&mut self, line: u64, text: Vec<u8>) {
        let value = String::from_utf8(text).map_err(|_| InputError::NotUtf8);
        self.ready.push_back(RawValueAt { line, value });
    }

    fn broken(&mut self, line: u64, why: InputError) {
        self.ready.push_back(RawValueAt {
            line,
            value: Err(why),
        });
    }

    /// Reports `pending` as broken. Its further lines, then `next`, the line that showed it, are read again.
    fn give_up(&mut self, pending: &Pending, why: InputError, next: Option<Vec<u8>>) {
        self.broken(pending.line, why);
        let Some(end_of_first) = pending.text.iter().position(|byte| *byte == b'\n') else {
            // The value had one line and was torn there: whatever comes next stands for itself.
            self.resuming = next.is_none();
            if let Some(text) = next {
                self.first_line(pending.line + 1, text);
            }
            return;
        };
        self.resuming = true;
        self.again
            .prepend(pending.line + 1, &pending.text[end_of_first + 1..], next);
    }

    /// Reports `pending`, which is over a limit, and passes over the rest of it.
    fn refuse(&mut self, pending: &Pending, why: InputError) {
        self.broken(pending.line, why);
        self.resuming = true;
    }
}

/// Whether `line` is by itself a message body, a webhook payload, a Send API response, or an array of them.
fn is_message(line: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Keys {
        object_id: Option<IgnoredAny>,
        message_id: Option<IgnoredAny>,
        object: Option<IgnoredAny>,
        entry: Option<IgnoredAny>,
    }
    impl Keys {
        fn are_a_messages(&self) -> bool {
            self.object_id.is_some()
                || self.message_id.is_some()
                || (self.object.is_some() && self.entry.is_some())
        }
    }
    match line.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => serde_json::from_slice(line).is_ok_and(|keys: Keys| keys.are_a_messages()),
        Some(b'[') => serde_json::from_slice(line)
            .is_ok_and(|all: Vec<Keys>| !all.is_empty() && all.iter().all(Keys::are_a_messages)),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
