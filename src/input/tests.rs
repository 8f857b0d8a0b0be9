//! What is a value, what a syntax error costs, and that the layout of the input changes neither.

use std::io::{self, BufReader, Read};

use proptest::prelude::*;
use serde_json::Value;

use super::{InputValue, RewindableReader, TEXT_BEFORE_JSON, ValueReader};

/// The first line, the last line, and the value or the error.
type Found = (u64, u64, Result<String, String>);

fn values(input: &[u8]) -> Vec<Found> {
    all(ValueReader::new(input))
}

fn all<R: Read>(mut values: ValueReader<R>) -> Vec<Found> {
    let next = || values.next().unwrap();
    std::iter::from_fn(next)
        .map(|value| (value.lines.first, value.lines.last, value.json))
        .collect()
}

/// The same for every way in which the input arrives: a line gets the hint only as far as it was read.
fn without_hints(mut found: Vec<Found>) -> Vec<Found> {
    for reason in found
        .iter_mut()
        .filter_map(|(.., json)| json.as_mut().err())
    {
        *reason = reason.replace(TEXT_BEFORE_JSON, "");
    }
    found
}

fn ok(line: u64, text: &str) -> Found {
    let breaks = text.matches('\n').count() as u64;
    (line, line + breaks, Ok(text.to_owned()))
}

fn syntax_error(line: u64, end_line: u64, reason: &str) -> Found {
    (line, end_line, Err(format!("this is not JSON: {reason}")))
}

fn error(line: u64, end_line: u64, reason: &str) -> Found {
    (line, end_line, Err(reason.to_owned()))
}

const UNFINISHED: &str = "the input ends in the middle of this JSON value";

const GOOD: &str = r#"{"object_id":"good"}"#;

