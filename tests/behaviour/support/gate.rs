//! A gate that a test opens to let a server continue, so that no test has to sleep.

use std::sync::Arc;
use std::time::Duration;

use super::watched::Watched;

/// Closed at first; once opened, it stays open. Copies are the same gate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate(Arc<Watched<bool>>);

impl Gate {
    /// A closed gate.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Lets everything continue that waits now or later.
    pub(crate) fn open(&self) {
        self.0.change(|is_open| *is_open = true);
    }

    /// Whether it was opened.
    pub(super) fn is_open(&self) -> bool {
        *self.0.lock()
    }

    /// Waits until it is opened.
    pub(super) fn wait(&self) {
        self.opens_within(Duration::MAX);
    }

    /// Waits for `duration`; true if it is opened by then.
    pub(super) fn opens_within(&self, duration: Duration) -> bool {
        *self.0.wait(duration, |is_open| *is_open)
    }
}
