//! A worker: takes a message, keeps the pace, sends it, tries again where that can help.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use super::backoff::{backoff, retry_after};
use super::{Delivery, Job, Plan, Reason, Stop};
use crate::outcome::{Kind, Outcome, Verdict};
use crate::report::{print_answer, print_request};

/// So many messages in a row without a final answer end the run.
const HOPELESS: u32 = 10;

/// Counts the messages in a row that got no final answer.
#[derive(Debug, Default)]
pub(super) struct Outage(AtomicU32);

impl Outage {
    /// Counts `kind`. Whether there is no hope for the next message.
    fn note(&self, kind: Kind) -> bool {
        if matches!(kind, Kind::Unavailable | Kind::Unknown) {
            self.0.fetch_add(1, Ordering::Relaxed) + 1 >= HOPELESS
        } else {
            self.0.store(0, Ordering::Relaxed);
            false
        }
    }
}

impl Delivery {
    /// Works off the queue to its end.
    pub(super) fn work(&self) {
        loop {
            // Whoever takes a message out also waits for its turn before anybody takes the next one, so that
            // messages go out in the order in which they came in.
            let first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(job) = self.queue.pop() else { return };
            let may_send = self.plan.wait_for_turn(&self.stop);
            drop(first);
            self.work_on(job, may_send);
            self.queue.done();
        }
    }

    /// Sends one message, if it may, and reports what came of it.
    pub(super) fn work_on(&self, job: Job, may_send: bool) {
        if !may_send {
            return self.report_not_sent(&job);
        }
        let sent = self.plan.send(&job.message.body, &self.stop);
        let kind = sent.verdict.kind();
        if kind == Kind::Unauthorized {
            self.stop(Reason::Unauthorized);
        } else if self.outage.note(kind) {
            self.stop(Reason::Unavailable);
        }
        self.report(Outcome {
            action: self.plan.action,
            line: job.line,
            object_id: job.message.object_id,
            account_id: job.message.account_id,
            verdict: sent.verdict,
            attempts: sent.attempts,
            elapsed: sent.elapsed,
        });
    }
}

/// What sending a body came to in the end.
#[derive(Debug)]
pub(crate) struct Sent {
    /// What the last attempt came to.
    pub(crate) verdict: Verdict,
    /// How many there were.
    pub(crate) attempts: u32,
    /// From the first attempt to the end of the last.
    pub(crate) elapsed: Duration,
}

impl Plan {
    /// Waits until a request may be sent. Whether it may: not where the run stops.
    pub(crate) fn wait_for_turn(&self, stop: &Stop) -> bool {
        stop.reason().is_none() && self.pace.wait(stop)
    }

    /// Sends `body`, whose turn it is, and again where that can help.
    pub(crate) fn send(&self, body: &str, stop: &Stop) -> Sent {
        let start = Instant::now();
        let mut attempts = 1;
        let mut verdict = self.attempt(body);
        while verdict.is_retryable() {
            let wait = wait_after(attempts, &verdict);
            if verdict.status() == Some(429) {
                self.pace.hold(wait);
            }
            if attempts > self.retries || !stop.sleep(wait) || !self.wait_for_turn(stop) {
                break;
            }
            attempts += 1;
            verdict = self.attempt(body);
        }
        Sent {
            verdict,
            attempts,
            elapsed: start.elapsed(),
        }
    }

    fn attempt(&self, body: &str) -> Verdict {
        let client = &self.client;
        if let Some(console) = self.verbose {
            print_request(
                console,
                client.url(self.action),
                &client.token().redact(body),
            );
        }
        let start = Instant::now();
        let answered = client
            .send(self.action, body)
            .map_err(|no_answer| (no_answer.cause, client.explain(&no_answer)));
        if let Some(console) = self.verbose {
            let answer = answered.as_ref().map_err(|(_, why)| why.as_str());
            print_answer(console, answer, start.elapsed());
        }
        match answered {
            Ok(answer) => Verdict::Answered(answer),
            Err((cause, why)) => Verdict::Unanswered { cause, why },
        }
    }
}

/// How long to wait after so many attempts: as long as the server asked for, else as long as a backoff is.
fn wait_after(attempts: u32, last: &Verdict) -> Duration {
    let asked_for = match last {
        Verdict::Answered(answer) => answer
            .retry_after()
            .and_then(|value| retry_after(value, SystemTime::now())),
        _ => None,
    };
    asked_for.unwrap_or_else(|| backoff(attempts, fastrand::f64()))
}
