//! What a run is doing right now: attempts under way, messages that wait for another attempt, an outage, a stop.
//!
//! The threads that send record it here, and `output` tells the user about what takes long.

use std::sync::Mutex;
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use crate::locks::lock;

/// Failures without a final response in between are called an outage after this time. A few messages that keep failing
/// among others that succeed make no outage.
pub(crate) const MIN_OUTAGE: Duration = Duration::from_secs(2);

/// The record of what a run is doing.
#[derive(Debug, Default)]
pub(crate) struct Activity(Mutex<Now>);

/// What a run is doing at some moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Now {
    /// The attempts under way, at most one for each thread.
    pub(crate) attempts: Vec<Attempt>,
    /// How many messages wait before another attempt.
    pub(crate) delayed: usize,
    /// The last attempt that failed and will be repeated.
    pub(crate) failed: Option<Failed>,
    /// Since when there have been failures and no final response, and why the first of them failed.
    pub(crate) outage: Option<(Instant, String)>,
    /// When the last attempt ended.
    pub(crate) last_end: Option<Instant>,
    /// When the pause after a 429 ends.
    pub(crate) paused_until: Option<Instant>,
    /// A signal stops the run.
    pub(crate) is_stopping: bool,
    /// When a message last got its final response.
    pub(crate) last_final: Option<Instant>,
}

/// An attempt under way.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// Its number among those of its message, the first being 1.
    pub(crate) number: u32,
    /// What it waits for.
    pub(crate) phase: Phase,
    /// Since when it waits for that.
    pub(crate) since: Instant,
    thread: ThreadId,
}

impl Attempt {
    /// The calling thread's attempt.
    pub(crate) fn new(number: u32, phase: Phase, since: Instant) -> Self {
        Attempt {
            number,
            phase,
            since,
            thread: thread::current().id(),
        }
    }
}

/// What an attempt waits for. Of several attempts, the user is told about the one whose phase comes first here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// The response.
    Response,
    /// A connection.
    Connection,
    /// Its turn.
    Turn,
}

/// An attempt that failed and will be repeated.
#[derive(Debug, Clone)]
pub(crate) struct Failed {
    /// Why it failed.
    pub(crate) cause: String,
    /// The number of the next attempt.
    pub(crate) next: u32,
    /// When it is due.
    pub(crate) due: Instant,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptEnd {
    /// With a final response.
    Final,
    /// With 429, which is neither a final response nor a sign of an outage.
    Throttled,
    /// Without a response, or with a status that another attempt may change.
    Failure,
}

impl Activity {
    /// What the run is doing at this moment.
    pub(crate) fn now(&self) -> Now {
        lock(&self.0).clone()
    }

    /// The calling thread starts attempt `number`, and waits for its turn.
    pub(crate) fn begin(&self, number: u32) {
        let mut now = lock(&self.0);
        if number > 1 {
            now.delayed = now.delayed.saturating_sub(1);
        }
        now.attempts
            .push(Attempt::new(number, Phase::Turn, Instant::now()));
    }

    /// The calling thread's attempt waits for what `phase` says.
    pub(crate) fn enter(&self, phase: Phase) {
        let thread = thread::current().id();
        let mut now = lock(&self.0);
        let mut attempts = now.attempts.iter_mut();
        if let Some(attempt) = attempts.find(|attempt| attempt.thread == thread)
            && attempt.phase != phase
        {
            attempt.phase = phase;
            attempt.since = Instant::now();
        }
    }

    /// The calling thread's attempt ends before anything was sent.
    pub(crate) fn cancel(&self) {
        lock(&self.0).take_attempt();
    }

    /// The calling thread's attempt ended. `cause` says why it failed; another one follows after `retry`, if any does.
    /// Returns true if this is the end of an outage.
    pub(crate) fn end(
        &self,
        end: AttemptEnd,
        retry: Option<Duration>,
        cause: impl Fn() -> String,
    ) -> bool {
        let mut now = lock(&self.0);
        let Some(attempt) = now.take_attempt() else {
            return false;
        };
        let time = Instant::now();
        now.last_end = Some(time);
        if let Some(wait) = retry {
            now.delayed += 1;
            now.failed = Some(Failed {
                cause: cause(),
                next: attempt.number + 1,
                due: time + wait,
            });
        }
        if end == AttemptEnd::Final {
            now.last_final = Some(time);
            let outage = now.outage.take();
            return outage.is_some_and(|(since, _)| time >= since + MIN_OUTAGE);
        }
        if end == AttemptEnd::Failure && now.outage.is_none() {
            let last = now.last_final.unwrap_or(attempt.since);
            now.outage = Some((last.max(attempt.since), cause()));
        }
        false
    }

    /// A signal stops the run.
    pub(crate) fn stop(&self) {
        lock(&self.0).is_stopping = true;
    }
}

impl Now {
    /// How many messages have been sent or wait for that, and have no result.
    pub(crate) fn waiting(&self) -> usize {
        self.attempts.len() + self.delayed
    }

    /// Removes the attempt of the calling thread.
    fn take_attempt(&mut self) -> Option<Attempt> {
        let thread = thread::current().id();
        let mut attempts = self.attempts.iter();
        let index = attempts.position(|attempt| attempt.thread == thread)?;
        Some(self.attempts.swap_remove(index))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Activity, Attempt, AttemptEnd, MIN_OUTAGE, Phase, lock};

    /// The calling thread's attempt started at `since` and ends now. Returns true if it ends an outage.
    fn attempt(activity: &Activity, since: Instant, end: AttemptEnd) -> bool {
        let attempt = Attempt::new(1, Phase::Response, since);
        lock(&activity.0).attempts.push(attempt);
        let retry = (end != AttemptEnd::Final).then_some(MIN_OUTAGE);
        activity.end(end, retry, || "down".to_owned())
    }

    #[test]
    fn the_first_final_response_after_a_while_ends_an_outage() {
        let activity = Activity::default();
        let start = Instant::now().checked_sub(MIN_OUTAGE).unwrap();
        assert!(!attempt(&activity, start, AttemptEnd::Failure));
        assert_eq!(activity.now().outage, Some((start, "down".to_owned())));
        assert!(!attempt(&activity, Instant::now(), AttemptEnd::Failure));
        assert!(!attempt(&activity, Instant::now(), AttemptEnd::Throttled));
        let now = activity.now();
        assert_eq!((now.waiting(), now.outage.is_some()), (3, true));
        let due = now.failed.unwrap().due;
        assert!(due >= start + 2 * MIN_OUTAGE && due <= Instant::now() + MIN_OUTAGE);
        assert!(attempt(&activity, start, AttemptEnd::Final));
        assert!(!attempt(&activity, start, AttemptEnd::Final));
    }

    #[test]
    fn messages_that_always_fail_among_others_are_no_outage() {
        let activity = Activity::default();
        let start = Instant::now().checked_sub(10 * MIN_OUTAGE).unwrap();
        for _ in 0..100 {
            assert!(!attempt(&activity, Instant::now(), AttemptEnd::Final));
            // However long its own attempt took.
            assert!(!attempt(&activity, start, AttemptEnd::Failure));
        }
        assert!(!attempt(&activity, start, AttemptEnd::Throttled));
        assert!(!attempt(&activity, start, AttemptEnd::Final));
    }
}
