//! How large a value may be, and how deeply its brackets may be nested.

use super::assert_claims;
use crate::example::{CLAIM, assert_sends, body, claim_input, line};
use crate::support::Request;

const MIB: usize = 1 << 20;

#[test]
fn lines_may_have_any_length() {
    let long = line("m_1").replace('}', &format!(",\"x\":\"{}\"}}", "x".repeat(2 * MIB)));
    let others = &long[line("m_1").len() - 1..];
    assert_sends(
        claim_input()
            .stdin(format!("{long}\r\n"))
            .stdout("201 m_1 claimed\n"),
        Request::post(CLAIM).json(&body("m_1").replace('}', others)),
    );
}

#[test]
fn a_line_may_hold_any_number_of_values() {
    let ids: Vec<String> = (0..20_000).map(|number| format!("m_{number}")).collect();
    let bodies: Vec<String> = ids.iter().map(|id| body(id)).collect();
    claim_input()
        .args(["--dry-run"])
        .stdin(bodies.concat())
        .stdout(bodies.join("\n") + "\n")
        .run();
}

#[test]
fn a_value_over_64_mib_is_reported_and_the_rest_sent() {
    let part = format!("{{\"object_id\":\"{}\"}},\n", "x".repeat(MIB));
    assert_claims(
        format!("[\n{}{{}}]\n{}\n", part.repeat(64), line("m_2")),
        "line 1: this JSON value is larger than 64 MiB / 2",
    );
}

#[test]
fn brackets_without_end_are_reported_and_the_rest_sent() {
    assert_claims(
        format!("{}\n{}\n", "[".repeat(100_000), line("m_2")),
        "line 1: the input ends in the middle of this JSON value / 2",
    );
}

#[test]
fn arrays_nested_too_deeply_are_invalid() {
    let nested = |depth| format!("{}{}{}", "[".repeat(depth), line("m_1"), "]".repeat(depth));
    let results = "1 / line 1: arrays are nested more than 16 deep";
    assert_claims(format!("{}{}", nested(16), nested(17)), results);
}
