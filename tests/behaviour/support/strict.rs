//! A strict limit, as a server may have one: on the arrivals in any one second, from all clients together.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::reply::Reply;
use super::watched::Watched;

/// How many arrivals in any one second are accepted.
const PER_SECOND: usize = 10;

/// The count of one token's requests. Copies are the same count.
#[derive(Debug, Clone, Default)]
pub(crate) struct StrictCount(Arc<Watched<Arrivals>>);

#[derive(Debug, Default)]
struct Arrivals {
    times: Vec<Instant>,
    refused: usize,
}

impl StrictCount {
    /// Counts a request that arrives now, and replies to it.
    pub(crate) fn reply(&self) -> Reply {
        self.reply_delayed(Duration::ZERO)
    }

    /// Counts a request as if it arrived this much later, and replies to it now.
    pub(crate) fn reply_delayed(&self, delay: Duration) -> Reply {
        let mut arrivals = self.0.lock();
        if arrivals.add(Instant::now() + delay) {
            Reply::created()
        } else {
            arrivals.refused += 1;
            Reply::status(429, "Too Many Requests").header("Retry-After", "1")
        }
    }

    /// Counts requests that somebody else makes now with the same token.
    pub(crate) fn add_strays(&self, count: usize) {
        let mut arrivals = self.0.lock();
        for _ in 0..count {
            arrivals.add(Instant::now());
        }
    }

    /// How many requests were refused.
    pub(crate) fn refused(&self) -> usize {
        self.0.lock().refused
    }

    /// The time between the first and the last arrival.
    pub(crate) fn span(&self) -> Duration {
        let arrivals = self.0.lock();
        match (arrivals.times.first(), arrivals.times.last()) {
            (Some(first), Some(last)) => *last - *first,
            _ => Duration::ZERO,
        }
    }
}

impl Arrivals {
    /// Records an arrival; true if it is within the limit. A refused request counts, too.
    fn add(&mut self, now: Instant) -> bool {
        let is_recent = |time: &&Instant| **time <= now && now - **time < Duration::from_secs(1);
        let recent = self.times.iter().filter(is_recent).count();
        self.times.push(now);
        recent < PER_SECOND
    }
}
