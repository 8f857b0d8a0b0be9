//! Broken and torn lines: reported with the line that they start on, and the rest is sent.

use super::{assert_claims, assert_results};
use crate::example::line;
use crate::table::rows;

/// A line that isn't JSON, and why.
const GARBAGE: &str = r#"
garbage              | expected value at column 1
}                    | expected value at column 1
]                    | expected value at column 1
{"object_id":"m_2",} | key must be a string at column 20
{"object_id": m_2}   | expected value at column 15
{'object_id':'m_2'}  | key must be a string at column 2
// a comment         | expected value at column 1
"\x"                 | invalid escape at column 3
"#;

#[test]
fn a_line_that_is_not_json_costs_itself() {
    let [one, three] = ["m_1", "m_3"].map(line);
    for [garbage, reason] in rows(GARBAGE) {
        let results = format!("1 / line 2: this is not JSON: {reason} / 3");
        assert_claims(format!("{one}\n{garbage}\n{three}\n"), &results);
    }
}

/// After how many bytes a line was torn (in a name, in a string, in a number, between fields), and the error.
const TORN: &str = "
1  | key must be a string at line 2, column 1
5  | unexpected line break at column 6
13 | expected `,` or `}` at line 3, column 1
16 | unexpected line break at column 17
40 | expected `,` or `}` at line 2, column 1
50 | unexpected line break at column 51
65 | expected `,` or `}` at line 2, column 1
";

#[test]
fn a_torn_line_costs_itself() {
    let [torn, two, three] = ["m_1", "m_2", "m_3"].map(line);
    for [length, reason] in rows(TORN) {
        let torn = &torn[..length.parse().unwrap()];
        let results = format!("line 1: this is not JSON: {reason} / 2 / 3");
        assert_claims(format!("{torn}\n{two}\n{three}\n"), &results);
    }
}

/// Values torn at their beginning, over several lines, or by the end; lines passed over; invalid values.
const BROKEN: &str = r#"
published_at":1458692752478,"account_id":"77"}\n{2}\n | line 1: this is not JSON: expected value at column 1 / 2
{\n  "object_id": "m_1",\n  "published_at":\n{2}\n | line 1: the input ends in the middle of this JSON value / 2
[\n  {"object_id": 1},\n  {"object_id"\n{2}\n | line 1: this is not JSON: expected `:` at line 4, column 1 / 2

{\n  "object_id": "m_1",\n  garbage\n}\n\n  {2}\n{2}\n | line 1: this is not JSON: key must be a string at line 3, column 3 / line 4: lines 4 to 6 were passed over / 2

{1}\n{"object_id":"m_2", | 1 / line 2: the input ends in the middle of this JSON value
{1}\n{\n"object_id":\n   | 1 / line 2: the input ends in the middle of this JSON value
{1}\n[                   | 1 / line 2: the input ends in the middle of this JSON value

{"object_id":"m_\xc2"}\n{2}\n | line 1: this is not UTF-8 text / 2
\n[\n{1},\n{"object_id":"m_2"},\n7,\n{3}\n]\n | 1 / line 2: published_at is missing / line 2: expected a JSON object, found 7 / 3
{1}\n\n{\n"object_id":\n7\n}\n | 1 / line 3: object_id is not a non-empty string
"#;

#[test]
fn other_broken_values_cost_only_themselves() {
    assert_results(BROKEN);
}

#[test]
fn a_message_inside_a_value_that_is_not_a_message_is_never_sent() {
    let [one, two] = ["m_1", "m_2"].map(line);
    for gap in ["", " ", "\n", "\r\n\r\n"] {
        assert_claims(
            format!("{{\"handed_over\":[{gap}{one},{gap}{two}{gap}]{gap}}}"),
            "line 1: expected a message or a webhook payload, found an object with one inside: \
             if it is to be sent, take it out with jq -c '.handed_over[]'",
        );
    }
}
