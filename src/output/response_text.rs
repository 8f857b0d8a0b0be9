//! What a response says, in one line: the error in its JSON, its text, or the title of its HTML page.

use serde_json::Value;
use ureq::http::StatusCode;

use crate::client::Response;

/// How many characters of a text are shown.
const MAX_SHOWN: usize = 300;

/// How many words of an HTML page without a title are shown.
const FIRST_WORDS: usize = 12;

/// The text of `response`: the JSON body's `error`; else the body; for an HTML page its title or first words, with
/// its size; for an empty body the status's standard phrase.
pub(crate) fn response_text(response: &Response) -> String {
    let body = response.body.trim();
    if body.is_empty() {
        let phrase = StatusCode::from_u16(response.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("no reason given");
        return format!("{phrase} (empty answer)");
    }
    if let Some(error) = json_error(body) {
        return truncated(error);
    }
    if is_html(body) {
        let text = title(body).unwrap_or_else(|| first_words(body));
        return format!("{} (HTML page, {})", truncated(text), size(response));
    }
    truncated(body.to_owned())
}

/// The `error` of a JSON object, unless it is null or empty.
fn json_error(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    match body.get("error")? {
        Value::Null => None,
        Value::String(error) if error.is_empty() => None,
        Value::String(error) => Some(error.clone()),
        other => Some(other.to_string()),
    }
}

fn size(response: &Response) -> String {
    if response.complete {
        format!("{} bytes", response.body.len())
    } else if response.is_cut() {
        "over 64 KiB".to_owned()
    } else {
        "broken off".to_owned()
    }
}

fn truncated(text: String) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn is_html(body: &str) -> bool {
    let start = body[..body.floor_char_boundary(512)].to_ascii_lowercase();
    start.starts_with('<')
        && ["<!doctype html", "<html", "<head", "<body", "<title", "<h1"]
            .iter()
            .any(|tag| start.contains(tag))
}

fn title(page: &str) -> Option<String> {
    // Folding the case of ASCII letters moves no byte, so the offsets hold for the page itself.
    let folded = page.to_ascii_lowercase();
    let tag = folded.find("<title")?;
    let start = tag + folded[tag..].find('>')? + 1;
    let end = start + folded[start..].find("</title")?;
    let title = words(&page[start..end], usize::MAX);
    (!title.is_empty()).then_some(title)
}

/// The first words outside tags, scripts and styles.
fn first_words(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let folded = tag.to_ascii_lowercase();
        let end = ["script", "style"]
            .iter()
            .find(|name| folded.starts_with(**name))
            .and_then(|name| folded.find(&format!("</{name}")))
            .unwrap_or(0);
        rest = tag[end..].split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    words(&text, FIRST_WORDS)
}

/// The first `max` words of HTML text, with the most common entities decoded.
fn words(html: &str, max: usize) -> String {
    html.split_whitespace()
        .take(max)
        .collect::<Vec<_>>()
        .join(" ")
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::{MAX_SHOWN, response_text};
    use crate::client::Response;
    use proptest::prelude::*;

    fn text(status: u16, body: &str) -> String {
        response_text(&Response {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
            complete: true,
        })
    }

    #[test]
    fn shows_the_error_in_json() {
        assert_eq!(
            text(
                400,
                r#"{"status":"400 Invalid Account","error":"Cannot find an integrated account: 12345"}"#
            ),
            "Cannot find an integrated account: 12345"
        );
        assert_eq!(text(500, r#"{"error":{"code":7}}"#), r#"{"code":7}"#);
        assert_eq!(text(500, r#"{"message":"no"}"#), r#"{"message":"no"}"#);
    }

    #[test]
    fn shows_the_broken_json_of_the_lexer_page_unchanged() {
        let body = r#"{"error:"source does not have a valid value"}"#;
        assert_eq!(text(500, body), body);
    }

    #[test]
    fn shows_the_title_or_the_first_words_of_a_page() {
        assert_eq!(
            text(
                500,
                "<!DOCTYPE html>\n<html><head><TITLE>\n We&#39;re sorry </TITLE></head><body>x</body></html>"
            ),
            "We're sorry (HTML page, 89 bytes)"
        );
        assert_eq!(
            text(
                500,
                "<html><style>p{}</style><script>if(a<b){}</script><p>Bad &amp; ugly</p><br>news</html>"
            ),
            "Bad & ugly news (HTML page, 86 bytes)"
        );
    }

    #[test]
    fn truncates_a_long_text_and_names_the_status_of_an_empty_one() {
        assert_eq!(text(500, &"ü".repeat(400)).chars().count(), 301);
        assert_eq!(text(404, " "), "Not Found (empty answer)");
        assert_eq!(text(999, ""), "no reason given (empty answer)");
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn truncates_any_text(status in 0_u16..1000, body in any::<String>(), times in 1_usize..200) {
            for body in [body.repeat(times), format!("<html><title>{body}"), format!("{{\"error\":{body:?}}}")] {
                prop_assert!(text(status, &body).chars().count() < MAX_SHOWN + 50);
            }
        }

        #[test]
        fn accepts_any_body(body in "(<[a-zTILE!/]{0,8}>?|[ a-zü<>{}\"&;]){0,40}") {
            text(500, &body);
            text(500, &format!("<html>{body}"));
        }
    }
}
