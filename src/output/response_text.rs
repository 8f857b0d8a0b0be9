//! What an answer says, in one line: the error in its JSON, its text, or the gist of its HTML page.

use serde_json::Value;
use ureq::http::StatusCode;

use crate::client::Response;

/// How much of a text is shown, in characters.
const MAX_SHOWN: usize = 300;

/// How much of an HTML page without a title is shown, in words.
const FIRST_WORDS: usize = 12;

/// The text of `answer`: the JSON body's `error`; else the body; of an HTML page its title or first words, with
/// its size; of an empty body the status's usual words.
pub(crate) fn response_text(answer: &Response) -> String {
    let body = answer.body.trim();
    if body.is_empty() {
        let words = StatusCode::from_u16(answer.status)
            .ok()
            .and_then(|status| status.canonical_reason());
        return format!("{} (empty answer)", words.unwrap_or("no reason given"));
    }
    if let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(body)
        && let Some(error) = fields
            .get("error")
            .filter(|error| !error.is_null() && error.as_str() != Some(""))
    {
        return clipped(
            error
                .as_str()
                .map_or_else(|| error.to_string(), str::to_owned),
        );
    }
    if is_html(body) {
        let gist = title(body).unwrap_or_else(|| first_words(body));
        let size = if answer.complete {
            format!("{} bytes", answer.body.len())
        } else if answer.is_cut() {
            "over 64 KiB".to_owned()
        } else {
            "broken off".to_owned()
        };
        return format!("{} (HTML page, {size})", clipped(gist));
    }
    clipped(body.to_owned())
}

fn clipped(text: String) -> String {
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
    // ASCII case folding keeps every byte in its place, so offsets hold for the page itself.
    let folded = page.to_ascii_lowercase();
    let tag = folded.find("<title")?;
    let start = tag + folded[tag..].find('>')? + 1;
    let end = start + folded[start..].find("</title")?;
    let title = words(&page[start..end], usize::MAX);
    (!title.is_empty()).then_some(title)
}

fn first_words(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        text.push(' ');
        let tag = rest[open..].to_ascii_lowercase();
        let end = ["script", "style"]
            .iter()
            .find(|name| tag[1..].starts_with(**name))
            .and_then(|name| tag.find(&format!("</{name}")))
            .unwrap_or(0);
        match rest[open + end..].find('>') {
            Some(close) => rest = &rest[open + end + close + 1..],
            None => return words(&text, FIRST_WORDS),
        }
    }
    text.push_str(rest);
    words(&text, FIRST_WORDS)
}

/// The first `most` words of `html` text, with the commonest entities as characters.
fn words(html: &str, most: usize) -> String {
    html.split_whitespace()
        .take(most)
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
    fn the_error_in_json_is_the_text() {
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
    fn broken_json_as_the_lexer_page_prints_it_is_shown_as_it_is() {
        let body = r#"{"error:"source does not have a valid value"}"#;
        assert_eq!(text(500, body), body);
    }

    #[test]
    fn of_a_page_the_title_or_the_first_words_are_shown() {
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
    fn of_a_long_text_the_beginning_is_shown_and_of_none_the_status() {
        assert_eq!(text(500, &"ü".repeat(400)).chars().count(), 301);
        assert_eq!(text(404, " "), "Not Found (empty answer)");
        assert_eq!(text(999, ""), "no reason given (empty answer)");
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn any_text_is_survived_and_shortened(status in 0_u16..1000, body in any::<String>(), times in 1_usize..200) {
            for body in [body.repeat(times), format!("<html><title>{body}"), format!("{{\"error\":{body:?}}}")] {
                prop_assert!(text(status, &body).chars().count() < MAX_SHOWN + 50);
            }
        }

        #[test]
        fn any_body_is_survived(body in "(<[a-zTILE!/]{0,8}>?|[ a-zü<>{}\"&;]){0,40}") {
            text(500, &body);
            text(500, &format!("<html>{body}"));
        }
    }
}
