//! Dates and times as people write them. They are never sent: the error shows how to write them with the offset of this
//! machine's time zone.

use chrono::{DateTime, Datelike as _, Local, NaiveDate, NaiveTime, SecondsFormat, TimeZone as _};

/// With dots, the day comes before the month. With slashes, either may come first.
const DATES: [&str; 8] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d %B %Y",
    "%B %d, %Y",
];

const TIMES: [&str; 5] = ["%H:%M", "%H:%M:%S%.f", "%H%M", "%H%M%S", "%I:%M %p"];

/// If `text` is a date or a local time: what it lacks, and how to write it. If it has two meanings, both are shown.
pub(super) fn problem(text: &str) -> Option<String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && text.len() != "YYYYMMDD".len() {
        return None;
    }
    let mut spellings: Vec<_> = DATES
        .iter()
        .filter_map(|format| NaiveDate::parse_and_remainder(text, format).ok())
        .filter(|(date, _)| date.year() >= 2000)
        .filter_map(|(date, rest)| spellings(date, rest.trim_matches([' ', ',', 'T', 't'])))
        .flatten()
        .collect();
    spellings.dedup();
    let has_time = !spellings.first()?.contains("HH");
    let spellings = spellings.join(" or ");
    Some(if has_time {
        format!("has no offset from UTC (in the time zone of this machine: {spellings})")
    } else {
        format!("has no time of day (write {spellings})")
    })
}

/// `date` and `time` in RFC 3339; without a time, a form to fill in.
fn spellings(date: NaiveDate, time: &str) -> Option<Vec<String>> {
    if time.is_empty() {
        let noon = date.and_hms_opt(12, 0, 0)?;
        let offset = Local.offset_from_utc_datetime(&noon);
        return Some(vec![format!("{date}THH:MM{offset}")]);
    }
    let time = TIMES
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(time, format).ok())?;
    // There are two such times when clocks go back, in no fixed order, and none when they go forward.
    let found = Local.from_local_datetime(&date.and_time(time));
    let mut times = [found.earliest(), found.latest()];
    times.sort();
    let spelled = |time: DateTime<Local>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    Some(times.into_iter().flatten().map(spelled).collect())
}
