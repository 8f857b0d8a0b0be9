//! How many requests a second the sandbox accepts before it responds with 429.
//!
//! A bucket that holds one second's worth of requests and refills evenly. A count over the last second would refuse
//! a client that sends evenly at exactly the rate as soon as one request arrived slightly early.

use std::time::{Duration, Instant};

/// The size of the bucket.
const ONE_SECOND: Duration = Duration::from_secs(1);

/// The sandbox's rate limit.
#[derive(Debug)]
pub(crate) struct StrictLimit {
    /// The limit; 0 for none.
    pub(crate) per_second: u32,
    /// When the bucket will be full again; `None` before the first request.
    full_again: Option<Instant>,
}

impl StrictLimit {
    /// A limit of `per_second` requests; 0 for none.
    pub(crate) fn new(per_second: u32) -> Self {
        StrictLimit {
            per_second,
            full_again: None,
        }
    }

    /// Whether a request that arrives at `now` is within the limit. A refused request doesn't count.
    pub(crate) fn admits(&mut self, now: Instant) -> bool {
        let Some(share) = ONE_SECOND.checked_div(self.per_second) else {
            return true;
        };
        let full_again = self.full_again.map_or(now, |full| full.max(now)) + share;
        let admitted = full_again.duration_since(now) <= ONE_SECOND;
        if admitted {
            self.full_again = Some(full_again);
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
        for per_second in [1, 3, 7, 10, 1000] {
            let gap = Duration::from_secs(1) / per_second;
            let mut limit = StrictLimit::new(per_second);
            assert_eq!(admitted(&mut limit, Instant::now(), gap, 5000), 5000);
        }
    }

    #[test]
    fn admits_requests_that_are_slightly_early_or_late() {
        let start = Instant::now();
        let mut limit = StrictLimit::new(10);
        let jitter = [0, 40, -40, 5, -30, 49, -49];
        for (n, early) in (1..2000).zip(jitter.into_iter().cycle()) {
            let arrival = Duration::from_millis(n * 100).saturating_sub(Duration::from_millis(50));
            let arrival = arrival + Duration::from_millis((50 + early).try_into().unwrap());
            assert!(limit.admits(start + arrival), "request {n}");
        }
    }

    #[test]
    fn refuses_only_the_excess() {
        let start = Instant::now();
        let eleven_a_second = Duration::from_secs(1) / 11;
        let mut limit = StrictLimit::new(10);
        // 100 seconds at 10, and the bucket that was full at the start.
        assert_eq!(admitted(&mut limit, start, eleven_a_second, 1100), 1009);
    }

    #[test]
    fn a_burst_uses_up_one_second_of_requests() {
        let start = Instant::now();
        let mut limit = StrictLimit::new(10);
        assert_eq!(admitted(&mut limit, start, Duration::ZERO, 25), 10);
        let later = start + Duration::from_millis(100);
        assert_eq!(admitted(&mut limit, later, Duration::ZERO, 25), 1);
        let later = start + Duration::from_millis(1100);
        assert_eq!(admitted(&mut limit, later, Duration::ZERO, 25), 10);
    }

    #[test]
    fn zero_means_no_limit() {
        let mut limit = StrictLimit::new(0);
        let start = Instant::now();
        assert_eq!(admitted(&mut limit, start, Duration::ZERO, 5000), 5000);
    }
}
