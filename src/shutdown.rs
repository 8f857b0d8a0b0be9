//! Why a run ends before its input does, told once to every thread that waits for something.

mod interrupt;
mod signals;

pub(crate) use interrupt::{Interruptible, ReadInterrupt};
#[cfg(all(unix, feature = "sandbox"))]
pub(crate) use signals::ending_signals;
#[cfg(unix)]
pub(crate) use signals::on_any_signal;
pub(crate) use signals::{SignalWatch, on_signal};

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::sync::lock;

/// Why the run stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// A signal, by its number.
    Signal(i32),
    /// Lexer refused the token: it would refuse every other message, too.
    Unauthorized,
    /// Too many consecutive messages got no final response.
    Unavailable,
    /// Results can no longer be written.
    CannotReport,
}

impl StopReason {
    /// Whether the input is not read any further. Otherwise its rest is read and reported as not sent.
    pub(crate) fn ends_reading(self) -> bool {
        matches!(self, StopReason::Signal(_) | StopReason::CannotReport)
    }
}

/// Whether the run stops. The first reason counts, except that a signal replaces any other.
#[derive(Debug, Default)]
pub(crate) struct Shutdown {
    reason: Mutex<Option<StopReason>>,
    changed: Condvar,
    /// Ends the reading of the input, for reasons that do.
    pub(crate) reading: ReadInterrupt,
}

impl Shutdown {
    /// Stops the run.
    pub(crate) fn request(&self, reason: StopReason) {
        let mut current = lock(&self.reason);
        if current.is_none() || matches!(reason, StopReason::Signal(_)) {
            *current = Some(reason);
        }
        drop(current);
        self.changed.notify_all();
        if reason.ends_reading() {
            self.reading.trigger();
        }
    }

    /// Why the run stops, if it does.
    pub(crate) fn reason(&self) -> Option<StopReason> {
        *lock(&self.reason)
    }

    /// Waits for `duration`. Returns false if the run stops first.
    pub(crate) fn sleep(&self, duration: Duration) -> bool {
        let (reason, _) = self
            .changed
            .wait_timeout_while(lock(&self.reason), duration, |reason| reason.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        reason.is_none()
    }
}
