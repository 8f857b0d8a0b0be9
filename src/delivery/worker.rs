//! A worker: takes a message, keeps the pace, sends it, tries again where that can help.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Instant, SystemTime};

use super::backoff::{backoff, retry_after};
use super::{Delivery, Job, Reason};
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
        while let Some(job) = self.queue.pop() {
            self.work_on(job);
            self.queue.done();
        }
    }

    /// Sends one message, if the run goes on, and reports what came of it.
    pub(super) fn work_on(&self, job: Job) {
        let mut start = None;
        let mut attempts = 0;
        let mut verdict = None;
        while self.may_try(attempts, verdict.as_ref()) && self.plan.pace.wait(&self.stop) {
            attempts += 1;
            start.get_or_insert_with(Instant::now);
            verdict = Some(self.attempt(&job.message.body));
        }
        let Some(verdict) = verdict else {
            return self.report_not_sent(job);
        };
        let kind = verdict.kind();
        if kind == Kind::Unauthorized {
            self.stop(Reason::Unauthorized);
        } else if self.outage.note(kind) {
            self.stop(Reason::Unavailable);
        }
        self.report(&Outcome {
            action: self.plan.action,
            line: job.line,
            object_id: job.message.object_id,
            account_id: job.message.account_id,
            verdict,
            attempts,
            elapsed: start.map(|start| start.elapsed()).unwrap_or_default(),
        });
    }

    /// Whether to send once more after `attempts` attempts, the last of which came to `last`; waits before it.
    fn may_try(&self, attempts: u32, last: Option<&Verdict>) -> bool {
        let Some(last) = last else {
            return self.stop.reason().is_none();
        };
        if attempts > self.plan.retries || !last.is_retryable() {
            return false;
        }
        let asked_for = match last {
            Verdict::Answered(answer) => answer
                .retry_after()
                .and_then(|value| retry_after(value, SystemTime::now())),
            _ => None,
        };
        let wait = asked_for.unwrap_or_else(|| backoff(attempts, fastrand::f64()));
        if last.status() == Some(429) {
            self.plan.pace.hold(wait);
        }
        self.stop.sleep(wait)
    }

    fn attempt(&self, body: &str) -> Verdict {
        let client = &self.plan.client;
        if let Some(console) = self.plan.verbose {
            print_request(console, client.url(self.plan.action), body);
        }
        let start = Instant::now();
        let answered = client
            .send(self.plan.action, body)
            .map_err(|no_answer| (no_answer.cause, client.explain(&no_answer)));
        if let Some(console) = self.plan.verbose {
            let answer = answered.as_ref().map_err(|(_, why)| why.as_str());
            print_answer(console, answer, start.elapsed());
        }
        match answered {
            Ok(answer) => Verdict::Answered(answer),
            Err((cause, why)) => Verdict::Unanswered { cause, why },
        }
    }
}
