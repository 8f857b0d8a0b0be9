//! How long to wait before the next attempt.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

/// The wait before the second attempt; it doubles with each further one.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// The longest wait between two attempts.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// The longest wait that a server may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(1);

/// The wait after attempt number `attempt`, the first being 1. `random` is between 0 and 1.
///
/// A random part of it, at most half, is left out: clients that failed together then don't come back together.
pub(super) fn backoff(attempt: u32, random: f64) -> Duration {
    let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
    let whole = FIRST_BACKOFF.saturating_mul(doubled).min(MAX_BACKOFF);
    whole.mul_f64(1.0 - random.clamp(0.0, 1.0) / 2.0)
}

/// The wait that a `Retry-After` asks for, in seconds or as a date, capped; `None` if it can't be read.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = if let Ok(seconds) = value.parse() {
        Duration::from_secs(seconds)
    } else {
        let date = DateTime::parse_from_rfc2822(value).ok()?;
        (date.with_timezone(&Utc) - DateTime::<Utc>::from(now))
            .to_std()
            .unwrap_or_default()
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::{backoff, retry_after};
    use proptest::prelude::*;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_767_323_045)
    }

    #[test]
    fn the_wait_doubles_from_half_a_second_to_half_a_minute() {
        let longest: Vec<_> = (1..=8).map(|attempt| backoff(attempt, 0.0)).collect();
        assert_eq!(
            longest,
            [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000].map(ms)
        );
        assert_eq!(backoff(1, 1.0), ms(250));
        assert_eq!(backoff(u32::MAX, 0.5), ms(22500));
    }

    #[test]
    fn a_server_may_say_when_to_come_back() {
        let asked = |value| retry_after(value, now());
        assert_eq!(asked("7"), Some(ms(7000)));
        assert_eq!(asked(" 0 "), Some(ms(0)));
        assert_eq!(asked("3600"), Some(ms(60_000)));
        assert_eq!(asked("Fri, 02 Jan 2026 03:04:15 GMT"), Some(ms(10_000)));
        assert_eq!(asked("Fri, 02 Jan 2026 03:00:00 GMT"), Some(ms(0)));
        assert_eq!(asked("Fri, 02 Jan 2099 03:00:00 GMT"), Some(ms(60_000)));
        for unreadable in ["", "-1", "soon", "1.5"] {
            assert_eq!(asked(unreadable), None, "{unreadable}");
        }
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn any_value_is_survived_and_capped(value in "\\PC{0,40}|[0-9]{1,40}|[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{8} GMT") {
            if let Some(wait) = retry_after(&value, now()) {
                prop_assert!(wait <= ms(60_000));
            }
        }
    }
}
