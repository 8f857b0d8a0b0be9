//! Stops a run after many consecutive failures: the next message would fail, too.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::outcome::Outcome;

/// How many consecutive messages without a final response end the run.
pub(crate) const MAX_CONSECUTIVE_FAILURES: u32 = 10;

/// Counts consecutive messages without a final response.
#[derive(Debug, Default)]
pub(super) struct CircuitBreaker(AtomicU32);

impl CircuitBreaker {
    /// Records the outcome of a message that was sent. Returns true once the circuit breaker trips.
    pub(super) fn record(&self, outcome: Outcome) -> bool {
        if outcome.is_failure() {
            self.0.fetch_add(1, Ordering::Relaxed) + 1 >= MAX_CONSECUTIVE_FAILURES
        } else {
            self.0.store(0, Ordering::Relaxed);
            false
        }
    }
}
