//! Broken and torn lines: told with the line that they start on, and the rest is sent.

use super::assert_claims;
use crate::example::line;

const NOT_JSON: &str = "this is not JSON";

#[test]
fn a_line_that_is_no_json_costs_itself() {
    for garbage in [
        "garbage",
        "}",
        "]",
        r#"{"object_id":"m_2",}"#,
        r#"{"object_id": m_2}"#,
        "{'object_id':'m_2'}",
        "12 apples",
        "// a comment",
        r#""\x""#,
    ] {
        let [one, three] = ["m_1", "m_3"].map(line);
        assert_claims(
            format!("{one}\n{garbage}\n{three}\n"),
            &["m_1", "m_3"],
            &[
                "201 m_1 claimed",
                "--- line 2: this is not JSON",
                "201 m_3 claimed",
            ],
            2,
        );
    }
}

#[test]
fn a_torn_line_costs_itself() {
    let [torn, two, three] = ["m_1", "m_2", "m_3"].map(line);
    // Wherever it was torn: in a name, in a string, in a number, between fields.
    for length in [1, 5, 13, 16, 40, 50, torn.len() - 1] {
        assert_claims(
            format!("{}\n{two}\n{three}\n", &torn[..length]),
            &["m_2", "m_3"],
            &[
                &format!("--- line 1: {NOT_JSON}"),
                "201 m_2 claimed",
                "201 m_3 claimed",
            ],
            2,
        );
    }
}

#[test]
fn a_line_torn_at_its_beginning_costs_itself() {
    let [torn, two] = ["m_1", "m_2"].map(line);
    assert_claims(
        format!("{}\n{two}\n", &torn[20..]),
        &["m_2"],
        &[&format!("--- line 1: {NOT_JSON}"), "201 m_2 claimed"],
        2,
    );
}

#[test]
fn a_torn_value_of_several_lines_is_told_once() {
    let two = line("m_2");
    for torn in [
        "{\n  \"object_id\": \"m_1\",\n  \"published_at\":",
        "{\n  \"object_id\": \"m_1\",\n  garbage\n}",
        "[\n  {\"object_id\": 1},\n  {\"object_id\"",
    ] {
        assert_claims(
            format!("{torn}\n{two}\n"),
            &["m_2"],
            &[&format!("--- line 1: {NOT_JSON}"), "201 m_2 claimed"],
            2,
        );
    }
}

#[test]
fn an_input_that_ends_within_a_value_is_told() {
    let [one, torn] = ["m_1", "m_2"].map(line);
    for torn in [&torn[..19], "{\n\"object_id\":\n", "["] {
        assert_claims(
            format!("{one}\n{torn}"),
            &["m_1"],
            &[
                "201 m_1 claimed",
                "--- line 2: the input ends in the middle of this JSON value",
            ],
            2,
        );
    }
}

#[test]
fn a_line_that_is_no_utf_8_is_told() {
    let mut input = line("m_\u{a0}").into_bytes();
    // The first byte of two, alone.
    input.retain(|byte| *byte != 0xa0);
    input.extend(format!("\n{}\n", line("m_2")).into_bytes());
    assert_claims(
        input,
        &["m_2"],
        &["--- line 1: this is not UTF-8 text", "201 m_2 claimed"],
        2,
    );
}

#[test]
fn what_is_invalid_in_an_array_is_told_with_the_array_s_line() {
    let [one, three] = ["m_1", "m_3"].map(line);
    assert_claims(
        format!("\n[\n{one},\n{{\"object_id\":\"m_2\"}},\n7,\n{three}\n]\n"),
        &["m_1", "m_3"],
        &[
            "201 m_1 claimed",
            "--- line 2: published_at is missing",
            "--- line 2: expected a JSON object, and this is none",
            "201 m_3 claimed",
        ],
        2,
    );
}

#[test]
fn a_value_of_several_lines_is_told_with_its_first() {
    assert_claims(
        format!("{}\n\n{{\n\"object_id\":\n7\n}}\n", line("m_1")),
        &["m_1"],
        &[
            "201 m_1 claimed",
            "--- line 3: object_id is not a non-empty string",
        ],
        2,
    );
}
