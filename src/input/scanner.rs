//! Finds the end of a JSON value that may span lines. It gets the value line by line and keeps none of it.
//!
//! It checks the structure (brackets, keys, colons, commas, the ends of strings), so that a syntax error shows as
//! early as possible. Escapes and the digits of numbers are left to the parser that gets the whole value.

use super::error::InputError;

/// The deepest nesting. No message comes close to it, and parsers have limits of their own.
const MAX_DEPTH: usize = 128;

/// How far the value has come at the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// The value ends before this offset in the line.
    Complete(usize),
    /// The value continues in the next line.
    Incomplete,
    /// Whatever follows, this is not a JSON value: `NotJson` or `TooDeep`.
    Broken(InputError),
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

/// The state of one value between two lines.
#[derive(Debug)]
pub(super) struct Scanner {
    expect: Expect,
    /// The open brackets, outermost first.
    open: Vec<u8>,
}

impl Scanner {
    /// Ready for the first byte of a value.
    pub(super) fn new() -> Self {
        Scanner {
            expect: Expect::Value,
            open: Vec::new(),
        }
    }

    /// Whether the next line continues inside an object, at any depth.
    pub(super) fn in_object(&self) -> bool {
        self.open.contains(&b'{')
    }

    /// Continues with `line`, which contains no line break.
    pub(super) fn line(&mut self, line: &[u8]) -> Progress {
        let mut at = 0;
        while at < line.len() {
            match self.token(&line[at..]) {
                Some(length) => at += length,
                None => return Progress::Broken(InputError::NotJson),
            }
            if self.open.len() > MAX_DEPTH {
                return Progress::Broken(InputError::TooDeep);
            }
            if self.open.is_empty() && self.expect == Expect::CommaOrEnd {
                return Progress::Complete(at);
            }
        }
        Progress::Incomplete
    }

    /// Takes the token or white space at the start of `text` and returns its length, or `None` for a syntax error.
    fn token(&mut self, text: &[u8]) -> Option<usize> {
        let in_object = self.open.last() == Some(&b'{');
        let byte = *text.first()?;
        let (expect, length) = match (self.expect, byte) {
            (expect, b' ' | b'\t' | b'\r') => (expect, 1),
            (Expect::Value | Expect::ValueOrEnd, b'{') => {
                self.open.push(byte);
                (Expect::KeyOrEnd, 1)
            }
            (Expect::Value | Expect::ValueOrEnd, b'[') => {
                self.open.push(byte);
                (Expect::ValueOrEnd, 1)
            }
            (Expect::KeyOrEnd, b'}') | (Expect::ValueOrEnd, b']') => {
                self.open.pop();
                (Expect::CommaOrEnd, 1)
            }
            (Expect::CommaOrEnd, b'}' | b']') if in_object == (byte == b'}') => {
                self.open.pop();
                (Expect::CommaOrEnd, 1)
            }
            (Expect::CommaOrEnd, b',') if in_object => (Expect::Key, 1),
            (Expect::Key | Expect::KeyOrEnd, b'"') => (Expect::Colon, string(text)?),
            (Expect::CommaOrEnd, b',') | (Expect::Colon, b':') => (Expect::Value, 1),
            (Expect::Value | Expect::ValueOrEnd, _) => (Expect::CommaOrEnd, scalar(text)?),
            _ => return None,
        };
        self.expect = expect;
        Some(length)
    }
}

/// The length of the string, number, boolean or null at the start of `text`.
fn scalar(text: &[u8]) -> Option<usize> {
    match text.first()? {
        b'"' => string(text),
        b'-' | b'0'..=b'9' => Some(
            text.iter()
                .take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
                .count(),
        ),
        _ => ["true", "false", "null"]
            .iter()
            .find(|literal| text.starts_with(literal.as_bytes()))
            .map(|literal| literal.len()),
    }
}

