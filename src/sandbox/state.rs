//! What each request passes, one request at a time: a fault or the inbox decides on the response, the log counts it,
//! and the record keeps it.

use std::time::{Duration, Instant};

use super::http::Request;
use super::inbox::Inbox;
use super::log::RequestLog;
use super::record::Record;
use super::response::Response;
use crate::cli::Fault;
use crate::exit::Exit;
use crate::output::Console;

/// What the sandbox does, and what it received.
#[derive(Debug)]
pub(crate) struct State {
    /// Which requests fail on purpose, one fault after another.
    pub(crate) faults: Vec<Fault>,
    /// Which of the others are accepted.
    pub(crate) inbox: Inbox,
    /// The time before each response.
    pub(crate) latency: Duration,
    /// What was received, and what is expected.
    pub(crate) log: RequestLog,
    /// Where everything is recorded.
    pub(crate) record: Option<Record>,
    /// Where each request is listed as it arrives, besides errors.
    pub(crate) console: Console,
    /// Whether each request is listed as it arrives.
    pub(crate) is_live: bool,
}

impl State {
    /// The response to a request, which is `refusal` if it couldn't be read; `None`: the connection is closed without
    /// one.
    ///
    /// The request is logged before the response is sent, so that the log has every request that got one.
    pub(crate) fn respond(
        &mut self,
        request: &Request,
        refusal: Option<Response>,
        now: Instant,
    ) -> Option<Response> {
        let response = refusal.or_else(|| self.decide(request, now));
        let line = self.log.add(request, response.as_ref());
        if self.is_live {
            self.console.eprint_line(&line);
        }
        if let Some(record) = &mut self.record {
            record.add(request, response.as_ref(), self.console);
        }
        response
    }

    fn decide(&mut self, request: &Request, now: Instant) -> Option<Response> {
        let mut faults = self.faults.iter_mut();
        let Some(fault) = faults.find(|fault| fault.count != Some(0)) else {
            return Some(self.inbox.respond(request, now));
        };
        if let Some(count) = &mut fault.count {
            *count -= 1;
        }
        let status = fault.status?;
        if !status.is_success() {
            let response = Response::refused(status, "failed on purpose by --fail");
            return Some(response.with_status(status));
        }
        // A success is only for a request that the inbox accepts.
        let response = self.inbox.respond(request, now);
        Some(if response.is_accepted() {
            response.with_status(status)
        } else {
            response
        })
    }

    /// Prints what was not as expected, and returns the exit code for it.
    pub(crate) fn conclude(&self) -> Exit {
        let mut exit = Exit::Success;
        for sentence in self.log.unmet() {
            self.console.error(&sentence);
            exit = Exit::Refused;
        }
        if self.record.as_ref().is_some_and(|record| record.has_failed) {
            exit = Exit::Configuration;
        }
        exit
    }
}
