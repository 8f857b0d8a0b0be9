//! A gate that a test opens to let a server continue, so that no test has to sleep.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Closed at first; once opened, it stays open. Copies are the same gate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// A closed gate.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Lets everything continue that waits now or later.
    pub(crate) fn open(&self) {
        *self.lock() = true;
        self.0.1.notify_all();
    }

    /// Whether it was opened.
    pub(super) fn is_open(&self) -> bool {
        *self.lock()
    }

    /// Waits until it is opened.
    pub(super) fn wait(&self) {
        self.wait_or(|| false);
    }

    /// Waits until it is opened or `given_up` returns true, which is called again after each [`Gate::wake`].
    pub(super) fn wait_or(&self, given_up: impl Fn() -> bool) {
        let mut open = self.lock();
        while !*open && !given_up() {
            open = self.0.1.wait(open).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for `duration`; true if it is opened by then.
    pub(super) fn opens_within(&self, duration: Duration) -> bool {
        *self
            .0
            .1
            .wait_timeout_while(self.lock(), duration, |open| !*open)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    /// Makes waiters check again whether to give up.
    pub(super) fn wake(&self) {
        let _held = self.lock();
        self.0.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
