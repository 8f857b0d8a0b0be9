//! Reads JSON values from a stream, one after another, as they arrive, and limits what a syntax error costs.
//!
//! Values stand one on a line, several on a line, or span lines. After a syntax error, reading resumes at the first
//! line after the broken value's first line that starts with `{` or `[` and is indented no deeper: a torn line and
//! the intact lines after it look like one value until the syntax error. The lines between are passed over.
//!
//! `rewindable_reader` keeps the text of the current value, so that its lines can be read again. `foreign_format` recognises input
//! that isn't JSON at all. What a value means is for `message` to say.

mod foreign_format;
mod rewindable_reader;

pub(crate) use foreign_format::ForeignFormat;

use std::io::{self, Read};

use crate::value_part::Lines;
use rewindable_reader::{Place, RewindableReader};

/// The largest value, in bytes.
const MAX_VALUE: usize = 64 << 20;

/// The error for a value that the end of the input cuts off.
pub(crate) const UNFINISHED: &str = "the input ends in the middle of this JSON value";

/// The hint for text before a JSON value, as in a log.
const TEXT_BEFORE_JSON: &str =
    r#"; to take the JSON out of a line of text: jq -cR 'sub("^[^{]*"; "") | fromjson'"#;

/// A value of the input, or an error in its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InputValue {
    /// The lines on which it starts and ends.
    pub(crate) lines: Lines,
    /// Its text, which is valid JSON, or why it can't be read.
    pub(crate) json: Result<String, String>,
}

/// Reads the values of a stream.
#[derive(Debug)]
pub(crate) struct ValueReader<R> {
    reader: RewindableReader<R>,
    broken: Option<Broken>,
}

/// A value with a syntax error, after which reading must resume.
#[derive(Debug)]
struct Broken {
    /// The indentation of its first line.
    indent: usize,
    /// The line of the syntax error.
    end_line: u64,
}

impl<R: Read> ValueReader<R> {
    /// Reads the values of `reader`.
    pub(crate) fn new(reader: R) -> Self {
        ValueReader {
            reader: RewindableReader::new(reader, MAX_VALUE),
            broken: None,
        }
    }

    /// How many bytes of the input have been read.
    pub(crate) fn position(&self) -> u64 {
        self.reader.position()
    }

    /// The next value, or `None` at the end of the input. A value is returned before anything after it is read.
    pub(crate) fn next(&mut self) -> io::Result<Option<InputValue>> {
        if let Some(broken) = self.broken.take()
            && let Some(passed_over) = self.resume(&broken)?
        {
            return Ok(Some(passed_over));
        }
        if self.reader.skip_white_space()?.is_none() {
            return Ok(None);
        }
        let start = self.reader.place;
        let result = self.reader.read_value();
        let mut json = match &result {
            Ok(()) => String::from_utf8(self.reader.value().to_vec())
                .map_err(|_| "this is not UTF-8 text".to_owned()),
            Err(error) if error.is_io() => return result.map(|()| None).map_err(io::Error::from),
            Err(error) => Err(self.reason(error)),
        };
        if self.reader.is_too_large() {
            json = Err("this JSON value is larger than 64 MiB".to_owned());
        }
        let last = if result.is_ok() {
            self.reader.finish();
            self.reader.place.line
        } else {
            let end_line = self.reader.end_line();
            self.reader.rewind();
            self.broken = Some(Broken {
                indent: start.indent,
                end_line,
            });
            end_line
        };
        let first = start.line;
        Ok(Some(InputValue {
            lines: Lines { first, last },
            json,
        }))
    }

    /// Why the current value, whose last byte is at fault, is not JSON.
    fn reason(&self, error: &serde_json::Error) -> String {
        if error.is_eof() {
            return UNFINISHED.to_owned();
        }
        let message = error.to_string();
        let reason = message.split(" at line ").next().unwrap_or_default();
        let (text, start) = (self.reader.value(), self.reader.place);
        let ends_line = text.ends_with(b"\n");
        let reason = match reason {
            _ if ends_line => "unexpected line break",
            "expected ident" => "expected true, false or null",
            other => other,
        };
        let mut place = start;
        place.advance(text.split_last().map_or(text, |(_, before)| before));
        let column = place.column + 1;
        let place = if place.line == start.line {
            format!("column {column}")
        } else {
            format!("line {}, column {column}", place.line)
        };
        let is_json = ends_line || matches!(text.first(), Some(b'{' | b'['));
        let hint = if !is_json && self.reader.rest_of_line().contains(&b'{') {
            TEXT_BEFORE_JSON
        } else {
            ""
        };
        format!("this is not JSON: {reason} at {place}{hint}")
    }

    /// Goes to the line where reading resumes. Returns the lines passed over after the broken value as one error.
    fn resume(&mut self, broken: &Broken) -> io::Result<Option<InputValue>> {
        if self.reader.place.column > 0 {
            self.reader.skip_line()?;
        }
        let mut passed_over: Option<Lines> = None;
        while let Some(byte) = self.reader.skip_white_space()? {
            let Place { line, column, .. } = self.reader.place;
            if matches!(byte, b'{' | b'[') && column <= broken.indent {
                break;
            }
            if line > broken.end_line {
                let first = passed_over.map_or(line, |lines| lines.first);
                passed_over = Some(Lines { first, last: line });
            }
            self.reader.skip_line()?;
        }
        Ok(passed_over.map(|lines| InputValue {
            lines,
            json: Err(if lines.first == lines.last {
                "this line was passed over".to_owned()
            } else {
                format!("lines {} to {} were passed over", lines.first, lines.last)
            }),
        }))
    }
}

#[cfg(test)]
mod tests;
