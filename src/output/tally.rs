//! What a run comes to: how many messages came to what, and how fast.

use std::fmt;
use std::time::{Duration, Instant};

use crate::exit::Exit;
use crate::outcome::Outcome;

/// The words for each kind of outcome, in the order in which a summary has them.
const WORDS: [(Outcome, &str); 8] = [
    (Outcome::Accepted, "accepted"),
    (Outcome::Rejected, "rejected"),
    (Outcome::Unauthorized, "unauthorized"),
    (Outcome::Unavailable, "unavailable"),
    (Outcome::Unknown, "unknown"),
    (Outcome::Invalid, "invalid"),
    (Outcome::Skipped, "skipped"),
    (Outcome::NotSent, "not sent"),
];

/// Counts outcomes.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    start: Instant,
    counts: [u64; WORDS.len()],
    worst: Exit,
}

impl Tally {
    /// Nothing counted yet; the time runs from now.
    pub(crate) fn new() -> Self {
        Tally {
            start: Instant::now(),
            counts: [0; WORDS.len()],
            worst: Exit::Success,
        }
    }

    /// Counts an outcome of this kind.
    pub(crate) fn count(&mut self, outcome: Outcome) {
        self.worst = self.worst.max(outcome.exit());
        if let Some(place) = WORDS.iter().position(|(own, _)| *own == outcome) {
            self.counts[place] += 1;
        }
    }

    /// The exit code of the worst outcome.
    pub(crate) fn exit(&self) -> Exit {
        self.worst
    }

    /// How many came to nothing that is well.
    pub(crate) fn failures(&self) -> u64 {
        self.sum(|outcome| !outcome.is_ok())
    }

    /// How many outcomes were counted.
    pub(crate) fn total(&self) -> u64 {
        self.sum(|_| true)
    }

    /// The summary of a run that took until now.
    pub(crate) fn summary(&self) -> String {
        self.summary_after(self.start.elapsed())
    }

    fn summary_after(&self, time: Duration) -> String {
        let asked = self.sum(|outcome| {
            !matches!(
                outcome,
                Outcome::Invalid | Outcome::Skipped | Outcome::NotSent
            )
        });
        format!(
            "{self} in {:.1} s ({:.1} a second)",
            time.as_secs_f64(),
            a_second(asked, time)
        )
    }

    fn sum(&self, which: impl Fn(Outcome) -> bool) -> u64 {
        let counted = WORDS.iter().zip(self.counts);
        counted
            .filter(|((outcome, _), _)| which(*outcome))
            .map(|(_, count)| count)
            .sum()
    }
}

/// How many there were each second, of `count` in `time`.
#[expect(
    clippy::cast_precision_loss,
    reason = "printed with one digit after the point"
)]
pub(super) fn a_second(count: u64, time: Duration) -> f64 {
    if time.is_zero() {
        0.0
    } else {
        count as f64 / time.as_secs_f64()
    }
}

/// `7 accepted, 1 invalid`: the accepted always, the others where there are any.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} accepted", self.counts[0])?;
        for ((_, word), count) in WORDS
            .iter()
            .zip(self.counts)
            .skip(1)
            .filter(|(_, count)| *count > 0)
        {
            write!(f, ", {count} {word}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::exit::Exit;
    use crate::outcome::Outcome;
    use std::time::Duration;

    #[test]
    fn a_summary_names_what_there_is_and_the_rate_of_what_was_sent() {
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
        assert_eq!(
            (tally.failures(), tally.total(), tally.exit()),
            (3, 6, Exit::Refused)
        );
    }
}