#[test]
fn values_may_share_a_line_or_span_lines() {
    assert_eq!(
        values(
            b"\xef\xbb\xbf{\"a\":1}\r\n\n  {\"b\":2} {\"c\":3}12 true\n{\n  \"d\": [\n    4\n  ]\n}\n\xef\xbb\xbf [5]6"
        ),
        [
            ok(1, r#"{"a":1}"#),
            ok(3, r#"{"b":2}"#),
            ok(3, r#"{"c":3}"#),
            ok(3, "12"),
            ok(3, "true"),
            ok(4, "{\n  \"d\": [\n    4\n  ]\n}"),
            ok(9, "[5]"),
            ok(9, "6"),
        ]
    );
}

#[test]
fn a_broken_line_costs_only_itself_and_shows_where_it_broke() {
    for (broken, reason) in [
        ("not json", "expected true, false or null at column 2"),
        ("}", "expected value at column 1"),
        ("[}", "expected value at column 2"),
        ("{]", "key must be a string at column 2"),
        ("\u{1}", "expected value at column 1"),
        ("01", "invalid number at column 2"),
        (r#"  {"é":}"#, "expected value at column 8"),
        (r#"{"a":1,}"#, "key must be a string at column 8"),
        (r#"["\x"]"#, "invalid escape at column 4"),
        (r#"{"a":"b"#, "unexpected line break at column 8"),
        (r#"{"a":tru"#, "unexpected line break at column 9"),
    ] {
        let input = format!("{GOOD}\n{broken}\n{GOOD}\n");
        assert_eq!(
            values(input.as_bytes()),
            [ok(1, GOOD), syntax_error(2, 2, reason), ok(3, GOOD)],
            "{broken}"
        );
    }
}

#[test]
fn values_before_a_syntax_error_on_its_line_are_kept() {
    assert_eq!(
        values(format!("{GOOD} garbage {GOOD}\n{GOOD}12 apples\n{GOOD}").as_bytes()),
        [
            ok(1, GOOD),
            syntax_error(
                1,
                1,
                &format!("expected value at column 22{TEXT_BEFORE_JSON}"),
            ),
            ok(2, GOOD),
            ok(2, "12"),
            syntax_error(2, 2, "expected value at column 24"),
            ok(3, GOOD)
        ]
    );
}

#[test]
fn a_line_torn_at_any_byte_costs_only_itself() {
    let whole =
        r#"{"object_id":"m_1","published_at":1458692752478,"x":{"y":[true,"z"]},"account_id":"1"}"#;
    for cut in 1..whole.len() {
        let input = format!("{}\n{GOOD}\n{GOOD}\n", &whole[..cut]);
        let found = values(input.as_bytes());
        assert_eq!(found[1..], [ok(2, GOOD), ok(3, GOOD)], "cut at {cut}");
        assert!(found[0].0 == 1 && found[0].2.is_err(), "cut at {cut}");
    }
}

#[test]
fn a_value_is_returned_before_anything_behind_it_is_read() {
    struct Feed(Vec<&'static str>);
    impl Read for Feed {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert!(!self.0.is_empty(), "it read further than necessary");
            let text = self.0.remove(0).as_bytes();
            buffer[..text.len()].copy_from_slice(text);
            Ok(text.len())
        }
    }
    for (texts, line, is_valid) in [
        (vec!["{\"a\":", "\n[]", "}"], 1, true),
        (vec!["\n", "42\n"], 2, true),
        (vec!["{\"a\":1,\n", "{"], 1, false),
        (vec!["gar"], 1, false),
    ] {
        let mut values = ValueReader::new(BufReader::new(Feed(texts)));
        let InputValue { lines, json } = values.next().unwrap().unwrap();
        assert_eq!((lines.first, json.is_ok()), (line, is_valid));
    }
}

#[test]
fn a_message_waits_for_the_line_that_tells_whether_the_line_before_it_was_torn() {
    let input = format!("{{\"handed_over\":[\n{GOOD}\n{GOOD}\n");
    assert_eq!(
        values(input.as_bytes()),
        [
            syntax_error(1, 3, "expected `,` or `]` at line 3, column 1"),
            ok(2, GOOD),
            ok(3, GOOD)
        ]
    );
    let intact = format!("{{\"handed_over\":[\n{GOOD},\n{GOOD}\n]}}");
    assert_eq!(values(intact.as_bytes()), [ok(1, &intact)]);
}

#[test]
fn lines_passed_over_are_reported_once() {
    let broken = "  {\n    \"x\": oops,\n   {}\n\n    \"y\": 1\n  }";
    let reason = "expected value at line 2, column 10";
    assert_eq!(
        values(format!("{broken}\n  {GOOD}\ngarbage\n\nmore\n \n {GOOD}\n").as_bytes()),
        [
            syntax_error(1, 2, reason),
            error(3, 6, "lines 3 to 6 were passed over"),
            ok(7, GOOD),
            syntax_error(8, 8, "expected value at column 1"),
            error(10, 12, "lines 10 to 12 were passed over"),
        ]
    );
    assert_eq!(
        values(b"x\n\n \n"),
        [syntax_error(1, 1, "expected value at column 1")]
    );
    assert_eq!(
        values(b"x\ny\n[]"),
        [
            syntax_error(1, 1, "expected value at column 1"),
            error(2, 2, "this line was passed over"),
            ok(3, "[]")
        ]
    );
}

#[test]
fn elements_of_a_broken_list_are_kept() {
    let input = format!("[\n{GOOD}\n{GOOD}\n{GOOD}");
    assert_eq!(
        values(input.as_bytes()),
        [
            syntax_error(1, 3, "expected `,` or `]` at line 3, column 1"),
            ok(2, GOOD),
            ok(3, GOOD),
            ok(4, GOOD)
        ]
    );
}

#[test]
fn a_large_value_is_accepted_in_any_layout() {
    let array = format!("[\n{}{GOOD}\n]", format!("{GOOD},\n").repeat(30_000));
    for input in [array.clone(), array.replace('\n', "")] {
        assert_eq!(
            values(format!("{input}\n{input}{GOOD}").as_bytes()).len(),
            3
        );
    }
}

#[test]
fn a_value_cut_off_by_the_end_of_the_input_is_unfinished() {
    assert_eq!(
        values(b"{\"a\":1}\n{\"b\":\n{\"c\":2}\n\n"),
        [
            ok(1, r#"{"a":1}"#),
            error(2, 3, UNFINISHED),
            ok(3, r#"{"c":2}"#)
        ]
    );
}

#[test]
fn invalid_utf8_costs_only_its_value() {
    assert_eq!(
        values(b"{\"a\":\"\xff\"}{}\n[1]"),
        [
            error(1, 1, "this is not UTF-8 text"),
            ok(1, "{}"),
            ok(2, "[1]")
        ]
    );
}

#[test]
fn a_value_over_the_limit_costs_only_itself_in_any_layout() {
    let too_large = "this JSON value is larger than 64 MiB";
    for chunk in [1, 3, 100] {
        let input =
            b"[1,2,34]\n[1,2,345][1]\n[\n[1],\n[2],\n[3]\n]\n[2]123456789 1\n[\n[3]\n\n}\n[4]\n";
        let reader = Chunked(input, vec![chunk; 200]);
        assert_eq!(
            all(ValueReader {
                reader: RewindableReader::new(reader, 8),
                broken: None
            }),
            [
                ok(1, "[1,2,34]"),
                error(2, 2, too_large),
                ok(2, "[1]"),
                error(3, 7, too_large),
                ok(8, "[2]"),
                error(8, 8, too_large),
                ok(8, "1"),
                syntax_error(9, 12, "expected `,` or `]` at line 12, column 1"),
                ok(10, "[3]"),
                syntax_error(12, 12, "expected value at column 1"),
                ok(13, "[4]"),
            ],
            "in chunks of {chunk}"
        );
    }
}

#[test]
fn input_that_breaks_at_every_line_takes_linear_time() {
    let found = values("[\n".repeat(100_000).as_bytes());
    assert_eq!(found.len(), 9, "{found:?}");
    assert_eq!(found[8], error(9, 100_000, UNFINISHED));
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

/// Any JSON value, with strings that look like other tokens.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[\"\\\\{}\\[\\],:a\u{0}\u{1f}\u{2028}\u{feff}é🙂]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[\"\\\\}\\]ab]{0,3}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// `json` with white space from `spaces` before each token, in turn.
fn laid_out(json: &str, spaces: &mut impl Iterator<Item = &'static str>) -> String {
    let mut text = String::new();
    let mut in_string = false;
    let mut escaped = false;
    for char in json.chars() {
        if !in_string && matches!(char, '{' | '}' | '[' | ']' | ',' | ':' | '"') {
            text.push_str(spaces.next().unwrap());
        }
        text.push(char);
        in_string ^= char == '"' && !escaped;
        escaped = in_string && char == '\\' && !escaped;
    }
    text
}

proptest! {
    #![proptest_config(crate::proptest_config::config())]

    /// Neither white space nor chunks change what the values are.
    #[test]
    fn any_layout_gives_the_same_values(
        expected in prop::collection::vec(value(), 0..6),
        spaces in prop::collection::vec(prop::sample::select(vec!["", " ", "\n", "\r\n\t", "\n\n  "]), 1..20),
        sizes in prop::collection::vec(1_usize..40, 0..60),
    ) {
        let mut spaces = spaces.into_iter().cycle();
        let mut input = String::new();
        for value in &expected {
            // Two numbers in a row need something between them.
            let needs_space = input.ends_with(|last: char| last.is_ascii_alphanumeric());
            input.push_str(if needs_space { " " } else { "" });
            input.push_str(&laid_out(&value.to_string(), &mut spaces));
        }
        let mut found = Vec::new();
        for (_, _, json) in all(ValueReader::new(Chunked(input.as_bytes(), sizes))) {
            let json = json.map_err(TestCaseError::fail)?;
            found.push(serde_json::from_str::<Value>(&json).unwrap());
        }
        prop_assert_eq!(found, expected);
    }

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
        let found = without_hints(all(ValueReader::new(Chunked(input.as_bytes(), sizes))));
        prop_assert_eq!(&found, &without_hints(values(input.as_bytes())));
        let whole: Vec<String> = found.iter().filter_map(|(_, _, value)| value.clone().ok()).collect();
        prop_assert_eq!(whole, expected);
        let errors = found.iter().filter(|(_, _, value)| value.is_err()).count();
        prop_assert!(errors <= damaged, "{} reported, {} damaged", errors, damaged);
        prop_assert_eq!(errors == 0, damaged == 0);
    }

    /// No input makes it panic or loop, chunks make no difference, and lines are counted.
    #[test]
    fn any_bytes_are_handled(
        input in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"{}[],:\"\\ 1-etrufalsn\n\n"[..])], 0..400),
        sizes in prop::collection::vec(1_usize..40, 0..60),
    ) {
        let found = without_hints(values(&input));
        prop_assert_eq!(&found, &without_hints(all(ValueReader::new(Chunked(&input, sizes)))));
        let lines = input.split(|byte| *byte == b'\n').count() as u64;
        for (line, end_line, json) in found {
            prop_assert!(1 <= line && line <= end_line && end_line <= lines);
            if let Ok(json) = json {
                prop_assert!(serde_json::from_str::<&serde_json::value::RawValue>(&json).is_ok());
            }
        }
    }
}

#[test]
fn a_line_of_text_with_json_in_it_gets_the_command_that_takes_it_out() {
    for (line, is_helped) in [
        ("10:00 POST {\"object\":\"page\"}", true),
        ("POST / {\"object\":\"page\"}", true),
        ("POST /\n{\"object\":\"page\"}", false),
        ("{\"a\":x, {", false),
    ] {
        let mut found = values(line.as_bytes()).into_iter();
        let error = found.find_map(|(.., json)| json.err()).unwrap();
        assert_eq!(error.ends_with("fromjson'"), is_helped, "{line}: {error}");
    }
}
