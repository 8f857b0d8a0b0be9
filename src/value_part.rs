//! Where in the input a message comes from, and when all results of its value are known.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The lines of one value of the input; the first line is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lines {
    /// The line on which the value starts.
    pub(crate) first: u64,
    /// The line on which it ends.
    pub(crate) last: u64,
}

/// Where a message comes from: from flags, or from a value of the input, of which it may be only a part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// The lines of its value; `None` for flags.
    pub(crate) lines: Option<Lines>,
    /// How many results of its value are not known yet; `None` if this is the only one.
    pending: Option<Arc<AtomicU64>>,
}

impl Part {
    /// All of the value on these lines.
    pub(crate) fn whole(lines: Lines) -> Self {
        Part {
            lines: Some(lines),
            pending: None,
        }
    }

    /// Splits off a part that gets a result of its own.
    pub(crate) fn split(&mut self) -> Self {
        let pending = self
            .pending
            .get_or_insert_with(|| Arc::new(AtomicU64::new(1)));
        pending.fetch_add(1, Ordering::AcqRel);
        self.clone()
    }

    /// Records that the result is known. Returns true for the last one of the value.
    pub(crate) fn finish(&self) -> bool {
        self.pending
            .as_ref()
            .is_none_or(|pending| pending.fetch_sub(1, Ordering::AcqRel) == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, Part};

    const LINES: Lines = Lines { first: 1, last: 2 };

    #[test]
    fn the_only_result_is_the_last_one() {
        assert!(Part::default().finish());
        assert!(Part::whole(LINES).finish());
    }

    #[test]
    fn the_result_that_is_known_last_is_the_last_one() {
        let mut rest = Part::whole(LINES);
        let (first, second) = (rest.split(), rest.split());
        // Results may be known before all parts are found.
        assert!(!first.finish());
        assert!(!second.finish());
        let third = rest.split();
        assert!(!rest.finish());
        assert!(third.finish());
    }
}
