//! JSON values one a line, or spanning lines and following one another.

use super::assert_claims;
use crate::example::{CLAIM, assert_sends, body, claim_input, line};
use crate::support::Request;

/// The message `id` as `jq` prints it.
fn pretty(id: &str) -> String {
    line(id)
        .replace('{', "{\n  ")
        .replace(',', ",\n  ")
        .replace(':', ": ")
        .replace('}', "\n}")
}

/// Asserts that an input claims the messages `m_1` to `m_count`.
#[track_caller]
fn assert_all_claimed(input: &str, count: usize) {
    let ids = ["m_1", "m_2", "m_3"];
    let lines = ids.map(|id| format!("201 {id} claimed"));
    let lines = lines.each_ref().map(String::as_str);
    assert_claims(input, &ids[..count], &lines[..count], 0);
}

#[test]
fn values_may_be_spread_over_lines_in_any_way() {
    let [one, two, three] = ["m_1", "m_2", "m_3"].map(line);
    for input in [
        format!("{one}\n{two}\n{three}\n"),
        format!("{one}\n{two}\n{three}"),
        format!("{one}{two} \t {three}"),
        format!("\r\n\n{one}\r\n \t \r\n\r\n{two}\r\n{three}"),
        format!("[{one},{two}]\n[]\n[{three}]"),
        format!("[[{one}], [], [[{two}, {three}]]]"),
    ] {
        assert_all_claimed(&input, 3);
    }
}

#[test]
fn values_may_span_lines() {
    let [one, two] = ["m_1", "m_2"].map(pretty);
    assert_all_claimed(&format!("{one}\n{two}\n"), 2);
    assert_all_claimed(&format!("[\n{one},\n{two}\n]\n"), 2);
    assert_all_claimed(&one.replace('\n', "\r\n"), 1);
    // A value may begin on the line on which another ends.
    assert_all_claimed(&format!("{one} {two}{}\n", line("m_3")), 3);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_all_claimed(&format!("\u{feff}{}\n", line("m_1")), 1);
    assert_all_claimed(&format!("\u{feff}\r\n{}", pretty("m_1")), 1);
}

#[test]
fn line_breaks_and_brackets_within_strings_are_text() {
    let text = r#","text":"}\n{\"]["}"#;
    assert_sends(
        claim_input()
            .stdin(line("m_1").replace('}', text))
            .stdout("201 m_1 claimed\n"),
        Request::post(CLAIM).json(&body("m_1").replace('}', text)),
    );
}
