//! Why a run ends before its input, told once to everybody who waits for something.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Why the run stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// SIGINT or SIGTERM, by its number.
    Signal(i32),
    /// Lexer refused the token: every other message would be refused too.
    Unauthorized,
    /// So many messages in a row got no final answer that the next won't either.
    Unavailable,
    /// A result can't be written any more.
    CannotReport,
}

/// Whether the run stops; the first reason counts, but for a signal, which the user sent last.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    reason: Mutex<Option<Reason>>,
    changed: Condvar,
}

impl Stop {
    /// Stops the run.
    pub(crate) fn request(&self, reason: Reason) {
        let mut current = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        if current.is_none() || matches!(reason, Reason::Signal(_)) {
            *current = Some(reason);
        }
        drop(current);
        self.changed.notify_all();
    }

    /// Why the run stops, if it does.
    pub(crate) fn reason(&self) -> Option<Reason> {
        *self.reason.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `time`, or until the run stops. Whether it didn't stop.
    pub(crate) fn sleep_until(&self, time: Instant) -> bool {
        self.sleep(time.saturating_duration_since(Instant::now()))
    }

    /// Waits for `duration`, or until the run stops. Whether it didn't stop.
    pub(crate) fn sleep(&self, duration: Duration) -> bool {
        let start = Instant::now();
        let mut reason = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if reason.is_some() {
                return false;
            }
            let left = duration.saturating_sub(start.elapsed());
            if left.is_zero() {
                return true;
            }
            (reason, _) = self
                .changed
                .wait_timeout(reason, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}
