//! The time of a message in all the forms that people and webhooks give it.

use std::fmt;

use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta, Utc};

/// What every message about a bad time ends with.
const FORMS: &str =
    "use epoch milliseconds, ISO 8601 with an offset such as 2017-08-01T05:29:44Z, or now";

/// Nothing was published on Messenger before: a number this small is a mistake.
const EARLIEST_MILLIS: i64 = 946_684_800_000;

/// How far ahead of this machine's clock a time may be.
const MAX_AHEAD: TimeDelta = TimeDelta::days(1);

/// When a message was sent, in one of the two forms that the API takes (Lexer page: `published_at`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PublishedAt {
    /// Milliseconds since 1970, as webhooks have it; an integer on the wire.
    Millis(i64),
    /// A time with its offset; RFC 3339 on the wire.
    Offset(DateTime<FixedOffset>),
}

impl PublishedAt {
    /// The time of a message that is sent now.
    pub(crate) fn now(now: DateTime<Utc>) -> Self {
        PublishedAt::Millis(now.timestamp_millis())
    }

    /// Reads a flag or a JSON string: digits, ISO 8601 / RFC 3339 with an offset, or "now".
    ///
    /// The error says what is wrong with the value; the name of the field belongs before it.
    pub(crate) fn parse(text: &str, now: DateTime<Utc>) -> Result<Self, String> {
        if text == "now" {
            return Ok(Self::now(now));
        }
        let bad = |why: &str| Err(format!("{text:?} {why} ({FORMS})"));
        let time = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            match epoch(text) {
                Some(millis) => PublishedAt::Millis(millis),
                None => return bad("is not a time"),
            }
        } else if let Some(time) = with_offset(text) {
            PublishedAt::Offset(time)
        } else if with_offset(&format!("{text}Z")).is_some() {
            return bad("has no offset from UTC");
        } else {
            return bad("is not a time");
        };
        time.within(now).or_else(bad)
    }

    /// Reads a JSON number: epoch milliseconds or seconds. Some senders write `1492414608982.0`.
    pub(crate) fn parse_number(text: &str, now: DateTime<Utc>) -> Result<Self, String> {
        let bad = |why: &str| Err(format!("{text} {why} ({FORMS})"));
        let digits = match text.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => whole,
            _ => text,
        };
        match epoch(digits) {
            Some(millis) => PublishedAt::Millis(millis).within(now).or_else(bad),
            None => bad("is not a time"),
        }
    }

    fn within(self, now: DateTime<Utc>) -> Result<Self, &'static str> {
        let millis = match self {
            PublishedAt::Millis(millis) => millis,
            PublishedAt::Offset(time) => time.timestamp_millis(),
        };
        if millis < EARLIEST_MILLIS {
            return Err("is before the year 2000");
        }
        if millis > (now + MAX_AHEAD).timestamp_millis() {
            return Err("is more than a day ahead");
        }
        Ok(self)
    }
}

/// As it stands in the body: a JSON integer or a JSON string.
impl fmt::Display for PublishedAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PublishedAt::Millis(millis) => millis.fmt(f),
            PublishedAt::Offset(time) => {
                write!(
                    f,
                    "\"{}\"",
                    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
                )
            }
        }
    }
}

/// Digits as milliseconds. Nine to eleven digits are seconds: as milliseconds they would be before 1974.
fn epoch(digits: &str) -> Option<i64> {
    let number: i64 = digits.parse().ok()?;
    match digits.len() {
        9..=11 => number.checked_mul(1000),
        _ => Some(number),
    }
}

fn with_offset(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text)
        // `+0000`, as Graph API writes offsets, is ISO 8601 but not RFC 3339.
        .or_else(|_| DateTime::parse_from_str(&text.replace('t', "T"), "%Y-%m-%dT%H:%M:%S%.f%z"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::PublishedAt;
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2026-01-02T03:04:05.678Z".parse().unwrap()
    }

    fn sent(text: &str) -> String {
        PublishedAt::parse(text, now()).map_or_else(|error| error, |time| time.to_string())
    }

    #[test]
    fn every_form_of_a_time_goes_out_as_the_api_takes_it() {
        for (text, on_the_wire) in [
            ("1458692752478", "1458692752478"),
            ("1458692752", "1458692752000"),
            ("946684800", "946684800000"),
            ("now", "1767323045678"),
            ("2017-08-01t05:29:44z", r#""2017-08-01T05:29:44Z""#),
            (
                "2017-08-01T05:29:44+10:00",
                r#""2017-08-01T05:29:44+10:00""#,
            ),
            (
                "2017-08-01T05:29:44.120+0000",
                r#""2017-08-01T05:29:44.120Z""#,
            ),
            ("2017-08-01t05:29:44-0930", r#""2017-08-01T05:29:44-09:30""#),
        ] {
            assert_eq!(sent(text), on_the_wire, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_told_with_the_forms_that_are() {
        for (text, why) in [
            ("yesterday", "is not a time"),
            ("", "is not a time"),
            ("2017-13-01T05:29:44Z", "is not a time"),
            ("2017-08-01T05:29:44", "has no offset from UTC"),
            ("99999999999999999999", "is not a time"),
            ("0", "is before the year 2000"),
            ("100000000", "is before the year 2000"),
            ("1999-12-31T23:59:59Z", "is before the year 2000"),
            ("1767409445679", "is more than a day ahead"),
            ("2026-01-03T03:04:06Z", "is more than a day ahead"),
        ] {
            assert_eq!(
                sent(text),
                format!(
                    "{text:?} {why} (use epoch milliseconds, ISO 8601 with an offset such as \
                     2017-08-01T05:29:44Z, or now)"
                )
            );
        }
        assert_eq!(sent("1767409445678"), "1767409445678");
    }

    #[test]
    fn numbers_may_be_whole_floats() {
        let number = |text| PublishedAt::parse_number(text, now()).map_err(drop);
        assert_eq!(
            number("1492414608982.0"),
            Ok(PublishedAt::Millis(1_492_414_608_982))
        );
        assert_eq!(
            number("1492414608"),
            Ok(PublishedAt::Millis(1_492_414_608_000))
        );
        assert_eq!(number("1492414608982.5"), Err(()));
        assert_eq!(number("-1"), Err(()));
        assert_eq!(number("1e400"), Err(()));
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn any_text_is_survived(text in "\\PC{0,40}") {
            let _ = PublishedAt::parse(&text, now());
            let _ = PublishedAt::parse_number(&text, now());
        }

        #[test]
        fn every_millisecond_since_2000_is_kept(millis in 946_684_800_000_i64..1_767_409_445_678) {
            prop_assert_eq!(sent(&millis.to_string()), millis.to_string());
        }
    }
}
