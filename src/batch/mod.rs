//! A batch: messages from a reader, through a few workers, to Lexer; a result for each.
//!
//! A reader thread fills the `queue`; worker threads empty it, send, and report. The main thread waits for the end
//! of the input, or for a reason to stop before it. The reader may be blocked in a read for ever, so nothing waits
//! for it after a stop.

mod circuit_breaker;
mod queue;
mod result_sink;

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use crate::journal::Journal;
use crate::message::{Expanded, Message, NotSent};
use crate::outcome::Outcome;
use crate::output::{ReaderGone, Reporter, Tally};
use crate::result::MessageResult;
use crate::sender::Sender;
use crate::shutdown::{self, Shutdown, StopReason};
use circuit_breaker::CircuitBreaker;
use queue::Queue;
use result_sink::ResultSink;

pub(crate) use circuit_breaker::MAX_CONSECUTIVE_FAILURES;

/// After a stop other than by a signal, how long a pipe may stay silent before the run ends. What it brings until
/// then is reported as not sent.
const DRAIN_GRACE: Duration = Duration::from_millis(200);

/// Why a message that an earlier run sent is skipped.
pub(crate) const IN_JOURNAL: &str = "the journal has it as accepted";

/// Messages on their way to Lexer.
#[derive(Debug)]
pub(crate) struct Batch {
    sender: Sender,
    jobs: u16,
    queue: Queue<Job>,
    /// Held by the worker whose message is next.
    next: Mutex<()>,
    shutdown: Shutdown,
    breaker: CircuitBreaker,
    sink: ResultSink,
}

/// A message and where it came from.
#[derive(Debug)]
struct Job {
    line: Option<u64>,
    message: Message,
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
    /// Whether there is nothing to sum up: stdout was closed, or the input failed at once.
    pub(crate) fn is_empty(&self) -> bool {
        let reader_gone = |error: &anyhow::Error| error.is::<ReaderGone>();
        self.failure
            .as_ref()
            .is_some_and(|error| reader_gone(error) || self.tally.total() == 0)
    }
}

/// The batch takes no more messages.
#[derive(Debug)]
pub(crate) struct Disconnected;

impl Batch {
    /// A batch that is ready to start, with at most `jobs` requests at once.
    pub(crate) fn new(
        sender: Sender,
        jobs: u16,
        reporter: Reporter,
        journal: Option<Journal>,
    ) -> anyhow::Result<Arc<Self>> {
        let batch = Arc::new(Batch {
            sender,
            jobs,
            queue: Queue::new(jobs.into()),
            next: Mutex::default(),
            shutdown: Shutdown::default(),
            breaker: CircuitBreaker::default(),
            sink: ResultSink::new(reporter, journal),
        });
        let stopped = Arc::clone(&batch);
        shutdown::on_signal(move |signal| stopped.stop(StopReason::Signal(signal)))
            .context("cannot watch for signals")?;
        Ok(batch)
    }

    /// Sends one message and waits for its result.
    pub(crate) fn one(&self, message: Message) -> RunSummary {
        let job = Job {
            line: None,
            message,
        };
        if !self.is_in_journal(&job) {
            let may_send = self.sender.wait_for_turn(&self.shutdown);
            self.process(job, may_send);
        }
        self.summary()
    }

    /// Sends what `read` takes in, until it returns. `is_endless` says that this may be never.
    pub(crate) fn many(
        self: &Arc<Self>,
        is_endless: bool,
        read: impl FnOnce(&Self) -> anyhow::Result<()> + Send + 'static,
    ) -> anyhow::Result<RunSummary> {
        for number in 0..self.jobs {
            let batch = Arc::clone(self);
            thread::Builder::new()
                .name(format!("worker {number}"))
                .spawn(move || batch.work())
                .context("cannot start a thread")?;
        }
        let batch = Arc::clone(self);
        thread::Builder::new()
            .name("reader".to_owned())
            .spawn(move || {
                if let Err(error) = read(&batch) {
                    batch.fail(error);
                }
                batch.queue.close();
            })
            .context("cannot start a thread")?;
        self.queue.wait_for_end(|| {
            let stopped = self.shutdown.reason();
            stopped.filter(|_| is_endless).map(|_| DRAIN_GRACE)
        });
        Ok(self.summary())
    }

