//! The text that is printed for the body of a response.

use super::{answered, objects};
use crate::example::claim;
use crate::support::Reply;
use crate::table::{rows, unescape};

const KIB: usize = 1 << 10;

/// Asserts the text of a refusal with this body.
#[track_caller]
fn assert_text(body: impl Into<Vec<u8>>, text: &str) {
    answered(
        claim()
            .stdout(format!("500 m_1 {text}\n"))
            .stderr_like("hint: [..]\n")
            .code(1),
        Reply::status(500, "Internal Server Error").body(body),
    );
}

/// A body, and the text that is printed for it: the error of JSON; other JSON as it is; plain text on one line;
/// the usual words of the status for an empty body.
const BODIES: &str = r#"
{"error":"no"}                                    | no
\r\n {"a":[{}], "error" : "no\\nyes"} \n          | no yes
{"error":{"code":7,"why":"no"}}                   | {"code":7,"why":"no"}
{"error":17}                                      | 17
{"error":"","status":"500 Sorry"}                 | {"error":"","status":"500 Sorry"}
{"error":null}                                    | {"error":null}
{"message":"no"}                                  | {"message":"no"}
["error"]                                         | ["error"]
"no"                                              | "no"
two\r\nlines\n                                    | two  lines
Grüße, 日本 🙂                                    | Grüße, 日本 🙂
                                                  | Internal Server Error (empty response)
\x20\r\n                                          | Internal Server Error (empty response)
"#;

#[test]
fn every_kind_of_body_has_a_text() {
    for [body, text] in rows(BODIES) {
        assert_text(unescape(body), text);
    }
}

#[cfg(unix)]
#[test]
fn bytes_that_are_not_utf_8_are_replaced() {
    use crate::example::FLAGS;
    use crate::support::program;

    // The harness takes a replacement character for an error of lexbot's own, so `sed` marks it.
    let script = r#""$0" claim "$@" | sed 's/�/<replaced>/'"#;
    answered(
        program("sh", ["-c", script, env!("CARGO_BIN_EXE_lexbot")])
            .args(FLAGS)
            .stdout("500 m_1 schön <replaced>\n")
            .stderr_like("hint: [..]\n"),
        Reply::status(500, "Internal Server Error").body(b"sch\xc3\xb6n \xe2\x82".as_slice()),
    );
}

#[test]
fn a_text_is_cut_after_300_characters() {
    assert_text("é".repeat(300), &"é".repeat(300));
    assert_text("é".repeat(301), &format!("{}…", "é".repeat(300)));
}

#[test]
fn a_page_of_10_mb_is_reported_by_its_title() {
    let rest = "<p>".repeat(3_500_000);
    assert_text(
        format!("<html><title>Oops</title>{rest}</html>"),
        "Oops (HTML page, over 64 KiB)",
    );
}

#[test]
fn at_most_64_kib_of_a_body_are_kept() {
    let page = format!("<html><title>Oops</title>{}", "é".repeat(5_000_000));
    for page in [page.as_str(), &page[..=64 * KIB]] {
        let output = answered(
            claim()
                .args(["--json"])
                .stdout_like("[..]\n")
                .stderr_like("hint: [..]\n")
                .code(1),
            Reply::status(500, "Internal Server Error").html(page),
        );
        // The limit is within the last character.
        assert_eq!(objects(&output)[0]["body"], page[..64 * KIB - 1]);
    }
}
