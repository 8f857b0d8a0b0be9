//! What the sandbox received: a line for each request, a summary, and whether it was what `--expect` says.
//!
//! Keeps only counts and the last lines, so that a sandbox that runs for weeks doesn't grow.

use std::collections::{HashSet, VecDeque};

use super::http::Request;
use super::inbox;
use super::response::Response;
use crate::api_facts::Action;
use crate::cli::Expectation;
use crate::message::truncated;
use crate::output::{counted, sanitize};

/// How many requests the summary lists.
const MAX_LISTED: usize = 20;

/// What is shown of a request without a response.
pub(crate) const DROPPED: &str = "closed on purpose by --drop";

/// The requests so far.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    claimed: u64,
    echoed: u64,
    checks: u64,
    rejected: u64,
    dropped: u64,
    last: VecDeque<String>,
    /// How many messages should have been accepted.
    expected: Vec<Expectation>,
    /// Action, `object_id` and `account_id` of each accepted message. Stays empty if nothing is expected.
    accepted: HashSet<(&'static str, String, String)>,
}

impl RequestLog {
    /// Nothing was received yet.
    pub(crate) fn new(expected: Vec<Expectation>) -> Self {
        RequestLog {
            expected,
            ..RequestLog::default()
        }
    }

    /// Adds `request` and its response (`None`: the connection was closed). Returns the line that describes it.
    pub(crate) fn add(&mut self, request: &Request, response: Option<&Response>) -> String {
        let action = inbox::action(request);
        // An earlier check than that of the fields may have refused the request.
        let fields = inbox::fields(&request.body).unwrap_or_default();
        let id = |field| inbox::text(&fields, field).unwrap_or_default();
        let (object_id, page) = (id("object_id"), id("account_id"));
        let subject = match (&*request.method, action) {
            ("", _) => "unreadable request".to_owned(),
            ("POST", Some(action)) => subject(action, object_id, page),
            (method, _) => format!("{} {}", shown(method), shown(&request.path)),
        };
        let status = response.map_or("---", |response| response.status.as_str());
        let error = response.map_or(DROPPED, |response| &response.error);
        let line = if error.is_empty() {
            format!("{status} {subject}")
        } else {
            format!("{status} {subject}: {}", shown(error))
        };
        *match (action, error) {
            (_, DROPPED) => &mut self.dropped,
            (Some(Action::Claim), "") => &mut self.claimed,
            (Some(Action::Echo), "") => &mut self.echoed,
            (Some(Action::Claim), inbox::NO_OBJECT_ID) => &mut self.checks,
            _ => &mut self.rejected,
        } += 1;
        if let (Some(action), "", false) = (action, error, self.expected.is_empty()) {
            let message = (action.name(), object_id.to_owned(), page.to_owned());
            self.accepted.insert(message);
        }
        if self.last.len() == MAX_LISTED {
            self.last.pop_front();
        }
        self.last.push_back(line.clone());
        line
    }

    /// A sentence for each number of messages that isn't as expected.
    pub(crate) fn unmet(&self) -> impl Iterator<Item = String> {
        self.expected.iter().filter_map(|expected| {
            let counts = |name| expected.action.is_none_or(|action| action.name() == name);
            let accepted = self.accepted.iter().filter(|(name, ..)| counts(*name));
            let accepted = accepted.count();
            let done = expected.action.map_or("accepted", Action::done);
            let expected_count = counted(expected.count as u64, "distinct message");
            let were = if accepted == 1 { "was" } else { "were" };
            (accepted != expected.count)
                .then(|| format!("expected {expected_count} to be {done}, but {accepted} {were}"))
        })
    }

    /// One line of totals, then a line for each of the last requests.
    pub(crate) fn summary(&self) -> Vec<String> {
        let requests = self.claimed + self.echoed + self.checks + self.rejected + self.dropped;
        let mut totals = format!("sandbox: {}", counted(requests, "request"));
        let claimed = counted(self.claimed, "message");
        let echoed = counted(self.echoed, "message");
        let mut separator = ": ";
        for (count, result) in [
            (self.claimed, format!("{claimed} claimed")),
            (self.echoed, format!("{echoed} echoed")),
            (self.checks, counted(self.checks, "check")),
            (self.rejected, format!("{} rejected", self.rejected)),
            (self.dropped, format!("{} dropped", self.dropped)),
        ] {
            if count > 0 {
                totals = totals + separator + &result;
                separator = ", ";
            }
        }

        let mut lines = vec![totals];
        let unlisted = requests - self.last.len() as u64;
        if unlisted > 0 {
            lines.push(format!("  ({unlisted} before these)"));
        }
        lines.extend(self.last.iter().map(|line| format!("  {line}")));
        lines
    }
}

