//! Finds the JSON values of a stream and limits what a syntax error costs.
//!
//! Values stand one on a line, several on a line, or span lines. After a syntax error, reading resumes at the first
//! line after the broken value's first line that starts with `{` or `[` and is indented no deeper: a torn line and
//! the intact lines after it look like one value until the syntax error. The lines between are passed over.

use std::io::{self, Read};

use super::tape::{Place, Tape};

/// The largest value, in bytes.
const MAX_VALUE: usize = 64 << 20;

/// Why the last value of an input that ends within it can't be read.
pub(crate) const UNFINISHED: &str = "the input ends in the middle of this JSON value";

/// What to do about a line of text with JSON in it.
const TEXT_BEFORE_JSON: &str =
    r#"; to take the JSON out of a line of text: jq -cR 'sub("^[^{]*"; "") | fromjson'"#;

/// A value of the input, or an error in its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InputValue {
    /// The line on which it starts; the first line is 1.
    pub(crate) line: u64,
    /// The line on which it ends.
    pub(crate) end_line: u64,
    /// Its text, which is valid JSON, or why it can't be read.
    pub(crate) json: Result<String, String>,
}

/// Reads the values of a stream.
#[derive(Debug)]
pub(crate) struct ValueReader<R> {
    tape: Tape<R>,
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
            tape: Tape::new(reader, MAX_VALUE),
            broken: None,
        }
    }

    /// How many bytes of the input have been read.
    pub(crate) fn position(&self) -> u64 {
        self.tape.position()
    }

    /// The next value, or `None` at the end of the input. A value is returned before anything behind it is read.
    pub(crate) fn next(&mut self) -> io::Result<Option<InputValue>> {
        if let Some(broken) = self.broken.take()
            && let Some(passed_over) = self.resume(&broken)?
        {
            return Ok(Some(passed_over));
        }
        if self.tape.skip_white_space()?.is_none() {
            return Ok(None);
        }
        let start = self.tape.place;
        let result = self.tape.read_value();
        if result.as_ref().is_err_and(serde_json::Error::is_io) {
            return result.map(|()| None).map_err(io::Error::from);
        }
        let mut json = match &result {
            Ok(()) => String::from_utf8(self.tape.value().to_vec())
                .map_err(|_| "this is not UTF-8 text".to_owned()),
            Err(error) => Err(reason(
                error,
                self.tape.value(),
                self.tape.place,
                start.line,
            )),
        };
        // As in a log: text, and then a payload.
        if let Err(reason) = &mut json
            && !self.tape.value().starts_with(b"{")
            && !self.tape.value().starts_with(b"[")
            && !self.tape.value().ends_with(b"\n")
            && self.tape.line_has(b'{')?
        {
            reason.push_str(TEXT_BEFORE_JSON);
        }
        if self.tape.is_too_large() {
            json = Err("this JSON value is larger than 64 MiB".to_owned());
        }
        let end_line = if result.is_ok() {
            self.tape.finish();
            self.tape.place.line
        } else {
            let end_line = self.tape.end_line();
            self.tape.rewind();
            self.broken = Some(Broken {
                indent: start.indent,
                end_line,
            });
            end_line
        };
        Ok(Some(InputValue {
            line: start.line,
            end_line,
            json,
        }))
    }

    /// Goes to the line where reading resumes. Returns the lines passed over behind the broken value as one error.
    fn resume(&mut self, broken: &Broken) -> io::Result<Option<InputValue>> {
        if self.tape.place.column > 0 {
            self.tape.skip_line()?;
        }
        let mut passed_over = None;
        while let Some(byte) = self.tape.skip_white_space()? {
            let Place { line, column, .. } = self.tape.place;
            if matches!(byte, b'{' | b'[') && column <= broken.indent {
                break;
            }
            if line > broken.end_line {
                passed_over = Some((passed_over.map_or(line, |(first, _)| first), line));
            }
            self.tape.skip_line()?;
        }
        Ok(passed_over.map(|(line, end_line)| InputValue {
            line,
            end_line,
            json: Err(if line == end_line {
                "this line was passed over".to_owned()
            } else {
                format!("lines {line} to {end_line} were passed over")
            }),
        }))
    }
}

/// Why `text`, which starts at `place`, is not a value that starts in `first_line`. The last byte is at fault.
fn reason(error: &serde_json::Error, text: &[u8], mut place: Place, first_line: u64) -> String {
    if error.is_eof() {
        return UNFINISHED.to_owned();
    }
    let message = error.to_string();
    let mut reason = message
        .rsplit_once(" at line ")
        .map_or(&*message, |(reason, _)| reason);
    if let Some((last, before)) = text.split_last() {
        place.advance(before);
        if *last == b'\n' {
            reason = "unexpected line break";
        } else if reason == "expected ident" {
            reason = "expected true, false or null";
        }
    }
    let column = place.column + 1;
    if place.line == first_line {
        format!("this is not JSON: {reason} at column {column}")
    } else {
        format!(
            "this is not JSON: {reason} at line {}, column {column}",
            place.line
        )
    }
}

#[cfg(test)]
mod tests;