/// The length of the string at the start of `text`, quotes included. A string can't span lines.
fn string(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text
            .get(at..)?
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\'))?;
        if text[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{InputError, Progress, Scanner};

    fn scan(lines: &[&str]) -> Vec<Progress> {
        let mut scanner = Scanner::new();
        lines
            .iter()
            .map(|line| scanner.line(line.as_bytes()))
            .collect()
    }

    #[test]
    fn a_value_ends_at_its_last_bracket() {
        assert_eq!(
            scan(&[r#"{"a":[1,{"b":"}\""}]} rest"#]),
            [Progress::Complete(21)]
        );
        assert_eq!(scan(&["[]{}"]), [Progress::Complete(2)]);
        assert_eq!(scan(&["true,"]), [Progress::Complete(4)]);
        assert_eq!(
            scan(&["{", r#"  "a": -1.5e3,"#, r#""b""#, ": null", "}"]),
            [
                Progress::Incomplete,
                Progress::Incomplete,
                Progress::Incomplete,
                Progress::Incomplete,
                Progress::Complete(1)
            ]
        );
    }

    #[test]
    fn a_syntax_error_shows_as_early_as_possible() {
        let broken = Progress::Broken(InputError::NotJson);
        for text in [
            r#"{"a":"b"#,
            r#"{"a":tru"#,
            r#"{"a\"#,
            "{]",
            "[}",
            "[1}",
            r#"{"a":1]"#,
            "{,",
            "[,",
            "[1,]",
            r#"{"a":1,}"#,
            r#"{"a" 1"#,
            "[1 2",
            "}",
            "x",
        ] {
            assert_eq!(scan(&[text]), [broken], "{text}");
        }
        assert_eq!(
            scan(&[r#"{"a":1,"#, r#"{"a":2}"#]),
            [Progress::Incomplete, broken]
        );
    }

    #[test]
    fn an_empty_line_is_incomplete() {
        assert_eq!(scan(&[""]), [Progress::Incomplete]);
    }

    #[test]
    fn nesting_has_a_limit() {
        assert_eq!(scan(&[&"[".repeat(128)]), [Progress::Incomplete]);
        assert_eq!(
            scan(&[&"[".repeat(129)]),
            [Progress::Broken(InputError::TooDeep)]
        );
    }

    /// Nested values with awkward strings.
    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[\"\\\\{}\\[\\],:a\u{0}\u{1f}\u{2028}é🙂]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec(("[\"\\\\}\\]ab]{0,3}", inner), 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        /// A value is complete at its end and not before, on one line or on many.
        #[test]
        fn any_value_is_complete_at_its_end(value in value(), rest in "[ \\[\\]{}\",x]{0,4}") {
            let compact = value.to_string();
            let follow = if compact.ends_with(|end: char| end.is_ascii_digit()) { " " } else { "" };
            prop_assert_eq!(scan(&[&format!("{compact}{follow}{rest}")]), [Progress::Complete(compact.len())]);
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            let lines: Vec<&str> = pretty.lines().collect();
            let progress = scan(&lines);
            let (last, before) = progress.split_last().unwrap();
            prop_assert!(before.iter().all(|line| *line == Progress::Incomplete));
            prop_assert_eq!(*last, Progress::Complete(lines[lines.len() - 1].len()));
        }

        /// What the scanner calls broken is never valid JSON. (What it calls complete may still be invalid.)
        #[test]
        fn any_bytes_are_handled(lines in prop::collection::vec(prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"{}[],:\"\\\\ 1-etrufalsn"[..])], 0..30), 0..6)) {
            let mut scanner = Scanner::new();
            for line in &lines {
                match scanner.line(line) {
                    Progress::Complete(end) => {
                        prop_assert!(end <= line.len());
                        break;
                    }
                    Progress::Incomplete => {}
                    Progress::Broken(_) => {
                        let text: Vec<u8> = lines.join(&b'\n');
                        prop_assert!(serde_json::from_slice::<Value>(&text).is_err());
                        break;
                    }
                }
            }
        }
    }
}
