//! JSON values one a line, or spanning lines and following one another.

use super::assert_claims;
use crate::example::{CLAIM, assert_sends, claim_input, line};
use crate::support::Request;

/// The message `id` as `jq` prints it.
fn pretty(id: &str) -> String {
    line(id)
        .replace('{', "{\n  ")
        .replace(',', ",\n  ")
        .replace(':', ": ")
        .replace('}', "\n}")
}

#[track_caller]
fn assert_all_claimed(input: impl Into<Vec<u8>>, ids: &[&str]) {
    let lines: Vec<String> = ids.iter().map(|id| format!("201 {id} claimed")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_claims(input, ids, &lines, 0);
}

#[test]
fn one_value_a_line() {
    let [one, two, three] = ["m_1", "m_2", "m_3"].map(line);
    assert_all_claimed(format!("{one}\n{two}\n{three}\n"), &["m_1", "m_2", "m_3"]);
}

#[test]
fn the_last_line_needs_no_line_break() {
    let [one, two] = ["m_1", "m_2"].map(line);
    assert_all_claimed(format!("{one}\n{two}"), &["m_1", "m_2"]);
}

#[test]
fn values_that_span_lines() {
    let [one, two] = ["m_1", "m_2"].map(pretty);
    assert_all_claimed(format!("{one}\n{two}\n"), &["m_1", "m_2"]);
    assert_all_claimed(one.replace('\n', "\r\n"), &["m_1"]);
}

#[test]
fn a_value_that_begins_on_the_line_where_another_ends() {
    let [one, two] = ["m_1", "m_2"].map(pretty);
    assert_all_claimed(
        format!("{one} {two}{}\n", line("m_3")),
        &["m_1", "m_2", "m_3"],
    );
}

#[test]
fn several_values_on_a_line() {
    let [one, two, three] = ["m_1", "m_2", "m_3"].map(line);
    assert_all_claimed(format!("{one}{two} \t {three}"), &["m_1", "m_2", "m_3"]);
}

#[test]
fn arrays_and_arrays_in_arrays() {
    let [one, two, three] = ["m_1", "m_2", "m_3"].map(line);
    assert_all_claimed(
        format!("[{one},{two}]\n[]\n[{three}]"),
        &["m_1", "m_2", "m_3"],
    );
    assert_all_claimed(
        format!("[[{one}], [], [[{two}, {three}]]]"),
        &["m_1", "m_2", "m_3"],
    );
    let [one, two] = ["m_1", "m_2"].map(pretty);
    assert_all_claimed(format!("[\n{one},\n{two}\n]\n"), &["m_1", "m_2"]);
}

#[test]
fn blank_lines_and_crlf() {
    let [one, two] = ["m_1", "m_2"].map(line);
    assert_all_claimed(
        format!("\r\n\n{one}\r\n \t \r\n\r\n{two}\r\n"),
        &["m_1", "m_2"],
    );
}

#[test]
fn a_byte_order_mark_before_a_value() {
    let [one, two] = ["m_1", "m_2"].map(line);
    assert_all_claimed(format!("{one}\n\u{feff}{two}"), &["m_1", "m_2"]);
    assert_all_claimed(format!("\u{feff}{}\n", line("m_1")), &["m_1"]);
    assert_all_claimed(format!("\u{feff}\r\n{}", pretty("m_1")), &["m_1"]);
}

#[test]
fn line_breaks_and_brackets_within_strings_are_text() {
    let message = line("m_1").replace('}', r#","text":"}\n{\"]["}"#);
    let body = r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"77","text":"}\n{\"]["}"#;
    assert_sends(
        claim_input().stdin(message).stdout("201 m_1 claimed\n"),
        Request::post(CLAIM).json(body),
    );
}
