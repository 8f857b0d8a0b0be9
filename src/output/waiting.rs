//! What the user is told about a run that waits: in words, and when. The rest of `output` prints it.

use std::time::{Duration, Instant};

use super::words::{counted, duration};
use crate::activity::{Attempt, MIN_OUTAGE, Now, Phase};
use crate::api::CONNECT_TIMEOUT;

/// How long nothing is said about a wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// The longest time between two lines in a log about the same wait.
const MAX_GAP: Duration = Duration::from_mins(1);

/// For whom a run waits, and how long.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// The host's name.
    pub(crate) host: String,
    /// The time for a response.
    pub(crate) timeout: Duration,
    /// The number of attempts for each message.
    pub(crate) attempts: u32,
    /// Whether there are many messages, which fail one by one, or one that decides how the run ends.
    pub(crate) is_batch: bool,
}

/// Decides what to say, and remembers what was said.
#[derive(Debug)]
pub(super) struct Waiting {
    target: Target,
    /// The last line for the log: what it was about, when it was given, and how long no other follows.
    said: Option<(Topic, Instant, Duration)>,
    /// When the outage began that was announced and isn't over.
    announced: Option<Instant>,
}

/// What is to be said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// What is going on, for as long as it does; empty if it goes well.
    pub(super) live: String,
    /// A line for a log.
    pub(super) line: Option<String>,
    /// A line that remains on a terminal, too.
    pub(super) event: Option<String>,
}

/// What a wait is about. Another topic is news; the same one is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    Stop,
    Outage,
    Pause,
    Retry,
    Attempt(Phase, u32),
}

impl Waiting {
    /// Nothing was said yet.
    pub(super) fn new(target: Target) -> Self {
        Waiting {
            target,
            said: None,
            announced: None,
        }
    }

    /// What to say at `time`.
    pub(super) fn words(&mut self, now: &Now, time: Instant) -> Words {
        let event = self.end_of_outage(now);
        let Some((topic, text)) = self.topic(now, time) else {
            return Words {
                event,
                ..Words::default()
            };
        };
        let line = match topic {
            Topic::Outage => self.outage_line(now, time),
            _ => self.is_news(topic, time).then(|| text.clone()),
        };
        Words {
            live: text,
            line,
            event,
        }
    }

    fn topic(&self, now: &Now, time: Instant) -> Option<(Topic, String)> {
        if now.is_stopping {
            return self.stopping(now, time).map(|text| (Topic::Stop, text));
        }
        let outage = now.outage.as_ref();
        let outage = outage.filter(|(since, _)| time >= *since + MIN_OUTAGE);
        if self.target.is_batch
            && now.waiting() > 0
            && let Some((since, cause)) = outage
        {
            let (so_far, waiting) = (
                since_text(*since, time),
                counted(now.waiting() as u64, "message"),
            );
            let text = format!("outage {so_far}, {waiting} waiting: {cause}");
            return Some((Topic::Outage, text));
        }
        // Something comes back, and it helps.
        if outage.is_none() && now.last_end.is_some_and(|end| time < end + PATIENCE) {
            return None;
        }
        let host = &self.target.host;
        let longest = |phase, wait: &str| self.longest(now, time, phase, wait);
        longest(Phase::Response, host)
            .or_else(|| longest(Phase::Connection, &format!("a connection to {host}")))
            .or_else(|| pause(now, time))
            .or_else(|| longest(Phase::Turn, "the rate limit"))
            .or_else(|| self.retry(now, time))
    }

