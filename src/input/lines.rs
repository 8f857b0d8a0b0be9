//! Splits a stream into lines. A line over a limit is skipped without keeping it in memory.

use std::io::{self, BufRead, Read};

/// One line of the input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A line without its line break (`\n` or `\r\n`).
    Text(Vec<u8>),
    /// A line over the limit; its text was dropped.
    TooLong,
}

/// Reads lines and counts them.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    limit: usize,
    number: u64,
    position: u64,
}

impl<R: BufRead> Lines<R> {
    /// Reads the lines of `reader`. The limit is in bytes and doesn't count the line break.
    pub(crate) fn new(reader: R, limit: usize) -> Self {
        Lines {
            reader,
            limit,
            number: 0,
            position: 0,
        }
    }

    /// The underlying reader.
    pub(crate) fn reader_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// The number of the last line read; the first is 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// How many bytes have been read, line breaks included.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// The next line, or `None` at the end. The last line needs no line break.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        let mut text = Vec::new();
        let with_line_break = self.limit as u64 + 2;
        let read = (&mut self.reader)
            .take(with_line_break)
            .read_until(b'\n', &mut text)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.position += read as u64;
        let ended = text.pop_if(|last| *last == b'\n').is_some();
        if !ended && text.len() > self.limit {
            self.position += self.reader.skip_until(b'\n')? as u64;
            return Ok(Some(Line::TooLong));
        }
        text.pop_if(|last| *last == b'\r');
        if text.len() > self.limit {
            return Ok(Some(Line::TooLong));
        }
        Ok(Some(Line::Text(text)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Line, Lines};

    fn lines(input: &[u8]) -> Vec<(u64, Option<String>)> {
        let mut lines = Lines::new(input, 4);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            let text = match line {
                Line::Text(text) => Some(String::from_utf8(text).unwrap()),
                Line::TooLong => None,
            };
            all.push((lines.number(), text));
        }
        all
    }

    #[test]
    fn both_kinds_of_line_break_end_a_line_and_the_last_line_needs_none() {
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(
            lines(b"ab\r\n\ncd\nef"),
            [
                (1, text("ab")),
                (2, text("")),
                (3, text("cd")),
                (4, text("ef"))
            ]
        );
    }

    #[test]
    fn a_line_over_the_limit_is_skipped_and_counted() {
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(
            lines(b"1234\r\n12345\n123456\n1234567890\n1234"),
            [
                (1, text("1234")),
                (2, None),
                (3, None),
                (4, None),
                (5, text("1234"))
            ]
        );
        assert_eq!(lines(b"12345"), [(1, None)]);
        assert_eq!(lines(b"123456"), [(1, None)]);
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        /// The lines are those of `split`, numbered, and `position` ends at the length of the input.
        #[test]
        fn any_bytes_are_split_at_their_line_breaks(input in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), Just(b'a'), any::<u8>()], 0..60), limit in 0_usize..8) {
            let mut lines = Lines::new(&input[..], limit);
            let mut expected: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
            if expected.last() == Some(&&b""[..]) {
                expected.pop();
            }
            let ended = input.ends_with(b"\n");
            let count = expected.len() as u64;
            for (number, line) in (1..).zip(expected) {
                let whole = line.len();
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                // Without a line feed after it, a carriage return counts as text.
                let length = if ended || number < count { line.len() } else { whole };
                let expected = if length > limit {
                    Line::TooLong
                } else {
                    Line::Text(line.to_owned())
                };
                prop_assert_eq!(lines.next().unwrap(), Some(expected));
                prop_assert_eq!(lines.number(), number);
            }
            prop_assert_eq!(lines.next().unwrap(), None);
            prop_assert_eq!(lines.position(), input.len() as u64);
        }
    }
}
