//! Dates and times as people write them. They are never sent: an error shows how to write them, in the time zone of this
//! machine.

use chrono::{
    DateTime, FixedOffset, Local, MappedLocalTime, NaiveDate, NaiveTime, SecondsFormat,
    TimeZone as _,
};

/// The day comes first where there are dots; otherwise both it and the month may.
const DATES: [&str; 13] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %B %Y",
    "%d. %B %Y",
    "%B %d %Y",
    "%B %d, %Y",
];

const TIMES: [&str; 6] = [
    "%H:%M",
    "%H:%M:%S%.f",
    "%H%M",
    "%H%M%S",
    "%I:%M %p",
    "%I:%M:%S %p",
];

/// Longer texts aren't looked at.
const MAX_LENGTH: usize = 40;

/// What `text` lacks if it is a date or a local time, and how to write it; two ways if it has two meanings.
pub(super) fn problem(text: &str) -> Option<String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() > MAX_LENGTH || is_number && text.len() != "YYYYMMDD".len() {
        return None;
    }
    let mut spellings: Vec<_> = DATES
        .iter()
        .filter_map(|format| NaiveDate::parse_and_remainder(text, format).ok())
        .filter(|(date, _)| *date >= NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default())
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
    let local = date.and_time(time);
    let mut offsets = match Local.offset_from_local_datetime(&local) {
        MappedLocalTime::Single(offset) => vec![offset],
        // When clocks go back, there are two such times, and none when they go forward.
        MappedLocalTime::Ambiguous(one, other) => vec![one, other],
        MappedLocalTime::None => vec![Local.offset_from_utc_datetime(&local)],
    };
    offsets.sort_by_key(FixedOffset::utc_minus_local);
    let spelled = |offset: FixedOffset| {
        let time = DateTime::<FixedOffset>::from_naive_utc_and_offset(local - offset, offset);
        time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    };
    Some(offsets.into_iter().map(spelled).collect())
}
