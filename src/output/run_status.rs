//! Tells the user what a run waits for while it prints no results: after how long, and in which words.
//!
//! A thread looks at the run's activity now and then, so that sending a message costs no more than to record it. On a
//! terminal it shows the live line, elsewhere it prints a line at first and then every minute.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::text::{counted, duration};
use super::{Console, Progress};
use crate::client::CONNECT_TIMEOUT;
use crate::run_activity::{Attempt, MIN_OUTAGE, Now, Phase};

/// How often to look for something to say. A run that is shorter says nothing.
const REFRESH: Duration = Duration::from_millis(200);

/// A shorter wait is not mentioned.
const MIN_WAIT: Duration = Duration::from_secs(2);

/// The time between two lines in a log about the same wait.
const LOG_INTERVAL: Duration = Duration::from_mins(1);

/// The server that a run waits for, and how long it waits.
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

/// Tells the user what a run is doing, until it is dropped.
#[derive(Debug)]
pub(crate) struct Status(Option<(Sender<()>, JoinHandle<()>)>);

impl Status {
    /// Starts to tell what a run waits for: it does what `now` returns and sends to `target`. A live line also shows the
    /// progress.
    pub(crate) fn start(
        console: Console,
        now: impl Fn() -> Now + Send + 'static,
        target: Target,
        progress: Option<Arc<Progress>>,
    ) -> Self {
        let (running, ended) = mpsc::channel();
        // Without the thread, the run only says less.
        let thread = thread::Builder::new()
            .name("status".to_owned())
            .spawn(move || watch(console, now, target, progress.as_deref(), &ended));
        Status(thread.ok().map(|thread| (running, thread)))
    }
}

impl Drop for Status {
    fn drop(&mut self) {
        if let Some((running, thread)) = self.0.take() {
            drop(running);
            // A panic in it has been reported.
            let _ = thread.join();
        }
    }
}

/// Prints what there is to say, until the sender of `ended` is dropped.
fn watch(
    console: Console,
    now: impl Fn() -> Now,
    target: Target,
    progress: Option<&Progress>,
    ended: &Receiver<()>,
) {
    let mut waiting = Waiting::new(target);
    loop {
        let is_over = ended.recv_timeout(REFRESH) == Err(RecvTimeoutError::Disconnected);
        let now = now();
        let words = waiting.words(&now, Instant::now());
        if let Some(event) = &words.event {
            console.notice(event);
        }
        if is_over {
            return console.live("");
        }
        if console.has_live_line() {
            console.live(&live(words.live, &now, progress));
        } else if let Some(line) = &words.line {
            console.notice(line);
        }
    }
}

/// The live line. It begins with the wait, because the rest may not fit.
fn live(wait: String, now: &Now, progress: Option<&Progress>) -> String {
    match progress {
        Some(progress) if wait.is_empty() => progress.line(),
        Some(progress) if !now.is_stopping => format!("{wait}; {}", progress.tally().progress("")),
        _ => wait,
    }
}

/// Decides what to say, and remembers what was said.
#[derive(Debug)]
struct Waiting {
    target: Target,
    /// What the last line for the log was about, and when it was given.
    said: Option<(Topic, Instant)>,
}

/// What is to be said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Words {
    /// What is going on, for as long as it does; empty if it goes well.
    live: String,
    /// A line for a log.
    line: Option<String>,
    /// A line that remains on a terminal, too.
    event: Option<String>,
}

/// What a wait is about. Another topic is news; the same one is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    Stop,
    /// It began at this time.
    Outage(Instant),
    Retry,
    Attempt(Phase, u32),
}

impl Waiting {
    /// Nothing was said yet.
    fn new(target: Target) -> Self {
        Waiting { target, said: None }
    }

