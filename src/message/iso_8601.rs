//! Times in ISO 8601: the extended format and the basic one, with or without seconds.

use chrono::{DateTime, FixedOffset};

/// With `T` between date and time. `%#z` reads all forms of an offset. A fraction of a minute is valid, and more likely a
/// mistake.
const FORMATS: [&str; 4] = [
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M%#z",
    "%Y%m%dT%H%M%S%.f%#z",
    "%Y%m%dT%H%M%#z",
];

/// The time in `text`, which must have an offset from UTC. A space may stand in place of the T, and before the offset.
pub(super) fn parse(text: &str) -> Option<DateTime<FixedOffset>> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let text = format!("{date}T{}", time.replace(',', "."));
    let mut times = FORMATS
        .iter()
        .filter_map(|format| DateTime::parse_from_str(&text, format).ok());
    times.next()
}
