//! A batch: messages from a reader, through a few workers, to Lexer; a result for each.
//!
//! A reader thread fills the `queue`; worker threads empty it, send, and report. The main thread waits for the end
//! of the input, or for a reason to stop before it. The reader may be blocked in a read for ever, so nothing waits
//! for it after a stop.

mod queue;
mod result_sink;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::api_facts::Action;
use crate::handed_over::HANDED_OVER;
use crate::journal::Journal;
use crate::message::{Expanded, Message, NotSent, without_token};
use crate::message_result::MessageResult;
use crate::outcome::Outcome;
use crate::output::{self, Reporter, Tally};
use crate::sender::{Attempts, Next, Sender};
use crate::shutdown::{self, StopReason};
use crate::value_part::Part;
use queue::Queue;
use result_sink::ResultSink;

/// How many consecutive messages without a final response end the run: the next one would fail, too.
pub(crate) const MAX_CONSECUTIVE_FAILURES: u32 = 10;

/// After a stop that doesn't end reading, how long a pipe may stay silent before the run ends. What it brings until
/// then is reported as not sent.
const DRAIN_GRACE: Duration = Duration::from_millis(200);

/// How long the reader may take to hand over what it has read, once reading was ended. It takes long only on a busy
/// machine, or if another process reads from the same pipe, so that a read waits although there was something to read.
const LAST_READ_GRACE: Duration = Duration::from_secs(2);

/// Messages on their way to Lexer.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Whether messages are claimed or echoed; `None`: each event says which.
    action: Option<Action>,
    sender: Sender,
    queue: Queue<Job>,
    /// How many consecutive messages got no final response.
    failures: AtomicU32,
    sink: ResultSink,
}

/// A message on its way.
#[derive(Debug)]
struct Job {
    part: Part,
    message: Message,
    attempts: Attempts,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct RunSummary {
    /// The number of messages for each outcome.
    pub(crate) tally: Tally,
    /// Why the run stopped before the end of its input, if it did.
    pub(crate) stopped: Option<StopReason>,
    /// What went wrong apart from messages.
    pub(crate) failure: Option<anyhow::Error>,
}

impl RunSummary {
    /// Whether there is anything to summarize. There is not if the input failed at once.
    pub(crate) fn has_begun(&self) -> bool {
        self.tally.total() > 0 || self.failure.is_none()
    }
}

impl Batch {
    /// A batch that is ready to start.
    pub(crate) fn new(
        action: Option<Action>,
        sender: Sender,
        reporter: Reporter,
        journal: Option<Journal>,
    ) -> anyhow::Result<Arc<Self>> {
        let batch = Arc::new(Batch {
            action,
            queue: Queue::new(sender.config.jobs.into()),
            sender,
            failures: AtomicU32::new(0),
            sink: ResultSink::new(reporter, journal),
        });
        let stopped = Arc::clone(&batch);
        let stop = move |signal| stopped.stop(StopReason::Signal(signal));
        shutdown::on_signal(stop, output::hide_at_once).context("cannot watch for signals")?;
        Ok(batch)
    }

    /// Sends one message and waits for its result.
    pub(crate) fn one(&self, message: Message) -> RunSummary {
        self.take(Part::default(), Ok(message));
        self.queue.close();
        self.work();
        self.summary()
    }

    /// Sends the messages that `read` takes, until it returns. If `is_endless`, it may never return.
    pub(crate) fn many(
        self: &Arc<Self>,
        is_endless: bool,
        read: impl FnOnce(&Self) -> anyhow::Result<()> + Send + 'static,
    ) -> anyhow::Result<RunSummary> {
        for number in 0..self.sender.config.jobs {
            self.spawn(format!("worker {number}"), Batch::work)?;
        }
        self.spawn("reader".to_owned(), |batch| {
            if let Err(error) = read(batch) {
                batch.fail(error);
            }
            batch.queue.close();
        })?;
        self.queue.wait_for_end(|| {
            let stopped = self.sender.shutdown.reason();
            stopped.filter(|_| is_endless).map(|reason| {
                // On Windows a read that waits can't be ended.
                if reason.ends_reading() && cfg!(unix) {
                    LAST_READ_GRACE
                } else {
                    DRAIN_GRACE
                }
            })
        });
        Ok(self.summary())
    }

    fn spawn(
        self: &Arc<Self>,
        name: String,
        run: impl FnOnce(&Self) + Send + 'static,
    ) -> anyhow::Result<()> {
        let batch = Arc::clone(self);
        let thread = thread::Builder::new().name(name);
        thread
            .spawn(move || run(&batch))
            .context("cannot start a thread")?;
        Ok(())
    }