    /// Takes what the reader found on `line`; waits while all workers are busy.
    pub(crate) fn take(&self, line: u64, expanded: Expanded) -> Result<(), Disconnected> {
        if self.shutdown.reason().is_some_and(StopReason::ends_reading) {
            return Err(Disconnected);
        }
        let line = Some(line);
        match expanded {
            Expanded::Message(message) => {
                let job = Job { line, message };
                if self.is_in_journal(&job) {
                    return Ok(());
                }
                self.queue.push(job).map_err(|job| {
                    self.report_stopped(&job);
                    Disconnected
                })
            }
            Expanded::Invalid(message) => {
                self.report_not_sent(line, message, Outcome::Invalid);
                Ok(())
            }
            Expanded::Skipped(message) => {
                self.report_not_sent(line, message, Outcome::Skipped);
                Ok(())
            }
        }
    }

    /// Sends messages from the queue until it ends.
    fn work(&self) {
        loop {
            // The worker that takes a message also waits for its turn before another worker takes the next one,
            // so messages are sent in the order in which they were read.
            let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(job) = self.queue.pop() else { return };
            let may_send = self.sender.wait_for_turn(&self.shutdown);
            drop(next);
            self.process(job, may_send);
            self.queue.done();
        }
    }

    /// Sends one message, if it may be sent, and reports the result.
    fn process(&self, job: Job, may_send: bool) {
        if !may_send {
            return self.report_stopped(&job);
        }
        let sent = self.sender.send(&job.message.body, &self.shutdown);
        let result = MessageResult::sent(
            self.sender.action,
            job.line,
            job.message.ids,
            sent.last,
            sent.attempts,
            sent.elapsed,
        );
        if result.outcome == Outcome::Unauthorized {
            self.stop(StopReason::Unauthorized);
        } else if self.breaker.record(result.outcome) {
            self.stop(StopReason::Unavailable);
        }
        self.report(result);
    }

    /// Stops the run. After a signal nothing more is read.
    fn stop(&self, reason: StopReason) {
        self.shutdown.request(reason);
        if reason.ends_reading() {
            self.queue.refuse();
        }
        self.queue.wake();
    }

    fn fail(&self, error: anyhow::Error) {
        self.sink.fail(error);
        self.stop(StopReason::CannotReport);
    }

    /// Whether the journal has the message as accepted. If so, reports it as skipped.
    fn is_in_journal(&self, job: &Job) -> bool {
        let known = self.sink.is_accepted(self.sender.action, &job.message.ids);
        if known {
            self.report_not_sent(job.line, job.message.not_sent(IN_JOURNAL), Outcome::Skipped);
        }
        known
    }

    fn report_stopped(&self, job: &Job) {
        let reason = match self.shutdown.reason() {
            Some(StopReason::Unauthorized) => "not sent: the token was refused",
            Some(StopReason::Unavailable) => "not sent: Lexer is not available",
            _ => "not sent: the run was stopped",
        };
        self.report_not_sent(job.line, job.message.not_sent(reason), Outcome::NotSent);
    }

    fn report_not_sent(&self, line: Option<u64>, message: NotSent, outcome: Outcome) {
        self.report(MessageResult::not_sent(
            self.sender.action,
            line,
            message,
            outcome,
        ));
    }

    fn report(&self, result: MessageResult) {
        let result = result.without(self.sender.client.token());
        if let Err(error) = self.sink.write(&result) {
            self.fail(error);
        }
    }

    fn summary(&self) -> RunSummary {
        let (tally, failure) = self.sink.finish();
        RunSummary {
            tally,
            stopped: self.shutdown.reason(),
            failure,
        }
    }
}
