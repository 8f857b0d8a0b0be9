//! Counts the outcomes of a run.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::exit::Exit;
use crate::outcome::Outcome;

/// A rate over less time than this says nothing.
const MIN_RATE_TIME: Duration = Duration::from_secs(1);

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
    /// Counts the outcome of a message whose attempts took so long.
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
        self.progress_after(self.sending_time(), left)
    }

    fn progress_after(&self, sending: Duration, left: &str) -> String {
        let skipped = match self.number_of(Outcome::Skipped) {
            0 => String::new(),
            count => format!(" ({count} skipped)"),
        };
        let rate = self.rate(sending);
        let rate = rate.map_or(String::new(), |rate| format!(", {rate:.1} a second"));
        let failed = self.sum(|outcome| !outcome.is_ok());
        format!(
            "{} done{skipped}, {failed} failed{left}{rate}",
            self.total()
        )
    }

    /// About how long it takes to send `count` messages, once that is known.
    pub(super) fn time_for(&self, count: u64) -> Option<Duration> {
        let rate = self.rate(self.sending_time())?;
        Duration::try_from_secs_f64(as_f64(count) / rate).ok()
    }

    /// The summary of a run that ends now. `left` says what is left of its input.
    pub(crate) fn summary(&self, left: Option<String>) -> String {
        self.summary_after(left, self.start.elapsed(), self.sending_time())
    }

    fn summary_after(&self, left: Option<String>, time: Duration, sending: Duration) -> String {
        let counts = self.counts.iter();
        let counts: Vec<_> = counts
            .map(|(outcome, count)| format!("{count} {outcome}"))
            .chain(left)
            .collect();
        let rate = self.rate(sending);
        let rate = rate.map_or(String::new(), |rate| format!(" ({rate:.1} a second)"));
        format!("{} in {:.1} s{rate}", counts.join(", "), time.as_secs_f64())
    }

    /// Messages per second, without those that were skipped or never got through; `None` if that says nothing.
    fn rate(&self, sending: Duration) -> Option<f64> {
        let sent = self.sum(|outcome| outcome.was_sent() && outcome != Outcome::Unavailable);
        (sent > 0 && sending >= MIN_RATE_TIME).then(|| as_f64(sent) / sending.as_secs_f64())
    }

    fn sending_time(&self) -> Duration {
        self.sending_since
            .map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn sum(&self, includes: impl Fn(Outcome) -> bool) -> u64 {
        let counts = self.counts.iter();
        let counts = counts.filter(|(outcome, _)| includes(**outcome));
        counts.map(|(_, count)| count).sum()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "printed with one digit after the point"
)]
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::exit::Exit;
    use crate::outcome::Outcome;
    use std::time::Duration;

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn skipped_messages_are_left_out_of_the_rate() {
        let mut tally = Tally::default();
        assert_eq!(
            tally.summary_after(None, Duration::ZERO, Duration::ZERO),
            "0 accepted in 0.0 s"
        );
        for outcome in [
            Outcome::Accepted,
            Outcome::Accepted,
            Outcome::Rejected,
            Outcome::Skipped,
            Outcome::NotSent,
            Outcome::NotSent,
        ] {
            tally.count(outcome, Duration::ZERO);
        }
        assert_eq!(
            tally.summary_after(Some("3 lines left".to_owned()), seconds(4.0), seconds(1.5)),
            "2 accepted, 1 rejected, 1 skipped, 2 not sent, 3 lines left in 4.0 s (2.0 a second)"
        );
        assert_eq!(
            tally.progress_after(seconds(1.5), ", 5 s left"),
            "6 done (1 skipped), 3 failed, 5 s left, 2.0 a second"
        );
        assert_eq!((tally.total(), tally.exit()), (6, Exit::Refused));
    }

    #[test]
    fn less_than_a_second_has_no_rate() {
        let mut tally = Tally::default();
        tally.count(Outcome::Accepted, Duration::ZERO);
        assert_eq!(
            tally.summary_after(None, seconds(0.9), seconds(0.9)),
            "1 accepted in 0.9 s"
        );
        assert_eq!(tally.progress_after(seconds(0.9), ""), "1 done, 0 failed");
        assert_eq!(tally.time_for(5), None);
    }

    #[test]
    fn messages_that_never_got_through_have_no_rate() {
        let mut tally = Tally::default();
        tally.count(Outcome::Unavailable, Duration::ZERO);
        assert_eq!(
            tally.summary_after(None, seconds(2.0), seconds(2.0)),
            "0 accepted, 1 unavailable in 2.0 s"
        );
    }

    #[test]
    fn the_time_of_the_first_attempt_counts() {
        let mut tally = Tally::default();
        tally.count(Outcome::Skipped, Duration::ZERO);
        assert_eq!(tally.sending_time(), Duration::ZERO);
        tally.count(Outcome::Accepted, seconds(2.0));
        assert!(tally.sending_time() >= seconds(2.0));
    }
}
