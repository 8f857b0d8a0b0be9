//! Finds the end of a JSON value that may span lines, line by line, without keeping it.
//!
//! It follows the structure (brackets, keys, colons, commas, where a string ends) so that a torn value shows
//! as soon as the grammar can tell. Escapes and the digits of numbers are left to the parser that gets the
//! whole value.

/// Deeper nesting is refused: no message has it, and parsers have limits of their own.
const MAX_DEPTH: usize = 128;

/// What a line made of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The value ends before this offset in the line.
    Complete(usize),
    /// The value goes on in the next line.
    Incomplete,
    /// This can't become a JSON value any more.
    InputError,
    /// More than [`MAX_DEPTH`] brackets are open.
    TooDeep,
}

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
pub(crate) struct Scanner {
    expect: Expect,
    /// The open brackets, outermost first.
    open: Vec<u8>,
}

impl Scanner {
    /// Ready for the first byte of a value.
    pub(crate) fn new() -> Self {
        Scanner {
            expect: Expect::Value,
            open: Vec::new(),
        }
    }

    /// Whether the next line continues inside an object, at whatever depth.
    pub(crate) fn in_object(&self) -> bool {
        self.open.contains(&b'{')
    }

    /// Goes on with `line`, which has no line break in it.
    pub(crate) fn line(&mut self, line: &[u8]) -> Progress {
        let mut at = 0;
        while let Some(&byte) = line.get(at) {
            let next = match (byte, self.expect) {
                (b' ' | b'\t' | b'\r', _) => {
                    at += 1;
                    continue;
                }
                (b'{' | b'[', Expect::Value | Expect::ValueOrEnd) => {
                    if self.open.len() == MAX_DEPTH {
                        return Progress::TooDeep;
                    }
                    self.open.push(byte);
                    self.expect = if byte == b'{' {
                        Expect::KeyOrEnd
                    } else {
                        Expect::ValueOrEnd
                    };
                    at += 1;
                    continue;
                }
                (b'}', Expect::KeyOrEnd | Expect::CommaOrEnd) if self.innermost() == b'{' => at + 1,
                (b']', Expect::ValueOrEnd | Expect::CommaOrEnd) if self.innermost() == b'[' => {
                    at + 1
                }
                (b',', Expect::CommaOrEnd) => {
                    self.expect = if self.innermost() == b'{' {
                        Expect::Key
                    } else {
                        Expect::Value
                    };
                    at += 1;
                    continue;
                }
                (b':', Expect::Colon) => {
                    self.expect = Expect::Value;
                    at += 1;
                    continue;
                }
                (b'"', Expect::Key | Expect::KeyOrEnd) => {
                    let Some(length) = string(&line[at..]) else {
                        return Progress::InputError;
                    };
                    self.expect = Expect::Colon;
                    at += length;
                    continue;
                }
                (_, Expect::Value | Expect::ValueOrEnd) => match scalar(&line[at..]) {
                    Some(length) => at + length,
                    None => return Progress::InputError,
                },
                _ => return Progress::InputError,
            };
            if matches!(byte, b'}' | b']') {
                self.open.pop();
            }
            at = next;
            if self.open.is_empty() {
                return Progress::Complete(at);
            }
            self.expect = Expect::CommaOrEnd;
        }
        Progress::Incomplete
    }

    fn innermost(&self) -> u8 {
        self.open.last().copied().unwrap_or_default()
    }
}

/// The length of the scalar that `text` begins with.
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

/// The length of the string that `text` begins with, quotes included. A string can't span lines.
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

    use super::{Progress, Scanner};

    fn scan(lines: &[&str]) -> Vec<Progress> {
        let mut scanner = Scanner::new();
        lines
            .iter()
            .map(|line| scanner.line(line.as_bytes()))
            .collect()
    }

    #[test]
    fn a_value_ends_where_its_last_bracket_closes() {
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
    fn a_torn_value_shows_as_soon_as_the_grammar_can_tell() {
        for torn in [
            r#"{"a":"b"#,
            r#"{"a":tru"#,
            r#"{"a\"#,
            "{]",
            "[}",
            "{,",
            r#"{"a" 1"#,
            "[1 2",
            "}",
            "x",
            "",
        ] {
            let expected = if torn.is_empty() {
                Progress::Incomplete
            } else {
                Progress::InputError
            };
            assert_eq!(scan(&[torn]), [expected], "{torn}");
        }
        assert_eq!(
            scan(&[r#"{"a":1,"#, r#"{"a":2}"#]),
            [Progress::Incomplete, Progress::InputError]
        );
    }

    #[test]
    fn nesting_has_a_limit() {
        assert_eq!(scan(&[&"[".repeat(128)]), [Progress::Incomplete]);
        assert_eq!(scan(&[&"[".repeat(129)]), [Progress::TooDeep]);
    }

    /// Values as deep and odd as they come.
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

        /// Wherever a value may be broken into lines, it ends where it ends and not before.
        #[test]
        fn every_value_ends_at_its_end(value in value(), rest in "[ \\[\\]{}\",x]{0,4}") {
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

        /// What it takes for a whole value may still be none, but it never gives a part of one up for broken.
        #[test]
        fn any_bytes_are_survived(lines in prop::collection::vec(prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"{}[],:\"\\\\ 1-etrufalsn"[..])], 0..30), 0..6)) {
            let mut scanner = Scanner::new();
            for line in &lines {
                match scanner.line(line) {
                    Progress::Complete(end) => {
                        prop_assert!(end <= line.len());
                        break;
                    }
                    Progress::Incomplete => {}
                    Progress::InputError | Progress::TooDeep => {
                        let text: Vec<u8> = lines.join(&b'\n');
                        prop_assert!(serde_json::from_slice::<Value>(&text).is_err());
                        break;
                    }
                }
            }
        }
    }
}
