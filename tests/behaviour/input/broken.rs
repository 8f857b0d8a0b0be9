//! Broken and torn lines: reported with the line that they start on, and the rest is sent.

use super::assert_claims;
use crate::example::line;

#[test]
fn a_line_that_is_not_json_costs_itself() {
    for (garbage, reason) in [
        ("garbage", "expected value at column 1"),
        ("}", "expected value at column 1"),
        ("]", "expected value at column 1"),
        (
            r#"{"object_id":"m_2",}"#,
            "key must be a string at column 20",
        ),
        (r#"{"object_id": m_2}"#, "expected value at column 15"),
        ("{'object_id':'m_2'}", "key must be a string at column 2"),
        ("// a comment", "expected value at column 1"),
        (r#""\x""#, "invalid escape at column 3"),
    ] {
        let [one, three] = ["m_1", "m_3"].map(line);
        assert_claims(
            format!("{one}\n{garbage}\n{three}\n"),
            &["m_1", "m_3"],
            &[
                "201 m_1 claimed",
                &format!("--- line 2: this is not JSON: {reason}"),
                "201 m_3 claimed",
            ],
            1,
        );
    }
}

#[test]
fn a_torn_line_costs_itself() {
    let [torn, two, three] = ["m_1", "m_2", "m_3"].map(line);
    // Wherever it was torn: in a name, in a string, in a number, between fields.
    for (length, reason) in [
        (1, "key must be a string at line 2, column 1"),
        (5, "unexpected line break at column 6"),
        (13, "expected `,` or `}` at line 3, column 1"),
        (16, "unexpected line break at column 17"),
        (40, "expected `,` or `}` at line 2, column 1"),
        (50, "unexpected line break at column 51"),
        (torn.len() - 1, "expected `,` or `}` at line 2, column 1"),
    ] {
        assert_claims(
            format!("{}\n{two}\n{three}\n", &torn[..length]),
            &["m_2", "m_3"],
            &[
                &format!("--- line 1: this is not JSON: {reason}"),
                "201 m_2 claimed",
                "201 m_3 claimed",
            ],
            1,
        );
    }
}

#[test]
fn a_line_torn_at_its_beginning_costs_itself() {
    let [torn, two] = ["m_1", "m_2"].map(line);
    assert_claims(
        format!("{}\n{two}\n", &torn[20..]),
        &["m_2"],
        &[
            "--- line 1: this is not JSON: expected value at column 1",
            "201 m_2 claimed",
        ],
        1,
    );
}

#[test]
fn a_torn_value_of_several_lines_is_reported_once() {
    let two = line("m_2");
    for (torn, reason) in [
        (
            "{\n  \"object_id\": \"m_1\",\n  \"published_at\":",
            "the input ends in the middle of this JSON value",
        ),
        (
            "[\n  {\"object_id\": 1},\n  {\"object_id\"",
            "this is not JSON: expected `:` at line 4, column 1",
        ),
    ] {
        assert_claims(
            format!("{torn}\n{two}\n"),
            &["m_2"],
            &[&format!("--- line 1: {reason}"), "201 m_2 claimed"],
            1,
        );
    }
}

#[test]
fn lines_passed_over_after_a_syntax_error_are_reported() {
    let two = line("m_2");
    assert_claims(
        format!("{{\n  \"object_id\": \"m_1\",\n  garbage\n}}\n\n  {two}\n{two}\n"),
        &["m_2"],
        &[
            "--- line 1: this is not JSON: key must be a string at line 3, column 3",
            "--- line 4: lines 4 to 6 were passed over",
            "201 m_2 claimed",
        ],
        1,
    );
}

#[test]
fn a_message_inside_a_value_that_is_not_a_message_is_never_sent() {
    let [one, two] = ["m_1", "m_2"].map(line);
    for gap in ["", " ", "\n", "\r\n\r\n"] {
        assert_claims(
            format!("{{\"handed_over\":[{gap}{one},{gap}{two}{gap}]{gap}}}"),
            &[],
            &[
                "--- line 1: expected a message or a webhook payload, found an object with one inside: \
               if it is to be sent, take it out with jq -c '.handed_over[]'",
            ],
            1,
        );
    }
}

#[test]
fn input_that_ends_within_a_value_is_reported() {
    let [one, torn] = ["m_1", "m_2"].map(line);
    for torn in [&torn[..19], "{\n\"object_id\":\n", "["] {
        assert_claims(
            format!("{one}\n{torn}"),
            &["m_1"],
            &[
                "201 m_1 claimed",
                "--- line 2: the input ends in the middle of this JSON value",
            ],
            1,
        );
    }
}

#[test]
fn a_line_that_is_not_utf_8_is_reported() {
    let mut input = line("m_\u{a0}").into_bytes();
    // The first byte of two, alone.
    input.retain(|byte| *byte != 0xa0);
    input.extend(format!("\n{}\n", line("m_2")).into_bytes());
    assert_claims(
        input,
        &["m_2"],
        &["--- line 1: this is not UTF-8 text", "201 m_2 claimed"],
        1,
    );
}

#[test]
fn an_invalid_element_is_reported_with_the_line_of_its_array() {
    let [one, three] = ["m_1", "m_3"].map(line);
    assert_claims(
        format!("\n[\n{one},\n{{\"object_id\":\"m_2\"}},\n7,\n{three}\n]\n"),
        &["m_1", "m_3"],
        &[
            "201 m_1 claimed",
            "--- line 2: published_at is missing",
            "--- line 2: expected a JSON object, found a number",
            "201 m_3 claimed",
        ],
        1,
    );
}

#[test]
fn a_value_of_several_lines_is_reported_with_its_first_line() {
    assert_claims(
        format!("{}\n\n{{\n\"object_id\":\n7\n}}\n", line("m_1")),
        &["m_1"],
        &[
            "201 m_1 claimed",
            "--- line 3: object_id is not a non-empty string",
        ],
        1,
    );
}
