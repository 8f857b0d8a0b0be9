//! A value that threads share, and whose changes they can wait for.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The value. A thread that panics while it holds it doesn't keep the others from using it.
#[derive(Debug, Default)]
pub(super) struct Watched<T>(Mutex<T>, Condvar);

impl<T> Watched<T> {
    pub(super) fn new(value: T) -> Self {
        Watched(Mutex::new(value), Condvar::new())
    }

    /// The value as it is now.
    pub(super) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the value, and wakes every thread that waits.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.lock());
        self.1.notify_all();
        result
    }

    /// The value as soon as `is_reached` holds for it, or after `limit`.
    pub(super) fn wait(
        &self,
        limit: Duration,
        is_reached: impl Fn(&T) -> bool,
    ) -> MutexGuard<'_, T> {
        let waited = self
            .1
            .wait_timeout_while(self.lock(), limit, |value| !is_reached(value));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