    /// What to say at `time`.
    fn words(&mut self, now: &Now, time: Instant) -> Words {
        let event = self.end_of_outage(now);
        let Some((topic, text, cause)) = self.topic(now, time) else {
            return Words {
                event,
                ..Words::default()
            };
        };
        let with_cause = match cause {
            Some(cause) => format!("{text}: {cause}"),
            None => text.clone(),
        };
        let line = match self.said {
            Some((said, at)) if said == topic => (time >= at + LOG_INTERVAL).then_some(text),
            _ => Some(with_cause.clone()),
        };
        if line.is_some() {
            self.said = Some((topic, time));
        }
        Words {
            live: with_cause,
            line,
            event,
        }
    }

    /// What there is to say about a wait, and its cause if one is known.
    fn topic<'a>(&self, now: &'a Now, time: Instant) -> Option<(Topic, String, Option<&'a str>)> {
        if now.is_stopping {
            return Some((Topic::Stop, self.stopping(now, time)?, None));
        }
        let outage = now.outage.as_ref();
        let outage = outage.filter(|(since, _)| time >= *since + MIN_OUTAGE);
        if self.target.is_batch
            && now.waiting() > 0
            && let Some((since, cause)) = outage
        {
            let waiting = counted(now.waiting() as u64, "message");
            let text = format!("outage {}, {waiting} waiting", so_far(*since, time));
            return Some((Topic::Outage(*since), text, Some(cause)));
        }
        // Responses arrive, so the run goes on.
        if outage.is_none() && now.last_end.is_some_and(|end| time < end + MIN_WAIT) {
            return None;
        }
        if let Some((topic, text)) = self.attempt(now, time) {
            return Some((topic, text, None));
        }
        let failed = now.failed.as_ref().filter(|_| now.delayed > 0)?;
        let (due, next, all) = (left(failed.due, time), failed.next, self.target.attempts);
        let text = format!("waiting to try again in {due} (attempt {next} of {all})");
        Some((Topic::Retry, text, Some(&failed.cause)))
    }

    /// What the attempt that has waited longest waits for, if that is worth mentioning.
    fn attempt(&self, now: &Now, time: Instant) -> Option<(Topic, String)> {
        let attempts = now.attempts.iter();
        let long = attempts.filter(|attempt| time >= attempt.since + MIN_WAIT);
        let longest = long.min_by_key(|attempt| (attempt.phase, attempt.since))?;
        let host = &self.target.host;
        let what = match longest.phase {
            Phase::Response => host,
            Phase::Connection => &format!("a connection to {host}"),
            Phase::Turn => match now.paused_until {
                Some(end) if end > time => {
                    &format!("the pause after 429 ({} left)", left(end, time))
                }
                _ => "the rate limit",
            },
        };
        let attempts = now.attempts.iter();
        let same = attempts.filter(|attempt| attempt.phase == longest.phase);
        let requests = match same.count() {
            1 => String::new(),
            count => format!("{count} requests, "),
        };
        let so_far = so_far(longest.since, time);
        let (number, all) = (longest.number, self.target.attempts);
        let text = format!("waiting for {what} {so_far} ({requests}attempt {number} of {all})");
        // In a batch, the number differs from one message to the next.
        let number = if self.target.is_batch { 0 } else { number };
        Some((Topic::Attempt(longest.phase, number), text))
    }

    /// What the run still waits for after a signal.
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

    /// What to say if the outage that was announced is over.
    fn end_of_outage(&mut self, now: &Now) -> Option<String> {
        let Some((Topic::Outage(announced), _)) = self.said else {
            return None;
        };
        let outage = now.outage.as_ref();
        if outage.is_some_and(|(since, _)| *since == announced) {
            return None;
        }
        self.said = None;
        let lasted = whole_seconds(announced, now.last_final?);
        Some(format!("outage over after {lasted}"))
    }
}

/// The time from `time` to `end`.
fn left(end: Instant, time: Instant) -> String {
    duration(end.saturating_duration_since(time))
}

fn so_far(since: Instant, time: Instant) -> String {
    format!("for {}", whole_seconds(since, time))
}

/// The time from `since` to `time`, rounded down.
fn whole_seconds(since: Instant, time: Instant) -> String {
    let past = time.saturating_duration_since(since);
    duration(Duration::from_secs(past.as_secs()))
}

#[cfg(test)]
mod tests;
