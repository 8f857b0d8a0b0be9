//! Times in ISO 8601: the extended format and the basic one, with or without seconds.

use chrono::{DateTime, FixedOffset};

/// The time in `text`, which must have an offset from UTC. A space may stand in place of the T, and before the offset.
pub(super) fn parse(text: &str) -> Option<DateTime<FixedOffset>> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let (time, offset) = rest.split_at(rest.find(['Z', 'z', '+', '-'])?);
    let rfc_3339 = format!("{}T{}{}", date_of(date), time_of(time)?, offset_of(offset));
    DateTime::parse_from_rfc3339(&rfc_3339).ok()
}

/// `text` as RFC 3339 writes a date, if it is one.
fn date_of(text: &str) -> String {
    if text.len() == 8 && is_digits(text) {
        format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])
    } else {
        text.to_owned()
    }
}

/// `text` as RFC 3339 writes a time of day, if it is one.
fn time_of(text: &str) -> Option<String> {
    let text = text.trim_end().replace(',', ".");
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut whole = with_colons(whole);
    if whole.len() == "HH:MM".len() {
        // A fraction of a minute is valid, and more likely a mistake.
        if !fraction.is_empty() {
            return None;
        }
        whole.push_str(":00");
    }
    Some(whole + fraction)
}

/// `text` as RFC 3339 writes an offset, if it is one.
fn offset_of(text: &str) -> String {
    let (sign, digits) = text.split_at(1);
    match digits.len() {
        0 => text.to_uppercase(),
        2 => format!("{sign}{digits}:00"),
        _ => format!("{sign}{}", with_colons(digits)),
    }
}

/// Digits in pairs with colons between; any other text unchanged.
fn with_colons(text: &str) -> String {
    if matches!(text.len(), 4 | 6) && is_digits(text) {
        let pairs: Vec<_> = (0..text.len())
            .step_by(2)
            .map(|at| &text[at..at + 2])
            .collect();
        pairs.join(":")
    } else {
        text.to_owned()
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
