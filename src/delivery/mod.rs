//! Delivery: messages from the reader, through a few workers, to Lexer; an outcome for each.
//!
//! A reader thread puts messages into the `queue`, `worker` threads take them out, keep the pace, send, try again,
//! and report. The main thread waits for the end, or for a reason to `stop` before it. The reader may be blocked
//! in a read for ever, so nobody waits for it after a stop.

mod backoff;
mod queue;
mod signals;
mod stop;
mod worker;

pub(crate) use stop::{Reason, Stop};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use crate::api::Action;
use crate::client::Client;
use crate::journal::Journal;
use crate::message::{Item, Message, Unsendable};
use crate::outcome::{Outcome, Verdict};
use crate::pace::Pace;
use crate::report::{Console, ReaderGone, Reporter, Tally};
use queue::Queue;
use worker::Outage;

/// After a stop that isn't the user's: how long a pipe may be silent before the run ends. What it has brought by
/// then is reported as not sent; what may come later is nobody's to wait for.
const LAST_CALL: Duration = Duration::from_millis(200);

/// Why a message is skipped that an earlier run has sent.
pub(crate) const IN_JOURNAL: &str = "the journal has it as accepted";

/// How messages are sent.
#[derive(Debug)]
pub(crate) struct Plan {
    /// What is told to Lexer.
    pub(crate) action: Action,
    /// The connection to it.
    pub(crate) client: Client,
    /// How fast.
    pub(crate) pace: Pace,
    /// How often again after a failure that another try can mend.
    pub(crate) retries: u32,
    /// How many requests at once, at most.
    pub(crate) jobs: usize,
    /// Where requests and answers are shown.
    pub(crate) verbose: Option<Console>,
}

/// A run of messages on its way.
#[derive(Debug)]
pub(crate) struct Delivery {
    plan: Plan,
    queue: Queue<Job>,
    /// Held by the worker whose message goes next.
    first: Mutex<()>,
    stop: Stop,
    outage: Outage,
    desk: Mutex<Desk>,
    has_journal: bool,
}

/// A message and where it came from.
#[derive(Debug)]
struct Job {
    line: Option<u64>,
    message: Message,
}

/// Where results are written down, one at a time.
#[derive(Debug)]
struct Desk {
    reporter: Reporter,
    journal: Option<Journal>,
    /// What kept a result from being written, or the input from being read.
    failure: Option<anyhow::Error>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct End {
    /// What the messages came to.
    pub(crate) tally: Tally,
    /// Why it stopped before its input ended, if it did.
    pub(crate) stopped: Option<Reason>,
    /// What went wrong besides messages.
    pub(crate) failure: Option<anyhow::Error>,
}

impl End {
    /// Whether there is nothing to sum up: nobody reads the results any more, or the input failed at once.
    pub(crate) fn came_to_nothing(&self) -> bool {
        let reader_gone = |error: &anyhow::Error| error.is::<ReaderGone>();
        self.failure
            .as_ref()
            .is_some_and(|error| reader_gone(error) || self.tally.total() == 0)
    }
}

/// The run takes no more messages.
#[derive(Debug)]
pub(crate) struct Closed;

impl Delivery {
    /// A run that is ready to start.
    pub(crate) fn new(
        plan: Plan,
        reporter: Reporter,
        journal: Option<Journal>,
    ) -> anyhow::Result<Arc<Self>> {
        let delivery = Arc::new(Delivery {
            queue: Queue::new(plan.jobs),
            plan,
            first: Mutex::default(),
            stop: Stop::default(),
            outage: Outage::default(),
            has_journal: journal.is_some(),
            desk: Mutex::new(Desk {
                reporter,
                journal,
                failure: None,
            }),
        });
        signals::watch(&delivery).context("cannot watch for signals")?;
        Ok(delivery)
    }

    /// Sends one message and waits for what comes of it.
    pub(crate) fn one(&self, message: Message) -> End {
        let job = Job {
            line: None,
            message,
        };
        if !self.is_in_journal(&job) {
            let may_send = self.plan.wait_for_turn(&self.stop);
            self.work_on(job, may_send);
        }
        self.end()
    }

