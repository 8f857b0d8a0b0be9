//! The progress of a batch: how its messages ended, how much of its input is done, how fast, and how long the rest will
//! take.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::text::duration;
use crate::exit::Exit;
use crate::locks::lock;
use crate::outcome::Outcome;

/// How many characters the bar is wide.
const BAR_WIDTH: u64 = 10;

/// The shortest time over which a rate is worth showing.
const MIN_RATE_TIME: Duration = Duration::from_secs(1);

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
    /// The progress before anything is read. `size` is the size of the input in bytes, if that is known.
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
        let done = tally.total();
        let Some(left) = self.left(done) else {
            return tally.progress("");
        };
        // Rounded down, so that neither is full before the end.
        let part = |whole: u64| whole * done / (done + left).max(1);
        let bar = "=".repeat(usize::try_from(part(BAR_WIDTH)).unwrap_or_default());
        let eta = tally
            .time_for(left)
            .map_or(String::new(), |time| format!(", {} left", duration(time)));
        format!("[{bar:10}] {}% {}", part(100), tally.progress(&eta))
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

/// How many messages had each outcome.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    start: Instant,
    /// When the first message was sent: those that are skipped before take no time worth counting.
    sending_since: Option<Instant>,
    counts: BTreeMap<Outcome, u64>,
}

impl Default for Tally {
    /// The tally of a run that starts now.
    fn default() -> Self {
        Tally {
            start: Instant::now(),
            sending_since: None,
            // A summary names accepted messages even if there were 0.
            counts: BTreeMap::from([(Outcome::Accepted, 0)]),
        }
    }
}

impl Tally {
    /// Counts the outcome of a message whose attempts took `elapsed`.
    pub(crate) fn count(&mut self, outcome: Outcome, elapsed: Duration) {
        *self.counts.entry(outcome).or_default() += 1;
        if outcome.was_sent() && self.sending_since.is_none() {
            self.sending_since = Instant::now().checked_sub(elapsed);
        }
    }

    /// The exit code of the worst outcome.
    pub(crate) fn exit(&self) -> Exit {
        let exits = self.counts.keys().map(|outcome| outcome.exit());
        exits.max().unwrap_or_default()
    }

    /// How many outcomes were counted.
    pub(crate) fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How many messages had this outcome.
    pub(crate) fn number_of(&self, outcome: Outcome) -> u64 {
        self.counts.get(&outcome).copied().unwrap_or_default()
    }

    /// The state of a run that goes on. `left` says how long that will take. The most important comes first, because a
    /// terminal may be too narrow for all of it.
    pub(super) fn progress(&self, left: &str) -> String {
        let skipped = match self.number_of(Outcome::Skipped) {
            0 => String::new(),
            count => format!(" ({count} skipped)"),
        };
        let rate = self.rate();
        let rate = rate.map_or(String::new(), |rate| format!(", {rate:.1} a second"));
        let failed = self.sum(|outcome| !outcome.is_ok());
        let done = self.total();
        format!("{done} done{skipped}, {failed} failed{left}{rate}")
    }

    /// The summary of a run that ends now. `left` says what is left of its input.
    pub(crate) fn summary(&self, left: Option<String>) -> String {
        let time = self.start.elapsed().as_secs_f64();
        let counts = self.counts.iter();
        let counts = counts.map(|(outcome, count)| format!("{count} {outcome}"));
        let counts = counts.chain(left).collect::<Vec<_>>().join(", ");
        let rate = self.rate();
        let rate = rate.map_or(String::new(), |rate| format!(" ({rate:.1} a second)"));
        format!("{counts} in {time:.1} s{rate}")
    }

    /// About how long it takes to send `count` messages, once that is known.
    fn time_for(&self, count: u64) -> Option<Duration> {
        let count = u32::try_from(count).ok()?;
        Duration::try_from_secs_f64(f64::from(count) / self.rate()?).ok()
    }

    /// Messages per second, without those that were skipped or never got through; `None` if that says nothing.
    fn rate(&self) -> Option<f64> {
        let sent = self.sum(|outcome| outcome.was_sent() && outcome != Outcome::Unavailable);
        let sent = f64::from(u32::try_from(sent).ok()?);
        let time = self.sending_since?.elapsed();
        (sent > 0.0 && time >= MIN_RATE_TIME).then(|| sent / time.as_secs_f64())
    }

    fn sum(&self, includes: impl Fn(Outcome) -> bool) -> u64 {
        let counts = self.counts.iter();
        let counts = counts.filter(|(outcome, _)| includes(**outcome));
        counts.map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Progress, Tally};
    use crate::exit::Exit;
    use crate::outcome::Outcome;

    /// The tally of a run that has been sending for that long, in seconds.
    fn tally(seconds: f64, outcomes: &[Outcome]) -> Tally {
        let mut tally = Tally::default();
        for outcome in outcomes {
            tally.count(*outcome, Duration::ZERO);
        }
        tally.sending_since = Instant::now().checked_sub(Duration::from_secs_f64(seconds));
        tally
    }

    /// The summary without the time.
    fn summary(tally: &Tally, left: Option<&str>) -> String {
        let summary = tally.summary(left.map(str::to_owned));
        let (counts, rest) = summary.split_once(" in 0.").unwrap();
        let (_, rate) = rest.split_once(" s").unwrap();
        format!("{counts}{rate}")
    }

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
        *file.tally() = tally(100.5, &[Outcome::Accepted; 10]);
        assert_eq!(
            file.line(),
            "[=====     ] 50% 10 done, 0 failed, 1 min 41 s left, 0.1 a second"
        );
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

    #[test]
    fn skipped_messages_are_left_out_of_the_rate() {
        assert_eq!(summary(&tally(0.0, &[]), None), "0 accepted");
        let outcomes = [
            Outcome::Accepted,
            Outcome::Accepted,
            Outcome::Rejected,
            Outcome::Skipped,
            Outcome::NotSent,
            Outcome::NotSent,
        ];
        let tally = tally(30.0, &outcomes);
        assert_eq!(
            summary(&tally, Some("3 lines left")),
            "2 accepted, 1 rejected, 1 skipped, 2 not sent, 3 lines left (0.1 a second)"
        );
        assert_eq!(
            tally.progress(", 5 s left"),
            "6 done (1 skipped), 3 failed, 5 s left, 0.1 a second"
        );
        assert_eq!((tally.total(), tally.exit()), (6, Exit::Refused));
    }

    #[test]
    fn less_than_a_second_has_no_rate() {
        let tally = tally(0.1, &[Outcome::Accepted]);
        assert_eq!(summary(&tally, None), "1 accepted");
        assert_eq!(tally.progress(""), "1 done, 0 failed");
        assert_eq!(tally.time_for(5), None);
    }

    #[test]
    fn messages_that_never_got_through_have_no_rate() {
        let tally = tally(2.0, &[Outcome::Unavailable]);
        assert_eq!(summary(&tally, None), "0 accepted, 1 unavailable");
    }

    #[test]
    fn the_time_of_the_first_attempt_counts() {
        let mut tally = Tally::default();
        tally.count(Outcome::Skipped, Duration::ZERO);
        assert_eq!(tally.sending_since, None);
        tally.count(Outcome::Accepted, Duration::from_secs(2));
        assert!(tally.rate().is_some());
    }
}
