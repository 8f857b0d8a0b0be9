//! How many requests the sandbox accepts in any one second before it responds with 429.
//!
//! Lexer doesn't publish how it counts. This is the strictest reading of "10 a second": a client that satisfies it
//! satisfies all others.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const ONE_SECOND: Duration = Duration::from_secs(1);

/// The sandbox's rate limit.
#[derive(Debug)]
pub(crate) struct StrictLimit {
    /// The limit; 0 for none.
    pub(crate) per_second: u32,
    /// When the requests of the last second were accepted, oldest first.
    accepted: VecDeque<Instant>,
}

impl StrictLimit {
    /// A limit of `per_second` requests; 0 for none.
    pub(crate) fn new(per_second: u32) -> Self {
        StrictLimit {
            per_second,
            accepted: VecDeque::new(),
        }
    }

    /// Whether a request that arrives at `now` is within the limit. A refused request doesn't count.
    pub(crate) fn admits(&mut self, now: Instant) -> bool {
        if self.per_second == 0 {
            return true;
        }
        let is_over = |accepted: &Instant| now.duration_since(*accepted) >= ONE_SECOND;
        while self.accepted.front().is_some_and(is_over) {
            self.accepted.pop_front();
        }
        let admitted = self.accepted.len() < self.per_second as usize;
        if admitted {
            self.accepted.push_back(now);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::StrictLimit;

    /// How many of `count` requests, `gap` apart, are admitted.
    fn admitted(limit: &mut StrictLimit, start: Instant, gap: Duration, count: u32) -> usize {
        (0..count)
            .filter(|n| limit.admits(start + gap * *n))
            .count()
    }

    #[test]
    fn admits_a_client_at_exactly_the_rate() {
        for per_second in [1, 4, 8, 10, 1000] {
            let gap = Duration::from_secs(1) / per_second;
            let mut limit = StrictLimit::new(per_second);
            assert_eq!(admitted(&mut limit, Instant::now(), gap, 5000), 5000);
        }
    }

    #[test]
    fn refuses_one_request_too_many_in_any_one_second() {
        let start = Instant::now();
        let mut limit = StrictLimit::new(10);
        let gap = Duration::from_millis(99);
        assert_eq!(admitted(&mut limit, start, gap, 11), 10);
        assert!(!limit.admits(start + Duration::from_millis(999)));
        assert!(limit.admits(start + Duration::from_secs(1)));
        assert!(!limit.admits(start + Duration::from_secs(1)));
    }

    #[test]
    fn a_refused_request_does_not_count() {
        let start = Instant::now();
        let mut limit = StrictLimit::new(10);
        assert_eq!(admitted(&mut limit, start, Duration::ZERO, 25), 10);
        let later = start + Duration::from_secs(1);
        assert_eq!(admitted(&mut limit, later, Duration::ZERO, 25), 10);
    }

    #[test]
    fn zero_is_no_limit() {
        let mut limit = StrictLimit::new(0);
        let start = Instant::now();
        assert_eq!(admitted(&mut limit, start, Duration::ZERO, 5000), 5000);
    }
}
