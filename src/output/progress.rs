//! The progress of a batch: how much of its input is done, how fast, and how long the rest will take.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::Tally;
use super::words::duration;
use crate::sync::lock;

/// How many characters the bar is wide.
const BAR_WIDTH: u64 = 10;

/// What a batch has done so far. The reader and the reporter add to it, and the live line shows it.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    tally: Mutex<Tally>,
    /// How many bytes of the input were read.
    position: AtomicU64,
    /// How many messages, or values without one, were in them.
    read: AtomicU64,
    /// The size of the input in bytes; 0 if it isn't known.
    size: u64,
}

impl Progress {
    /// Nothing is done yet. `size` is the size of the input in bytes, if that is known.
    pub(crate) fn of_input(size: Option<u64>) -> Self {
        Progress {
            size: size.unwrap_or_default(),
            ..Progress::default()
        }
    }

    /// The counts, to add to or to read.
    pub(crate) fn tally(&self) -> MutexGuard<'_, Tally> {
        lock(&self.tally)
    }

    /// Counts a part of the input as read.
    pub(crate) fn count_read(&self) {
        self.read.fetch_add(1, Ordering::Relaxed);
    }

    /// Records that this many bytes of the input have been read.
    pub(crate) fn set_position(&self, bytes: u64) {
        self.position.store(bytes, Ordering::Relaxed);
    }

    /// The progress on one line: a bar for a file, counts for a pipe.
    pub(super) fn line(&self) -> String {
        let tally = self.tally();
        let Some(left) = self.left(tally.total()) else {
            return tally.progress("");
        };
        let done = tally.total();
        // Rounded down, so that neither is full before the end.
        let part = |whole: u64| whole * done / (done + left).max(1);
        let bar = "=".repeat(usize::try_from(part(BAR_WIDTH)).unwrap_or_default());
        let eta = tally.time_for(left).map_or(String::new(), |time| {
            format!(
                ", {} left",
                duration(Duration::from_secs(time.as_secs() + 1))
            )
        });
        let counts = tally.progress(&eta);
        format!("[{bar:10}] {}% {counts}", part(100))
    }

    /// About how many messages of a file are not `done`, if the rest of it is like what was read.
    fn left(&self, done: u64) -> Option<u64> {
        let position = self.position.load(Ordering::Relaxed);
        let read = self.read.load(Ordering::Relaxed).max(done);
        if self.size == 0 || position == 0 {
            return None;
        }
        let unread = self.size.saturating_sub(position);
        let all = u128::from(read) * u128::from(unread) / u128::from(position);
        Some(read - done + u64::try_from(all).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;
    use crate::outcome::Outcome;
    use std::time::Duration;

    #[test]
    fn a_file_has_a_bar_and_a_pipe_has_counts() {
        let pipe = Progress::of_input(None);
        pipe.set_position(50);
        pipe.count_read();
        pipe.tally().count(Outcome::Accepted, Duration::ZERO);
        assert_eq!(pipe.line(), "1 done, 0 failed");

        let file = Progress::of_input(Some(200));
        assert_eq!(file.line(), "0 done, 0 failed");
        file.set_position(100);
        for _ in 0..10 {
            file.count_read();
        }
        file.tally().count(Outcome::Skipped, Duration::ZERO);
        file.tally().count(Outcome::Rejected, Duration::ZERO);
        // Of about 20 messages, 2 are done, and no speed is known yet.
        assert_eq!(file.line(), "[=         ] 10% 2 done (1 skipped), 1 failed");
    }

    #[test]
    fn what_was_read_but_is_not_done_is_left() {
        let file = Progress::of_input(Some(100));
        file.set_position(100);
        for _ in 0..1000 {
            file.count_read();
        }
        assert_eq!(file.left(0), Some(1000));
        assert_eq!(file.left(1000), Some(0));
    }
}
