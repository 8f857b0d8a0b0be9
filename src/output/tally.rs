//! Counts the outcomes of a run.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::exit::Exit;
use crate::outcome::Outcome;

/// How many messages had each outcome.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    start: Instant,
    counts: BTreeMap<Outcome, u64>,
}

impl Tally {
    /// The tally of a run that starts now.
    pub(crate) fn new() -> Self {
        Tally {
            start: Instant::now(),
            // A summary names accepted messages even if there were 0.
            counts: BTreeMap::from([(Outcome::Accepted, 0)]),
        }
    }

    /// Counts an outcome.
    pub(crate) fn count(&mut self, outcome: Outcome) {
        *self.counts.entry(outcome).or_default() += 1;
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

    /// The state of a run that goes on.
    pub(super) fn progress(&self) -> String {
        let total = self.total();
        format!(
            "{total} done, {:.1} a second, {} failed",
            per_second(total, self.start.elapsed()),
            self.sum(|outcome| !outcome.is_ok())
        )
    }

    /// The summary of a run that ends now.
    pub(crate) fn summary(&self) -> String {
        self.summary_after(self.start.elapsed())
    }

    fn summary_after(&self, time: Duration) -> String {
        let counts = self.counts.iter();
        let counts: Vec<_> = counts
            .map(|(outcome, count)| format!("{count} {outcome}"))
            .collect();
        format!(
            "{} in {:.1} s ({:.1} a second)",
            counts.join(", "),
            time.as_secs_f64(),
            per_second(self.sum(Outcome::was_sent), time)
        )
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
fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(0.001)
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::exit::Exit;
    use crate::outcome::Outcome;
    use std::time::Duration;

    #[test]
    fn summary_names_the_outcomes_and_the_rate_of_sent_messages() {
        let mut tally = Tally::new();
        assert_eq!(
            tally.summary_after(Duration::ZERO),
            "0 accepted in 0.0 s (0.0 a second)"
        );
        for outcome in [
            Outcome::Accepted,
            Outcome::Accepted,
            Outcome::Rejected,
            Outcome::Skipped,
            Outcome::NotSent,
            Outcome::NotSent,
        ] {
            tally.count(outcome);
        }
        assert_eq!(
            tally.summary_after(Duration::from_millis(1500)),
            "2 accepted, 1 rejected, 1 skipped, 2 not sent in 1.5 s (2.0 a second)"
        );
        assert!(tally.progress().starts_with("6 done, "));
        assert!(tally.progress().ends_with(" a second, 3 failed"));
        assert_eq!((tally.total(), tally.exit()), (6, Exit::Refused));
    }
}