    /// Takes a part of an input value; waits while all workers are busy.
    pub(crate) fn take(&self, part: Part, expanded: Expanded) {
        match without_token(expanded, &self.sender.client.token) {
            Ok(message) => {
                if let Some(reason) = self.sink.reason_to_skip(&message) {
                    let message = message.not_sent(Outcome::Skipped, reason);
                    return self.report_not_sent(&part, message);
                }
                let job = Job {
                    part,
                    message,
                    attempts: Attempts::default(),
                };
                if let Err(job) = self.queue.push(job) {
                    self.report_stopped(&job);
                }
            }
            Err(mut message) => {
                let error = message.error.take();
                self.report_not_sent(&part, message);
                if let Some(error) = error {
                    self.fail(error.into());
                }
            }
        }
    }

    /// Sends messages from the queue until it ends.
    fn work(&self) {
        // The attempt is announced before another worker takes the next message, so messages are sent in the order in
        // which they were read.
        while let Some(job) = self.queue.pop(|| self.sender.gate.rate_limit.announce()) {
            match self.process(job) {
                Some((job, due)) => self.queue.delay(job, due),
                None => self.queue.done(),
            }
        }
    }

    /// Makes one attempt. Returns the message if it needs another attempt, and when that is due.
    fn process(&self, mut job: Job) -> Option<(Job, Instant)> {
        let next = self.sender.attempt(&job.message, &mut job.attempts);
        if job.attempts.ended_outage {
            self.queue.hurry();
        }
        match next {
            Next::RetryAfter(wait) => return Some((job, Instant::now() + wait)),
            Next::HandedOver => self.report_handed_over(&job),
            Next::Report => self.finish(job),
        }
        None
    }

    /// Reports a message that gets no further attempt, or none at all because the run stops.
    fn finish(&self, mut job: Job) {
        let Some(last) = job.attempts.last.take() else {
            return self.report_stopped(&job);
        };
        let result = MessageResult::sent(
            job.message.action,
            job.part.lines,
            job.message.ids,
            last,
            job.attempts.count,
            job.attempts.elapsed,
        );
        if result.outcome == Outcome::Unauthorized {
            self.stop(StopReason::Unauthorized);
        }
        if !result.outcome.is_failure() {
            self.failures.store(0, Ordering::Relaxed);
        } else if self.failures.fetch_add(1, Ordering::Relaxed) + 1 >= MAX_CONSECUTIVE_FAILURES {
            self.stop(StopReason::Unavailable);
        }
        self.report(&job.part, result);
    }

    /// Stops the run. After a signal, or if results can't be written, nothing more is read.
    fn stop(&self, reason: StopReason) {
        self.sender.shutdown.request(reason);
        if let StopReason::Signal(_) = reason {
            self.sender.gate.activity.stop();
        }
        self.queue.stop(reason.ends_reading());
        self.sender.gate.rate_limit.wake();
    }

    fn fail(&self, error: anyhow::Error) {
        self.sink.fail(error);
        self.stop(StopReason::CannotReport);
    }

    fn report_stopped(&self, job: &Job) {
        let reason = match self.sender.shutdown.reason() {
            Some(StopReason::Unauthorized) => "not sent: the token was refused",
            Some(StopReason::Unavailable) => "not sent: Lexer is not available",
            _ => "not sent: the run was stopped",
        };
        self.report_not_sent(&job.part, job.message.not_sent(Outcome::NotSent, reason));
    }

    /// Reports a message whose customer was handed over before the next attempt.
    fn report_handed_over(&self, job: &Job) {
        let message = job.message.not_sent(Outcome::Skipped, HANDED_OVER);
        let mut result = MessageResult::not_sent(job.part.lines, message);
        result.attempts = job.attempts.count;
        result.elapsed = job.attempts.elapsed;
        self.report(&job.part, result);
    }

    fn report_not_sent(&self, part: &Part, mut message: NotSent) {
        message.action = message.action.or(self.action);
        self.report(part, MessageResult::not_sent(part.lines, message));
    }

    fn report(&self, part: &Part, result: MessageResult) {
        let result = result.without(&self.sender.client.token);
        if let Err(error) = self.sink.write(part, result) {
            self.fail(error);
        }
    }

    fn summary(&self) -> RunSummary {
        let (tally, failure) = self.sink.finish();
        RunSummary {
            tally,
            stopped: self.sender.shutdown.reason(),
            failure,
        }
    }
}
