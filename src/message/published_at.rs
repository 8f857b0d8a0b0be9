//! The time of a message, in every form that people and webhooks use.

use std::fmt;

use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta, Utc};
use serde_json::value::RawValue;

use super::json::{string, truncated};
use super::local_time;

/// The end of every error about a time.
const ACCEPTED_FORMS: &str =
    "use epoch milliseconds, ISO 8601 with an offset such as 2017-08-01T05:29:44Z, or now";

/// ISO 8601, with `T` between date and time: the extended format and the basic one, with or without seconds. `%#z` reads
/// all forms of an offset. A fraction of a minute is valid in ISO 8601, but more likely a mistake.
const ISO_8601: [&str; 4] = [
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M%#z",
    "%Y%m%dT%H%M%S%.f%#z",
    "%Y%m%dT%H%M%#z",
];

/// The start of the year 2000. Earlier times are mistakes, because Messenger didn't exist.
const MIN_MILLIS: i64 = 946_684_800_000;

/// How far ahead of this machine's clock a time may be.
const MAX_AHEAD: TimeDelta = TimeDelta::days(1);

/// When a message was sent, in one of the two forms that the API takes (Lexer page: `published_at`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PublishedAt {
    /// Milliseconds since 1970, as in webhooks; sent as a JSON integer.
    Millis(i64),
    /// A time with an offset; sent as an RFC 3339 string.
    Offset(DateTime<FixedOffset>),
}

impl PublishedAt {
    /// The time of a message that was just sent.
    pub(crate) fn now(now: DateTime<Utc>) -> Self {
        PublishedAt::Millis(now.timestamp_millis())
    }

    /// Reads the value of a flag or of a JSON string: digits, ISO 8601 with an offset, or "now" in any case.
    ///
    /// The error completes a sentence that starts with the name of the field.
    pub(crate) fn parse(text: &str, now: DateTime<Utc>) -> Result<Self, String> {
        let time = if text.eq_ignore_ascii_case("now") {
            Some(Self::now(now))
        } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
            epoch(text)
        } else {
            iso_8601(text).map(PublishedAt::Offset)
        };
        check_range(time, now).map_err(|problem| {
            let problem = local_time::problem(text)
                .unwrap_or_else(|| format!("{problem} ({ACCEPTED_FORMS})"));
            format!("{:?} {problem}", truncated(text))
        })
    }

    /// Reads a JSON string, or a number of epoch milliseconds or seconds. Some webhooks write `1492414608982.0`.
    pub(super) fn from_json(value: &RawValue, now: DateTime<Utc>) -> Result<Self, String> {
        if let Some(text) = string(value) {
            return Self::parse(&text, now);
        }
        let text = value.get();
        let digits = match text.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => whole,
            _ => text,
        };
        check_range(epoch(digits), now)
            .map_err(|problem| format!("{} {problem} ({ACCEPTED_FORMS})", truncated(text)))
    }
}

/// Writes the time as it stands in a request body: a JSON integer or a JSON string.
impl fmt::Display for PublishedAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PublishedAt::Millis(millis) => millis.fmt(f),
            PublishedAt::Offset(time) => {
                let rfc_3339 = time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
                write!(f, "\"{rfc_3339}\"")
            }
        }
    }
}

/// Reads digits as milliseconds. Nine to eleven digits are seconds, because as milliseconds they would be before 1974.
fn epoch(digits: &str) -> Option<PublishedAt> {
    let number: i64 = digits.parse().ok()?;
    let factor = if (9..=11).contains(&digits.len()) {
        1000
    } else {
        1
    };
    number.checked_mul(factor).map(PublishedAt::Millis)
}

/// The time in `text`, which must have an offset from UTC. A space may stand in place of the T, and before the offset.
fn iso_8601(text: &str) -> Option<DateTime<FixedOffset>> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let text = format!("{date}T{}", time.replace(',', "."));
    ISO_8601
        .iter()
        .find_map(|format| DateTime::parse_from_str(&text, format).ok())
}

fn check_range(time: Option<PublishedAt>, now: DateTime<Utc>) -> Result<PublishedAt, &'static str> {
    let time = time.ok_or("is not a time")?;
    let millis = match time {
        PublishedAt::Millis(millis) => millis,
        PublishedAt::Offset(time) => time.timestamp_millis(),
    };
    if millis < MIN_MILLIS {
        Err("is before the year 2000")
    } else if millis > (now + MAX_AHEAD).timestamp_millis() {
        Err("is more than a day ahead")
    } else {
        Ok(time)
    }
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
    fn every_form_of_a_time_is_sent_in_a_form_of_the_api() {
        for (text, on_the_wire) in [
            ("1458692752478", "1458692752478"),
            ("1458692752", "1458692752000"),
            ("946684800", "946684800000"),
            ("now", "1767323045678"),
            ("Now", "1767323045678"),
            ("2017-08-01t05:29:44z", r#""2017-08-01T05:29:44Z""#),
            ("2017-08-01T05:29Z", r#""2017-08-01T05:29:00Z""#),
            ("2017-8-1T5:29Z", r#""2017-08-01T05:29:00Z""#),
            ("20170801T052944Z", r#""2017-08-01T05:29:44Z""#),
            ("20170801t0529+10", r#""2017-08-01T05:29:00+10:00""#),
            ("2017-08-01T05:29:44,25+00", r#""2017-08-01T05:29:44.250Z""#),
            (
                "2017-08-01 05:29:44 +1000",
                r#""2017-08-01T05:29:44+10:00""#,
            ),
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
    fn an_invalid_time_is_reported_with_the_accepted_forms() {
        for (text, why) in [
            ("yesterday", "is not a time"),
            ("", "is not a time"),
            ("2017-13-01T05:29:44Z", "is not a time"),
            ("2017-08-01T05:29.5Z", "is not a time"),
            ("2017-08-01T24:00:00Z", "is not a time"),
            ("2017-08-01T05:29:44+1", "is not a time"),
            ("2017-08-01T05:29:44+é", "is not a time"),
            ("2010101011111", "is more than a day ahead"),
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
    fn a_number_may_end_in_point_zero() {
        let number =
            |text| PublishedAt::from_json(serde_json::from_str(text).unwrap(), now()).map_err(drop);
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
        fn any_text_is_handled(text in "\\PC{0,40}") {
            let _ = PublishedAt::parse(&text, now());
            let json = serde_json::value::to_raw_value(&text).unwrap();
            let _ = PublishedAt::from_json(&json, now());
        }

        #[test]
        fn every_millisecond_since_2000_is_kept(millis in 946_684_800_000_i64..1_767_409_445_678) {
            prop_assert_eq!(sent(&millis.to_string()), millis.to_string());
        }
    }
}
