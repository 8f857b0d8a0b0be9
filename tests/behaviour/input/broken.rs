//! Broken and torn lines: reported with the line that they start on, and the rest is sent.

use super::assert_claims;
use crate::example::line;

const NOT_JSON: &str = "--- line 1: this is not JSON";

/// Asserts that `broken` before a claim of `m_2` costs only itself.
#[track_caller]
fn assert_costs_itself(broken: &str) {
    let input = format!("{broken}\n{}\n", line("m_2"));
    assert_claims(input, &["m_2"], &[NOT_JSON, "201 m_2 claimed"], 2);
}

#[test]
fn a_broken_line_costs_itself() {
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
        "[}",
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
fn a_torn_line_costs_itself_wherever_it_is_torn() {
    let torn = line("m_1");
    // In a name, in a string, in a number, between fields.
    for length in [1, 5, 13, 16, 40, 50, torn.len() - 1] {
        assert_costs_itself(&torn[..length]);
    }
    assert_costs_itself(&torn[20..]);
}

#[test]
fn a_torn_value_of_several_lines_is_reported_once() {
    for torn in [
        "{\n  \"object_id\": \"m_1\",\n  \"published_at\":",
        "{\n  \"object_id\": \"m_1\",\n  garbage\n}",
        "[\n  {\"object_id\": 1},\n  {\"object_id\"",
    ] {
        assert_costs_itself(torn);
    }
}

#[test]
fn an_input_that_ends_within_a_value_is_reported() {
    let [one, torn] = ["m_1", "m_2"].map(line);
    let error = "--- line 2: the input ends in the middle of this JSON value";
    for torn in [&torn[..19], "{\n\"object_id\":\n", "["] {
        let input = format!("{one}\n{torn}");
        assert_claims(input, &["m_1"], &["201 m_1 claimed", error], 2);
    }
}

#[test]
fn a_line_that_is_not_utf_8_is_reported() {
    let mut input = line("m_\u{a0}").into_bytes();
    // The first byte of two, alone.
    input.retain(|byte| *byte != 0xa0);
    input.extend(format!("\n{}\n", line("m_2")).into_bytes());
    let error = "--- line 1: this is not UTF-8 text";
    assert_claims(input, &["m_2"], &[error, "201 m_2 claimed"], 2);
}

#[test]
fn invalid_elements_of_an_array_are_reported_with_its_first_line() {
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
fn an_invalid_value_of_several_lines_is_reported_with_its_first() {
    let error = "--- line 3: object_id is not a non-empty string";
    assert_claims(
        format!("{}\n\n{{\n\"object_id\":\n7\n}}\n", line("m_1")),
        &["m_1"],
        &["201 m_1 claimed", error],
        2,
    );
}
