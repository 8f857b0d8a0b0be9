//! JSON values one a line, or spanning lines and following one another.

use super::assert_results;
use crate::example::{CLAIM, assert_sends, claim_input, line};
use crate::support::Request;

/// Lines with and without a break at the end, values that span lines or share one, arrays, blank lines, CRLF, and byte
/// order marks.
const LAYOUTS: &str = r#"
{1}\n{2}\n{3}\n                   | 1 / 2 / 3
{1}\n{2}                          | 1 / 2
{pretty 1}\n{pretty 2}\n          | 1 / 2
{pretty 1} {pretty 2}{3}\n        | 1 / 2 / 3
{1}{2} \x09 {3}                   | 1 / 2 / 3
[{1},{2}]\n[]\n[{3}]              | 1 / 2 / 3
[[{1}], [], [[{2}, {3}]]]         | 1 / 2 / 3
[\n{pretty 1},\n{pretty 2}\n]\n   | 1 / 2
\r\n\n{1}\r\n \x09 \r\n\r\n{2}\r\n | 1 / 2
{1}\n\xef\xbb\xbf{2}              | 1 / 2
\xef\xbb\xbf{1}\n                 | 1
\xef\xbb\xbf\r\n{pretty 1}        | 1
{\r\n  "object_id": "m_1",\r\n  "published_at": 1458692752478,\r\n  "account_id": "77"\r\n} | 1
"#;

#[test]
fn every_layout_is_read() {
    assert_results(LAYOUTS);
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
