//! Results, responses, numbers and times as text.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use clap::builder::styling::{AnsiColor, Style};
use serde_json::Value;
use ureq::http::StatusCode;

use super::sanitize::sanitize;
use crate::api_facts::Action;
use crate::client::Response;
use crate::message::truncated;
use crate::message_result::MessageResult;
use crate::outcome::Outcome;

/// How many words of an HTML page without a title are shown.
const FIRST_WORDS: usize = 12;

/// `result` on one line, sanitized, with the status in `style`.
pub(super) fn line(result: &MessageResult, style: Style) -> String {
    let status = result
        .status()
        .map_or_else(|| "---".to_owned(), |status| format!("{status:03}"));
    // An invalid value is found by its line, everything else by its ID.
    let label = match (
        result.outcome,
        &result.ids.object_id,
        result.lines.map(|lines| lines.first),
    ) {
        (Outcome::Invalid, _, Some(line)) | (_, None, Some(line)) => format!(" line {line}:"),
        (_, Some(id), _) => format!(" {id}"),
        (_, None, None) => String::new(),
    };
    let rest = format!("{label} {}", description(result));
    format!("{style}{status}{style:#}{}", sanitize(&rest))
}

fn description(result: &MessageResult) -> String {
    match (&result.response, result.outcome) {
        (_, Outcome::Accepted) => result.action.map_or("accepted", Action::done).to_owned(),
        (Some(response), _) => response_text(response),
        (None, Outcome::Skipped) => format!("skipped: {}", result.reason),
        (None, _) => result.reason.clone(),
    }
}

/// The colour of a result's status.
pub(super) fn color(outcome: Outcome) -> AnsiColor {
    match outcome {
        Outcome::Accepted => AnsiColor::Green,
        Outcome::Rejected | Outcome::Unauthorized => AnsiColor::Red,
        Outcome::Unavailable | Outcome::Unknown | Outcome::Invalid | Outcome::NotSent => {
            AnsiColor::Yellow
        }
        Outcome::Skipped => AnsiColor::BrightBlack,
    }
}

/// The text of `response`: the JSON body's `error`; else the body; for an HTML page its title or first words, with
/// its size; for an empty body the status's standard phrase.
pub(crate) fn response_text(response: &Response) -> String {
    let body = response.body.trim();
    if body.is_empty() {
        let phrase = StatusCode::from_u16(response.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("no reason given");
        return format!("{phrase} (empty response)");
    }
    if let Some(error) = json_error(body) {
        return truncated(&error).into_owned();
    }
    if is_html(body) {
        let text = page_text(body);
        return format!("{} (HTML page, {})", truncated(&text), size(response));
    }
    truncated(body).into_owned()
}

/// The `error` of a JSON object, unless it is null or empty.
fn json_error(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    match body.get("error")? {
        Value::Null => None,
        Value::String(error) => (!error.is_empty()).then(|| error.clone()),
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

fn is_html(body: &str) -> bool {
    let start = body[..body.floor_char_boundary(512)].to_ascii_lowercase();
    start.starts_with('<')
        && ["<!doctype html", "<html", "<head", "<body", "<title", "<h1"]
            .iter()
            .any(|tag| start.contains(tag))
}

/// The title of an HTML page, or its first words.
fn page_text(page: &str) -> String {
    match title(page).map(|title| words(title, usize::MAX)) {
        Some(title) if !title.is_empty() => title,
        _ => words(&without_tags(page), FIRST_WORDS),
    }
}

fn title(page: &str) -> Option<&str> {
    // Changing the case of ASCII letters moves no byte, so the position holds for the page itself.
    let start = page.to_ascii_lowercase().find("<title")?;
    let (_, rest) = page[start..].split_once('>')?;
    rest.split('<').next()
}

/// The text outside tags, and outside most scripts and styles.
fn without_tags(page: &str) -> String {
    let is_hidden = |tag: &str| {
        let tag = tag.to_ascii_lowercase();
        tag.starts_with("script") || tag.starts_with("style")
    };
    page.split('<')
        .filter_map(|part| part.split_once('>'))
        .filter(|(tag, _)| !is_hidden(tag))
        .map(|(_, text)| text)
        .collect::<Vec<_>>()
        .join(" ")
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

/// `count` and `noun`, in the plural unless `count` is 1.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `time` in its two largest units, rounded up to seconds.
pub(super) fn duration(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, seconds) {
        (0, 0, _) => format!("{seconds} s"),
        (0, _, 0) => format!("{minutes} min"),
        (0, _, _) => format!("{minutes} min {seconds} s"),
        (_, 0, _) => format!("{hours} h"),
        _ => format!("{hours} h {minutes} min"),
    }
}

/// `time` in UTC, as RFC 3339 writes it.
pub(crate) fn rfc_3339(time: SystemTime, precision: SecondsFormat) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(precision, true)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, response_text};
    use crate::client::Response;
    use crate::message::MAX_SHOWN;
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
                "<html><style>p{}</style><SCRIPT src=\"a\">f()</SCRIPT><p>Bad &amp; ugly</p><br>news</html>"
            ),
            "Bad & ugly news (HTML page, 88 bytes)"
        );
    }

    #[test]
    fn truncates_a_long_text_and_names_the_status_of_an_empty_one() {
        assert_eq!(text(500, &"ü".repeat(400)).chars().count(), 301);
        assert_eq!(text(404, " "), "Not Found (empty response)");
        assert_eq!(text(999, ""), "no reason given (empty response)");
    }

    #[test]
    fn durations_have_two_units() {
        for (milliseconds, text) in [
            (0, "0 s"),
            (1, "1 s"),
            (59_000, "59 s"),
            (60_000, "1 min"),
            (61_500, "1 min 2 s"),
            (3_600_000, "1 h"),
            (3_661_000, "1 h 1 min"),
        ] {
            assert_eq!(duration(Duration::from_millis(milliseconds)), text);
        }
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
