//! How many requests a second the sandbox takes before it answers 429.
//!
//! A bucket that holds one second's worth of requests and refills evenly. A strict count over the last second
//! would refuse a client that sends evenly at exactly the rate whenever one request comes a hair early.

use std::time::{Duration, Instant};

/// What the bucket holds.
const ONE_SECOND: Duration = Duration::from_secs(1);

/// A limit of so many requests a second.
#[derive(Debug)]
pub(crate) struct StrictLimit {
    /// The part of the bucket that one request takes; `None`: no limit.
    share: Option<Duration>,
    /// When the bucket will be full again; `None`: no request has come yet.
    full_again: Option<Instant>,
}

impl StrictLimit {
    /// A limit of `per_second` requests; 0 for none.
    pub(crate) fn new(per_second: u32) -> Self {
        StrictLimit {
            share: ONE_SECOND.checked_div(per_second),
            full_again: None,
        }
    }

    /// Whether a request that arrives at `now` is within the limit. One that isn't takes nothing.
    pub(crate) fn admits(&mut self, now: Instant) -> bool {
        let Some(share) = self.share else {
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
    fn admitted(rate: &mut StrictLimit, start: Instant, gap: Duration, count: u32) -> usize {
        (0..count).filter(|n| rate.admits(start + gap * *n)).count()
    }

    #[test]
    fn a_client_at_exactly_the_rate_is_never_refused() {
        for per_second in [1, 3, 7, 10, 1000] {
            let gap = Duration::from_secs(1) / per_second;
            let mut rate = StrictLimit::new(per_second);
            assert_eq!(admitted(&mut rate, Instant::now(), gap, 5000), 5000);
        }
    }

    #[test]
    fn nor_is_one_whose_requests_come_a_little_early_or_late() {
        let start = Instant::now();
        let mut rate = StrictLimit::new(10);
        let jitter = [0, 40, -40, 5, -30, 49, -49];
        for (n, early) in (1..2000).zip(jitter.into_iter().cycle()) {
            let arrival = Duration::from_millis(n * 100).saturating_sub(Duration::from_millis(50));
            let arrival = arrival + Duration::from_millis((50 + early).try_into().unwrap());
            assert!(rate.admits(start + arrival), "request {n}");
        }
    }

    #[test]
    fn a_client_over_the_rate_is_refused_as_much_as_it_is_over() {
        let start = Instant::now();
        let eleven_a_second = Duration::from_secs(1) / 11;
        let mut rate = StrictLimit::new(10);
        // 100 seconds at 10, and the bucket that was full at the start.
        assert_eq!(admitted(&mut rate, start, eleven_a_second, 1100), 1009);
    }

    #[test]
    fn a_burst_gets_one_seconds_worth_and_as_much_again_a_second_later() {
        let start = Instant::now();
        let mut rate = StrictLimit::new(10);
        assert_eq!(admitted(&mut rate, start, Duration::ZERO, 25), 10);
        let later = start + Duration::from_millis(100);
        assert_eq!(admitted(&mut rate, later, Duration::ZERO, 25), 1);
        let later = start + Duration::from_millis(1100);
        assert_eq!(admitted(&mut rate, later, Duration::ZERO, 25), 10);
    }

    #[test]
    fn zero_is_no_limit() {
        let mut rate = StrictLimit::new(0);
        let start = Instant::now();
        assert_eq!(admitted(&mut rate, start, Duration::ZERO, 5000), 5000);
    }
}
