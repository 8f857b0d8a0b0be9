//! What the inbox received: a line for each request, and a summary.
//!
//! Keeps only counts and the last lines, so that a sandbox that runs for weeks doesn't grow.

use std::collections::VecDeque;

use super::http::Request;
use super::inbox;
use super::response::Response;
use crate::api::Action;
use crate::output::{counted, sanitize, truncated};

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
}

impl RequestLog {
    /// Adds `request` (`None`: an unreadable one) and its response (`None`: the connection was closed). Returns the
    /// line that describes it.
    pub(crate) fn add(&mut self, request: Option<&Request>, response: Option<&Response>) -> String {
        let subject = request.map_or_else(|| "unreadable request".to_owned(), subject);
        let line = match response {
            None => format!("--- {subject}: {DROPPED}"),
            Some(response) if response.is_accepted() => {
                format!("{} {subject}", response.status.as_str())
            }
            Some(response) => {
                let error = shown(&response.error);
                format!("{} {subject}: {error}", response.status.as_str())
            }
        };
        *self.count_of(request, response) += 1;
        if self.last.len() == MAX_LISTED {
            self.last.pop_front();
        }
        self.last.push_back(line.clone());
        line
    }

    /// The count that a request belongs to.
    fn count_of(&mut self, request: Option<&Request>, response: Option<&Response>) -> &mut u64 {
        let Some(response) = response else {
            return &mut self.dropped;
        };
        match request.and_then(|request| inbox::endpoint(&request.path)) {
            Some((_, Action::Claim)) if response.is_accepted() => &mut self.claimed,
            Some((_, Action::Echo)) if response.is_accepted() => &mut self.echoed,
            Some((_, Action::Claim)) if response.error == inbox::NO_OBJECT_ID => &mut self.checks,
            _ => &mut self.rejected,
        }
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

/// What `request` is about. Parses the body again, since an earlier check may have refused the request.
fn subject(request: &Request) -> String {
    let Some((_, action)) = inbox::endpoint(&request.path).filter(|_| request.method == "POST")
    else {
        return format!("{} {}", shown(&request.method), shown(&request.path));
    };
    let fields = inbox::fields(&request.body).unwrap_or_default();
    let id = inbox::text(&fields, "object_id").map(|id| format!(" {}", shown(id)));
    let page = inbox::text(&fields, "account_id").map(|page| format!(" (page {})", shown(page)));
    // Padded to align the IDs of claims and echoes.
    let name = format!("{:<5}", action.name());
    let subject = name + &id.unwrap_or_default() + &page.unwrap_or_default();
    subject.trim_end().to_owned()
}

fn shown(text: &str) -> String {
    sanitize(&truncated(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use ureq::http::StatusCode;

    use super::{Request, RequestLog, Response};
    use crate::sandbox::http::Connection;

    fn request(action: &str, body: &str) -> Request {
        Request {
            method: "POST".to_owned(),
            path: format!("/api/clients/1/bots/objects/{action}"),
            token: None,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            connection: Connection::Open,
        }
    }

    fn too_large() -> Response {
        Response::refused(StatusCode::PAYLOAD_TOO_LARGE, "the body is over 2 MiB")
    }

    fn line(action: &str, body: &str, response: &Response) -> String {
        let request = request(action, body);
        RequestLog::default().add(Some(&request), Some(response))
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
            RequestLog::default().add(None, Some(&too_large())),
            "413 unreadable request: the body is over 2 MiB"
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
        log.add(Some(&request("claim", "{}")), Some(&missing));
        assert_eq!(log.summary()[0], "sandbox: 1 request: 1 check");
        log.add(Some(&request("claim", "{}")), Some(&missing));
        log.add(Some(&request("claim", "{}")), Some(&refused));
        log.add(Some(&request("echo", "{}")), Some(&missing));
        assert_eq!(
            log.summary()[0],
            "sandbox: 4 requests: 2 checks, 2 rejected"
        );
    }

    #[test]
    fn summary_counts_all_requests_and_lists_the_last() {
        let mut log = RequestLog::default();
        assert_eq!(log.summary(), ["sandbox: 0 requests"]);

        log.add(None, Some(&too_large()));
        assert_eq!(
            log.summary(),
            [
                "sandbox: 1 request: 1 rejected",
                "  413 unreadable request: the body is over 2 MiB",
            ]
        );

        let echo = request("echo", r#"{"object_id":"m_2","account_id":"42"}"#);
        log.add(Some(&echo), Some(&Response::accepted()));
        assert_eq!(
            log.summary()[0],
            "sandbox: 2 requests: 1 message echoed, 1 rejected"
        );

        let claim = request("claim", r#"{"object_id":"m_1","account_id":"42"}"#);
        for _ in 0..30 {
            log.add(Some(&claim), Some(&Response::accepted()));
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
