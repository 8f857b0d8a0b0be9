//! Syntax errors cost the value that contains them and nothing else, however the input arrives.

use std::io::{self, BufReader, Read};

use proptest::prelude::*;

use super::{InputError, InputValue, ValueReader};

fn values(input: &[u8]) -> Vec<(u64, Result<String, InputError>)> {
    all(ValueReader::new(input))
}

fn all<R: io::BufRead>(mut values: ValueReader<R>) -> Vec<(u64, Result<String, InputError>)> {
    let mut all = Vec::new();
    while let Some(InputValue { line, json }) = values.next().unwrap() {
        all.push((line, json));
    }
    all
}

fn ok(line: u64, text: &str) -> (u64, Result<String, InputError>) {
    (line, Ok(text.to_owned()))
}

const GOOD: &str = r#"{"object_id":"good"}"#;

#[test]
fn values_may_share_a_line_or_span_lines() {
    assert_eq!(
        values(
            b"\xef\xbb\xbf{\"a\":1}\r\n\n  {\"b\":2} {\"c\":3}\n{\n  \"d\": [\n    4\n  ]\n}\n[5]"
        ),
        [
            ok(1, r#"{"a":1}"#),
            ok(3, r#"{"b":2}"#),
            ok(3, r#"{"c":3}"#),
            ok(4, "{\n  \"d\": [\n    4\n  ]\n}"),
            ok(9, "[5]"),
        ]
    );
}

#[test]
fn a_broken_line_costs_only_itself() {
    for broken in [
        "not json",
        "12 apples",
        r#"{"a":}"#,
        r#"{"object_id":"m"#,
        "}",
        "[}",
        "{]",
        "\u{1}",
    ] {
        let input = format!("{GOOD}\n{broken}\n{GOOD}\n");
        assert_eq!(
            values(input.as_bytes()),
            [ok(1, GOOD), (2, Err(InputError::NotJson)), ok(3, GOOD)],
            "{broken}"
        );
    }
}

#[test]
fn a_value_before_a_syntax_error_on_its_line_is_kept() {
    assert_eq!(
        values(format!("{GOOD} garbage\n{GOOD}").as_bytes()),
        [ok(1, GOOD), (1, Err(InputError::NotJson)), ok(2, GOOD)]
    );
}

#[test]
fn a_line_torn_at_any_byte_costs_only_itself() {
    let whole =
        r#"{"object_id":"m_1","published_at":1458692752478,"x":{"y":[true,"z"]},"account_id":"1"}"#;
    for cut in 1..whole.len() {
        let input = format!("{}\n{GOOD}\n{GOOD}\n", &whole[..cut]);
        assert_eq!(
            values(input.as_bytes()),
            [(1, Err(InputError::NotJson)), ok(2, GOOD), ok(3, GOOD)],
            "cut after {}",
            &whole[..cut]
        );
    }
}

#[test]
fn a_torn_line_is_reported_when_the_next_line_arrives() {
    struct Feed(Vec<&'static str>);
    impl Read for Feed {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert!(!self.0.is_empty(), "it read further than necessary");
            let line = self.0.remove(0).as_bytes();
            buffer[..line.len()].copy_from_slice(line);
            Ok(line.len())
        }
    }
    let mut values = ValueReader::new(BufReader::new(Feed(vec![
        "{\"a\":\n",
        "{\"object_id\":\"m\"}\n",
    ])));
    let first = values.next().unwrap().unwrap();
    assert_eq!((first.line, first.json), (1, Err(InputError::NotJson)));
    let second = values.next().unwrap().unwrap();
    assert_eq!(second.json.unwrap(), r#"{"object_id":"m"}"#);
}

#[test]
fn a_broken_value_over_several_lines_is_reported_once() {
    let input =
        format!("{{\n  \"object_id\": \"m\",\n  \"x\": oops,\n  \"y\": {{\n  }}\n}}\n{GOOD}\n");
    assert_eq!(
        values(input.as_bytes()),
        [(1, Err(InputError::NotJson)), ok(7, GOOD)]
    );
}

#[test]
fn messages_after_an_unclosed_bracket_are_kept() {
    let input = format!("[\n{GOOD}\n{GOOD}\n{GOOD}");
    assert_eq!(
        values(input.as_bytes()),
        [
            (1, Err(InputError::NotJson)),
            ok(2, GOOD),
            ok(3, GOOD),
            ok(4, GOOD)
        ]
    );
}

#[test]
fn an_array_with_one_message_per_line_is_one_value() {
    let input = format!("[\n{GOOD},\n{GOOD}\n]\n");
    assert_eq!(values(input.as_bytes()), [ok(1, input.trim())]);
}

#[test]
fn a_value_of_several_megabytes_over_many_lines_is_accepted() {
    let array = format!("[\n{}{GOOD}\n]", format!("{GOOD},\n").repeat(200_000));
    assert!(array.len() > 4 << 20);
    assert_eq!(
        values(format!("{array}\n{GOOD}").as_bytes()),
        [ok(1, &array), ok(200_004, GOOD)]
    );
}

#[test]
fn a_value_cut_off_by_the_end_of_input_is_unfinished() {
    assert_eq!(
        values(b"{\"a\":1}\n{\"b\":\n"),
        [ok(1, r#"{"a":1}"#), (2, Err(InputError::Unfinished))]
    );
}

#[test]
fn invalid_utf8_costs_only_its_value() {
    assert_eq!(
        values(b"{\"a\":\"\xff\"}\n[1]"),
        [(1, Err(InputError::NotUtf8)), ok(2, "[1]")]
    );
}

#[test]
fn a_value_over_a_limit_costs_only_itself() {
    let values = ValueReader::with_limits(
        &b"[1,2,3,4,5,6]\n[1]\n[\n1\n,2\n,3\n,4\n]\n[2]\n[\n[1,2,3,4,5,6]\n]\n[3]"[..],
        10,
        8,
    );
    assert_eq!(
        all(values),
        [
            (1, Err(InputError::LineTooLong)),
            ok(2, "[1]"),
            (3, Err(InputError::ValueTooLarge)),
            ok(9, "[2]"),
            (10, Err(InputError::LineTooLong)),
            ok(13, "[3]"),
        ]
    );
}

/// A reader that returns at most as many bytes per call as its list says, last entry first.
struct Chunked<'a>(&'a [u8], Vec<usize>);

impl Read for Chunked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.1.pop().unwrap_or(usize::MAX).clamp(1, buffer.len());
        self.0.read(&mut buffer[..size])
    }
}

#[derive(Debug, Clone)]
enum Piece {
    Line(String),
    Pretty(String),
    Blank,
    Torn(String),
    Garbage(String),
}

fn message() -> impl Strategy<Value = String> {
    (any::<u32>(), "[a-z\\\\\"{}\\[\\],: é]{0,12}").prop_map(|(id, text)| {
        serde_json::json!({"object_id": format!("m_{id}"), "published_at": 1, "x": {"y": [text, null]}}).to_string()
    })
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        4 => message().prop_map(Piece::Line),
        2 => message().prop_map(|text| {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            Piece::Pretty(serde_json::to_string_pretty(&value).unwrap())
        }),
        1 => Just(Piece::Blank),
        2 => (message(), any::<prop::sample::Index>()).prop_map(|(text, at)| {
            let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(1).collect();
            Piece::Torn(text[..*at.get(&cuts)].to_owned())
        }),
        1 => "[ghijk=#<>]{1,8}".prop_map(Piece::Garbage),
    ]
}

proptest! {
    #![proptest_config(crate::proptest_config::config())]

    /// Every intact message is read once and in order; every broken line is reported; chunks make no difference.
    #[test]
    fn any_mix_in_any_chunks_gives_the_intact_messages(
        pieces in prop::collection::vec(piece(), 0..12),
        sizes in prop::collection::vec(1_usize..40, 0..60),
    ) {
        let mut input = String::new();
        let mut expected = Vec::new();
        let mut damaged = 0;
        for piece in &pieces {
            match piece {
                Piece::Line(text) | Piece::Pretty(text) => {
                    input.push_str(text);
                    expected.push(text.clone());
                }
                Piece::Blank => {}
                Piece::Torn(text) | Piece::Garbage(text) => {
                    input.push_str(text);
                    damaged += 1;
                }
            }
            input.push('\n');
        }
        let found = all(ValueReader::new(BufReader::new(Chunked(input.as_bytes(), sizes))));
        prop_assert_eq!(&found, &values(input.as_bytes()));
        let whole: Vec<String> = found.iter().filter_map(|(_, value)| value.clone().ok()).collect();
        prop_assert_eq!(whole, expected);
        let broken = found.iter().filter(|(_, value)| value.is_err()).count();
        prop_assert!(broken <= damaged, "{} reported, {} damaged", broken, damaged);
        prop_assert_eq!(broken == 0, damaged == 0);
    }

    /// No input makes it panic or loop.
    #[test]
    fn any_bytes_are_handled(input in prop::collection::vec(any::<u8>(), 0..400)) {
        values(&input);
    }
}
