//! What each request passes, one request at a time: a fault or the inbox decides on the response, the log counts it,
//! and the record keeps it.

use std::time::Instant;

use ureq::http::StatusCode;

use super::expectations::Expectations;
use super::faults::Faults;
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
    /// Which requests fail on purpose.
    pub(crate) faults: Faults,
    /// Which of the others are accepted.
    pub(crate) inbox: Inbox,
    /// What was received.
    pub(crate) log: RequestLog,
    /// What should have been accepted.
    pub(crate) expectations: Expectations,
    /// Where everything is recorded.
    pub(crate) record: Option<Record>,
    /// Where each request is listed as it arrives, besides errors.
    pub(crate) console: Console,
    /// Whether each request is listed as it arrives.
    pub(crate) is_live: bool,
}

impl State {
    /// The response to a request, or to an unreadable one (an error); `None`: the connection is closed without one.
    ///
    /// The request is logged first: a client that has its response is in the log.
    pub(crate) fn respond(
        &mut self,
        request: Result<&Request, Response>,
        now: Instant,
    ) -> Option<Response> {
        let (request, response) = match request {
            Ok(request) => (Some(request), self.decide(request, now)),
            Err(response) => (None, Some(response)),
        };
        let line = self.log.add(request, response.as_ref());
        if self.is_live {
            self.console.eprint_line(&line);
        }
        if let Some(request) = request
            && response.as_ref().is_some_and(Response::is_accepted)
        {
            self.expectations.add(request);
        }
        let problem = self
            .record
            .as_mut()
            .and_then(|record| record.add(request, response.as_ref()));
        if let Some(problem) = problem {
            self.console.error(&problem);
        }
        response
    }

    fn decide(&mut self, request: &Request, now: Instant) -> Option<Response> {
        match self.faults.next() {
            None => Some(self.inbox.respond(request, now)),
            Some(Fault { status: None, .. }) => None,
            Some(Fault {
                status: Some(status),
                ..
            }) => Some(self.respond_with(status, request, now)),
        }
    }

    /// A response with `status`: a success is only for a request that the inbox accepts.
    fn respond_with(&mut self, status: StatusCode, request: &Request, now: Instant) -> Response {
        if !status.is_success() {
            return Response::refused(status, "failed on purpose by --fail").with_status(status);
        }
        let response = self.inbox.respond(request, now);
        if response.is_accepted() {
            response.with_status(status)
        } else {
            response
        }
    }

    /// Says what was not as expected, and returns the exit code for it.
    pub(crate) fn conclude(&self) -> Exit {
        let mut exit = Exit::Success;
        for sentence in self.expectations.unmet() {
            self.console.error(&sentence);
            exit = Exit::Refused;
        }
        if self.record.as_ref().is_some_and(|record| record.has_failed) {
            exit = Exit::Configuration;
        }
        exit
    }
}