    /// The attempt that has been in `phase`, which is a wait for `what`, for the longest time; if that is long.
    fn longest(
        &self,
        now: &Now,
        time: Instant,
        phase: Phase,
        what: &str,
    ) -> Option<(Topic, String)> {
        let in_phase = |attempt: &&Attempt| attempt.phase == phase;
        let attempts = now.attempts.iter().filter(in_phase);
        let longest = attempts.clone().min_by_key(|attempt| attempt.since)?;
        if time < longest.since + PATIENCE {
            return None;
        }
        let (number, all) = (longest.number, self.target.attempts);
        let requests = match attempts.count() {
            1 => String::new(),
            count => format!("{count} requests, "),
        };
        let so_far = since_text(longest.since, time);
        let text = format!("waiting for {what} {so_far} ({requests}attempt {number} of {all})");
        // In a batch, the number differs from one message to the next.
        let topic = Topic::Attempt(phase, if self.target.is_batch { 0 } else { number });
        Some((topic, text))
    }

    /// The time before another attempt.
    fn retry(&self, now: &Now, time: Instant) -> Option<(Topic, String)> {
        let failed = now.failed.as_ref().filter(|_| now.delayed > 0)?;
        let due = left(failed.due, time);
        let (next, all, cause) = (failed.next, self.target.attempts, &failed.cause);
        let text = format!("waiting to try again in {due} (attempt {next} of {all}): {cause}");
        Some((Topic::Retry, text))
    }

    /// What a signal waits for, if it does.
    fn stopping(&self, now: &Now, time: Instant) -> Option<String> {
        let end = |attempt: &Attempt| match attempt.phase {
            Phase::Turn => None,
            // First for an address, then for a connection. Nothing is sent on it any more.
            Phase::Connection => Some(attempt.since + 2 * CONNECT_TIMEOUT),
            Phase::Response => Some(attempt.since + self.target.timeout),
        };
        let ends = now.attempts.iter().filter_map(end);
        let last = ends.clone().max()?;
        let responses = counted(ends.count() as u64, "response");
        let most = left(last, time);
        Some(format!(
            "stopping: {responses} pending (at most {most}); a second signal exits at once"
        ))
    }

    /// The line about an outage that begins or goes on.
    fn outage_line(&mut self, now: &Now, time: Instant) -> Option<String> {
        let (since, cause) = now.outage.as_ref()?;
        if !self.is_news(Topic::Outage, time) {
            return None;
        }
        let waiting = counted(now.waiting() as u64, "message");
        Some(match self.announced.replace(*since) {
            None => format!("outage, {waiting} waiting: {cause}"),
            Some(_) => format!("outage {}, {waiting} waiting", since_text(*since, time)),
        })
    }

    fn end_of_outage(&mut self, now: &Now) -> Option<String> {
        let since = self.announced?;
        if now
            .outage
            .as_ref()
            .is_some_and(|(other, _)| *other == since)
        {
            return None;
        }
        self.announced = None;
        self.said = None;
        Some(format!(
            "outage over after {}",
            left(now.last_final?, since)
        ))
    }

    /// Whether a line about `topic` is due. Each further one waits twice as long as the one before.
    fn is_news(&mut self, topic: Topic, time: Instant) -> bool {
        let gap = match self.said {
            Some((said, _, _)) if said == topic && topic == Topic::Stop => return false,
            Some((said, at, gap)) if said == topic => {
                if time < at + gap {
                    return false;
                }
                (gap * 2).min(MAX_GAP)
            }
            _ if topic == Topic::Outage => MAX_GAP,
            _ => PATIENCE * 2,
        };
        self.said = Some((topic, time, gap));
        true
    }
}

/// The pause after a 429, if messages wait for its end.
fn pause(now: &Now, time: Instant) -> Option<(Topic, String)> {
    let end = now
        .paused_until
        .filter(|end| *end > time && now.waiting() > 0)?;
    let left = left(end, time);
    let text = format!("waiting for the end of a pause after 429, {left} left");
    Some((Topic::Pause, text))
}

/// The time from `time` to `end`.
fn left(end: Instant, time: Instant) -> String {
    duration(end.saturating_duration_since(time))
}

fn since_text(since: Instant, time: Instant) -> String {
    let past = time.saturating_duration_since(since);
    format!("for {}", duration(Duration::from_secs(past.as_secs())))
}

#[cfg(test)]
mod tests;