/// What a request is about.
fn subject(action: Action, object_id: &str, page: &str) -> String {
    // Padded to align the IDs of claims and echoes.
    let mut subject = format!("{:<5} {}", action.name(), shown(object_id));
    if !page.is_empty() {
        subject = format!("{} (page {})", subject.trim_end(), shown(page));
    }
    subject.trim_end().to_owned()
}

fn shown(text: &str) -> String {
    sanitize(&truncated(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use ureq::http::StatusCode;

    use super::{Request, RequestLog, Response};

    fn request(action: &str, body: &str) -> Request {
        Request {
            method: "POST".to_owned(),
            path: format!("/api/clients/1/bots/objects/{action}"),
            body: body.as_bytes().to_vec(),
            ..Request::default()
        }
    }

    fn not_http() -> Response {
        Response::refused(StatusCode::BAD_REQUEST, "not an HTTP request")
    }

    fn line(action: &str, body: &str, response: &Response) -> String {
        let request = request(action, body);
        RequestLog::default().add(&request, Some(response))
    }

    #[test]
    fn a_line_shows_the_request_and_what_was_wrong() {
        let whole = r#"{"object_id":"m_1","account_id":"42"}"#;
        assert_eq!(
            line("claim", whole, &Response::accepted()),
            "201 claim m_1 (page 42)"
        );
        assert_eq!(
            line(
                "echo",
                whole,
                &Response::refused(StatusCode::UNAUTHORIZED, "the token is wrong")
            ),
            "401 echo  m_1 (page 42): the token is wrong"
        );
        assert_eq!(
            line(
                "claim",
                r#"{"account_id":"42"}"#,
                &Response::invalid_field("object_id is missing".to_owned())
            ),
            "500 claim (page 42): object_id is missing"
        );
        assert_eq!(
            line(
                "echo",
                r#"{"object_id":"m_1"}"#,
                &Response::invalid_field("account_id is missing".to_owned())
            ),
            "500 echo  m_1: account_id is missing"
        );
        assert_eq!(
            line("echo", "{", &Response::exception("broken".to_owned())),
            "500 echo: broken"
        );
        assert_eq!(
            line(
                "close",
                whole,
                &Response::refused(StatusCode::NOT_FOUND, "no such path")
            ),
            "404 POST /api/clients/1/bots/objects/close: no such path"
        );
        assert_eq!(
            RequestLog::default().add(&Request::default(), Some(&not_http())),
            "400 unreadable request: not an HTTP request"
        );
    }

    #[test]
    fn values_from_requests_are_sanitized_and_truncated() {
        let body = format!(
            r#"{{"object_id":"\u001b[2J","account_id":"{}"}}"#,
            "9".repeat(100_000)
        );
        let page = "9".repeat(300);
        assert_eq!(
            line("claim", &body, &Response::accepted()),
            format!("201 claim \\u{{1b}}[2J (page {page}…)")
        );
    }

    #[test]
    fn a_claim_without_an_object_id_is_a_check() {
        let mut log = RequestLog::default();
        let missing = Response::invalid_field("object_id is missing".to_owned());
        let refused = Response::refused(StatusCode::UNAUTHORIZED, "the token is wrong");
        log.add(&request("claim", "{}"), Some(&missing));
        assert_eq!(log.summary()[0], "sandbox: 1 request: 1 check");
        log.add(&request("claim", "{}"), Some(&missing));
        log.add(&request("claim", "{}"), Some(&refused));
        log.add(&request("echo", "{}"), Some(&missing));
        assert_eq!(
            log.summary()[0],
            "sandbox: 4 requests: 2 checks, 2 rejected"
        );
    }

    #[test]
    fn summary_counts_all_requests_and_lists_the_last() {
        let mut log = RequestLog::default();
        assert_eq!(log.summary(), ["sandbox: 0 requests"]);

        log.add(&Request::default(), Some(&not_http()));
        assert_eq!(
            log.summary(),
            [
                "sandbox: 1 request: 1 rejected",
                "  400 unreadable request: not an HTTP request",
            ]
        );

        let echo = request("echo", r#"{"object_id":"m_2","account_id":"42"}"#);
        log.add(&echo, Some(&Response::accepted()));
        assert_eq!(
            log.summary()[0],
            "sandbox: 2 requests: 1 message echoed, 1 rejected"
        );

        let claim = request("claim", r#"{"object_id":"m_1","account_id":"42"}"#);
        for _ in 0..30 {
            log.add(&claim, Some(&Response::accepted()));
        }
        let summary = log.summary();
        assert_eq!(
            summary[0],
            "sandbox: 32 requests: 30 messages claimed, 1 message echoed, 1 rejected"
        );
        assert_eq!(summary[1], "  (12 before these)");
        assert_eq!(summary[2..], ["  201 claim m_1 (page 42)"; 20]);
    }
}
