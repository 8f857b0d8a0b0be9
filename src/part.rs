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

/// Where a message comes from.
#[derive(Debug)]
pub(crate) struct Part {
    /// The lines of its value; `None` for flags.
    pub(crate) lines: Option<Lines>,
    /// How many results of its value are not known yet; `None` if this is the only one.
    pending: Option<Arc<AtomicU64>>,
}

impl Part {
    /// A message from flags.
    pub(crate) fn from_flags() -> Self {
        Part {
            lines: None,
            pending: None,
        }
    }

    /// The only part of a value.
    pub(crate) fn whole(lines: Lines) -> Self {
        Part {
            lines: Some(lines),
            pending: None,
        }
    }

    /// Records that a result is known. Returns true for the last one of its value.
    pub(crate) fn finish(&self) -> bool {
        self.pending
            .as_ref()
            .is_none_or(|pending| pending.fetch_sub(1, Ordering::AcqRel) == 1)
    }
}

/// Makes the parts of one value, whose number is known only at its end.
#[derive(Debug)]
pub(crate) struct PartSequence {
    lines: Lines,
    /// One more than the number of parts without a result, until the last part is found.
    pending: Option<Arc<AtomicU64>>,
}

impl PartSequence {
    /// A value whose parts are not known yet.
    pub(crate) fn of(lines: Lines) -> Self {
        PartSequence {
            lines,
            pending: None,
        }
    }

    /// Where a message comes from that is not the last of its value.
    pub(crate) fn next(&mut self) -> Part {
        let pending = self
            .pending
            .get_or_insert_with(|| Arc::new(AtomicU64::new(1)));
        pending.fetch_add(1, Ordering::AcqRel);
        Part {
            lines: Some(self.lines),
            pending: Some(Arc::clone(pending)),
        }
    }

    /// Where the last message of the value comes from.
    pub(crate) fn last(self) -> Part {
        Part {
            lines: Some(self.lines),
            pending: self.pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, Part, PartSequence};

    const LINES: Lines = Lines { first: 1, last: 2 };

    #[test]
    fn the_only_result_is_the_last_one() {
        assert!(Part::from_flags().finish());
        assert!(Part::whole(LINES).finish());
        assert!(PartSequence::of(LINES).last().finish());
    }

    #[test]
    fn the_result_that_is_known_last_is_the_last_one() {
        let mut parts = PartSequence::of(LINES);
        let (first, second) = (parts.next(), parts.next());
        // Results may be known before the last part is found.
        assert!(!first.finish());
        assert!(!second.finish());
        let third = parts.next();
        let fourth = parts.last();
        assert!(!fourth.finish());
        assert!(third.finish());
    }
}
