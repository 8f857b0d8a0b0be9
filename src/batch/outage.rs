//! Notices when Lexer gives no final response for a while, and when it does again.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures for at least this long, with no final response in between, are an outage. A few messages that keep failing
/// among others that succeed are not.
const MIN_DURATION: Duration = Duration::from_secs(5);

/// Watches the attempts of all messages.
#[derive(Debug, Default)]
pub(super) struct Outage(Mutex<Option<Instant>>);

impl Outage {
    /// Records the end of an attempt at `now`, and whether it got a final response. Returns true for the first one
    /// after an outage.
    pub(super) fn record(&self, is_final: bool, now: Instant) -> bool {
        let mut failing_since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if is_final {
            failing_since
                .take()
                .is_some_and(|since| now.saturating_duration_since(since) >= MIN_DURATION)
        } else {
            failing_since.get_or_insert(now);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MIN_DURATION, Outage};
    use std::time::{Duration, Instant};

    #[test]
    fn ends_with_the_first_final_response_after_a_while() {
        let outage = Outage::default();
        let start = Instant::now();
        assert!(!outage.record(true, start));
        assert!(!outage.record(false, start));
        assert!(!outage.record(false, start + MIN_DURATION));
        assert!(outage.record(true, start + MIN_DURATION));
        assert!(!outage.record(true, start + MIN_DURATION));
    }

    #[test]
    fn messages_that_always_fail_among_others_are_no_outage() {
        let outage = Outage::default();
        let start = Instant::now();
        for second in 0..100 {
            let now = start + Duration::from_secs(second);
            assert!(!outage.record(false, now));
            assert!(!outage.record(second % 4 == 0, now));
        }
    }
}
