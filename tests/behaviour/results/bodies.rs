//! The text of an answer, whatever its body is like.

use super::{answered, objects};
use crate::example::claim;
use crate::support::Reply;

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

#[test]
fn the_error_of_json() {
    assert_text(r#"{"error":"no"}"#, "no");
    assert_text("\r\n {\"a\":[{}], \"error\" : \"no\\nyes\"} \n", "no yes");
    assert_text(
        r#"{"error":{"code":7,"why":"no"}}"#,
        r#"{"code":7,"why":"no"}"#,
    );
    assert_text(r#"{"error":17}"#, "17");
}

#[test]
fn json_without_an_error_as_it_is() {
    assert_text(r#"{"message":"no"}"#, r#"{"message":"no"}"#);
    assert_text(r#"{"error":null}"#, r#"{"error":null}"#);
    assert_text(r#"["error"]"#, r#"["error"]"#);
    assert_text(r#""no""#, r#""no""#);
}

#[test]
fn an_empty_error_is_still_told() {
    assert_text(
        r#"{"error":"","status":"500 Sorry"}"#,
        r#"{"error":"","status":"500 Sorry"}"#,
    );
}

#[test]
fn plain_text_on_one_line() {
    assert_text("two\r\nlines\n", "two  lines");
    assert_text("Grüße, 日本 🙂", "Grüße, 日本 🙂");
}

#[test]
fn the_usual_words_of_the_status_where_there_is_no_text() {
    assert_text("", "Internal Server Error (empty answer)");
    assert_text(" \r\n", "Internal Server Error (empty answer)");
}

#[cfg(unix)]
#[test]
fn bytes_that_are_no_text_are_replaced() {
    use crate::example::FLAGS;
    use crate::support::program;

    // The harness takes a replacement character for a fault of the run's own, so `sed` marks it.
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
fn a_long_text_is_cut() {
    assert_text("é".repeat(300), &"é".repeat(300));
    assert_text("é".repeat(301), &format!("{}…", "é".repeat(300)));
}

#[test]
fn a_page_of_10_mb_is_told_by_its_title_and_its_size_as_far_as_it_was_read() {
    let page = format!(
        "<html><title>Oops</title>{}</html>",
        "<p>".repeat(3_500_000)
    );
    assert_text(page.as_str(), "Oops (HTML page, over 64 KiB)");
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
        // The last character would be cut in two.
        assert_eq!(objects(&output)[0]["body"], page[..64 * KIB - 1]);
    }
}
