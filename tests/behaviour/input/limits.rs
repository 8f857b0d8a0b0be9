//! How long a line, how large a value and how deep a bracket may be.

use super::assert_claims;
use crate::example::{CLAIM, assert_sends, body, claim_input, line};
use crate::support::Request;

const MIB: usize = 1 << 20;

/// The message `id` with a field that makes it a line of `length` bytes.
fn line_of(id: &str, length: usize) -> String {
    let short = line(id).replace('}', r#","x":""}"#);
    let padding = "x".repeat(length - short.len());
    short.replace(r#""x":"""#, &format!(r#""x":"{padding}""#))
}

#[test]
fn a_line_of_1_mib_is_sent() {
    let long = line_of("m_1", MIB);
    let others = &long[line("m_1").len() - 1..];
    assert_sends(
        claim_input()
            .stdin(format!("{long}\r\n"))
            .stdout("201 m_1 claimed\n"),
        Request::post(CLAIM).json(&body("m_1").replace('}', others)),
    );
}

#[test]
fn a_line_over_1_mib_is_told_and_the_rest_sent() {
    for length in [MIB + 1, MIB + 2, 5 * MIB] {
        let [one, three] = ["m_1", "m_3"].map(line);
        let long = line_of("m_2", length);
        assert_claims(
            format!("{one}\n{long}\n{three}"),
            &["m_1", "m_3"],
            &[
                "201 m_1 claimed",
                "--- line 2: a line is longer than 1 MiB",
                "201 m_3 claimed",
            ],
            2,
        );
    }
}

#[test]
fn a_line_over_1_mib_within_a_value_costs_the_value() {
    let long = "x".repeat(2 * MIB);
    assert_claims(
        format!(
            "{{\n\"object_id\": \"m_1\",\n\"x\": \"{long}\"\n}}\n{}\n",
            line("m_2")
        ),
        &["m_2"],
        &["--- line 1: a line is longer than 1 MiB", "201 m_2 claimed"],
        2,
    );
}

#[test]
fn a_value_over_64_mib_is_told_and_the_rest_sent() {
    let part = format!("\"{}\",\n", "x".repeat(MIB - 100));
    assert_claims(
        format!("[\n{}\"\"]\n{}\n", part.repeat(65), line("m_2")),
        &["m_2"],
        &[
            "--- line 1: this JSON value is larger than 64 MiB",
            "201 m_2 claimed",
        ],
        2,
    );
}

#[test]
fn brackets_without_end_are_told_and_the_rest_sent() {
    assert_claims(
        format!("{}\n{}\n", "[".repeat(100_000), line("m_2")),
        &["m_2"],
        &[
            "--- line 1: this is nested more than 128 brackets deep",
            "201 m_2 claimed",
        ],
        2,
    );
}