    /// Sends what `read` puts in, until it returns. `is_endless` says that nobody knows when that will be.
    pub(crate) fn many(
        self: &Arc<Self>,
        is_endless: bool,
        read: impl FnOnce(&Self) -> anyhow::Result<()> + Send + 'static,
    ) -> anyhow::Result<End> {
        for number in 0..self.plan.jobs {
            let delivery = Arc::clone(self);
            thread::Builder::new()
                .name(format!("worker {number}"))
                .spawn(move || delivery.work())
                .context("cannot start a thread")?;
        }
        let delivery = Arc::clone(self);
        thread::Builder::new()
            .name("reader".to_owned())
            .spawn(move || {
                if let Err(error) = read(&delivery) {
                    delivery.fail(error);
                }
                delivery.queue.close();
            })
            .context("cannot start a thread")?;
        self.queue
            .wait_for_end(|| self.stop.reason().filter(|_| is_endless).map(|_| LAST_CALL));
        Ok(self.end())
    }

    /// Takes what the reader found on `line`; waits while the workers are busy.
    pub(crate) fn take(&self, line: u64, item: Item) -> Result<(), Closed> {
        if matches!(
            self.stop.reason(),
            Some(Reason::Signal(_) | Reason::CannotReport)
        ) {
            return Err(Closed);
        }
        let line = Some(line);
        match item {
            Item::Message(message) => {
                let job = Job { line, message };
                if self.is_in_journal(&job) {
                    return Ok(());
                }
                self.queue.push(job).map_err(|job| {
                    self.report_not_sent(&job);
                    Closed
                })
            }
            Item::Invalid(what) => {
                self.report_unsent(line, what, Verdict::Invalid);
                Ok(())
            }
            Item::Skipped(what) => {
                self.report_unsent(line, what, Verdict::Skipped);
                Ok(())
            }
        }
    }

    /// Stops the run. After a signal nothing more is read.
    fn stop(&self, reason: Reason) {
        self.stop.request(reason);
        if matches!(reason, Reason::Signal(_) | Reason::CannotReport) {
            self.queue.refuse();
        }
        self.queue.wake();
    }

    fn fail(&self, error: anyhow::Error) {
        self.desk().failure.get_or_insert(error);
        self.stop(Reason::CannotReport);
    }

    /// Whether the journal has the message as accepted; reports it then.
    fn is_in_journal(&self, job: &Job) -> bool {
        // The desk is busy: nobody goes there for nothing.
        if !self.has_journal {
            return false;
        }
        let Message {
            object_id,
            account_id,
            ..
        } = &job.message;
        let known = self.desk().journal.as_ref().is_some_and(|journal| {
            let accepted = journal.accepted();
            accepted.has(
                self.plan.action,
                object_id.as_deref(),
                account_id.as_deref(),
            )
        });
        if known {
            self.report_unsent(
                job.line,
                job.message.unsendable(IN_JOURNAL),
                Verdict::Skipped,
            );
        }
        known
    }

    fn report_not_sent(&self, job: &Job) {
        let why = match self.stop.reason() {
            Some(Reason::Unauthorized) => "the token was refused",
            Some(Reason::Unavailable) => "Lexer is not available",
            _ => "the run was stopped",
        };
        let what = job.message.unsendable(&format!("not sent: {why}"));
        self.report_unsent(job.line, what, Verdict::NotSent);
    }

    fn report_unsent(&self, line: Option<u64>, what: Unsendable, verdict: fn(String) -> Verdict) {
        self.report(Outcome::unsent(self.plan.action, line, what, verdict));
    }

    /// Writes `outcome` down: in the journal first, which must know of a message before anybody is told.
    fn report(&self, outcome: Outcome) {
        let outcome = &outcome.without(self.plan.client.token());
        let mut desk = self.desk();
        let Desk {
            reporter, journal, ..
        } = &mut *desk;
        let written = match journal {
            Some(journal) => journal.note(outcome),
            None => Ok(()),
        };
        let reported = written.and_then(|()| reporter.outcome(outcome));
        drop(desk);
        if let Err(error) = reported {
            self.fail(error);
        }
    }

    fn end(&self) -> End {
        let mut desk = self.desk();
        End {
            tally: desk.reporter.finish(),
            stopped: self.stop.reason(),
            failure: desk.failure.take(),
        }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
