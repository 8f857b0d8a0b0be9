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
fn a_value_of_several_mib_on_many_lines_is_sent() {
    let part = format!("\"{}\",\n", "x".repeat(1000));
    let others = format!(",\n\"x\":[\n{}\"\"]}}", part.repeat(5000));
    let sent = body("m_1").replace('}', &others.replace('\n', ""));
    assert_sends(
        claim_input()
            .stdin(line("m_1").replace('}', &others))
            .stdout("201 m_1 claimed\n"),
        Request::post(CLAIM).json(&sent),
    );
}

#[test]
fn input_over_a_limit_is_reported_and_the_rest_sent() {
    let long_line = "--- line 1: a line is longer than 1 MiB";
    let long = "x".repeat(2 * MIB);
    let part = format!("\"{}\",\n", "x".repeat(MIB - 100));
    for (input, error) in [
        (line_of("m_1", MIB + 1), long_line),
        (line_of("m_1", MIB + 2), long_line),
        (line_of("m_1", 5 * MIB), long_line),
        (
            format!("{{\n\"object_id\": \"m_1\",\n\"x\": \"{long}\"\n}}"),
            long_line,
        ),
        (
            format!("[\n{}\"\"]", part.repeat(65)),
            "--- line 1: this JSON value is larger than 64 MiB",
        ),
        (
            "[".repeat(100_000),
            "--- line 1: this is nested more than 128 brackets deep",
        ),
    ] {
        let input = format!("{input}\n{}", line("m_2"));
        assert_claims(input, &["m_2"], &[error, "201 m_2 claimed"], 2);
    }
}
