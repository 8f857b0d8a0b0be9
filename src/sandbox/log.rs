//! What the inbox received: a line for each request, and the summary at the end.
//!
//! Keeps counts and the last lines only, so that a sandbox that runs for weeks doesn't grow.

use std::collections::VecDeque;

use super::http::Request;
use super::response::Response;
use super::{inbox, validation};
use crate::api::Action;
use crate::output::sanitize;

/// How many requests the summary lists.
const MAX_LISTED: usize = 20;

/// How many characters of a value from a request are shown. A Messenger message ID has about 150.
const MAX_SHOWN: usize = 200;

/// The requests so far.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    requests: u64,
    claimed: u64,
    echoed: u64,
    last: VecDeque<String>,
}

impl RequestLog {
    /// Takes note of `request` (`None`: one that couldn't be read) and gives the line that tells of it.
    pub(crate) fn add(&mut self, request: Option<&Request>, answer: &Response) -> &str {
        self.requests += 1;
        if *answer == Response::Accepted {
            match request.and_then(|request| inbox::endpoint(&request.path)) {
                Some((_, Action::Claim)) => self.claimed += 1,
                Some((_, Action::Echo)) => self.echoed += 1,
                None => {}
            }
        }
        if self.last.len() == MAX_LISTED {
            self.last.pop_front();
        }
        self.last.push_back(line(request, answer));
        self.last.back().map_or("", String::as_str)
    }

    /// What happened, in a line, and the last requests, each on a line of its own.
    pub(crate) fn summary(&self) -> Vec<String> {
        let requests = counted(self.requests, "request");
        let results: Vec<String> = [
            (self.claimed, "claimed"),
            (self.echoed, "echoed"),
            (self.requests - self.claimed - self.echoed, "rejected"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .enumerate()
        .map(|(place, (count, result))| match place {
            0 if result != "rejected" => format!("{} {result}", counted(count, "message")),
            _ => format!("{count} {result}"),
        })
        .collect();

        let mut lines = vec![if results.is_empty() {
            format!("sandbox: {requests}")
        } else {
            format!("sandbox: {requests}: {}", results.join(", "))
        }];
        let unlisted = self.requests - self.last.len() as u64;
        if unlisted > 0 {
            lines.push(format!("  ({unlisted} before these)"));
        }
        lines.extend(self.last.iter().map(|line| format!("  {line}")));
        lines
    }
}

fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn line(request: Option<&Request>, answer: &Response) -> String {
    let status = answer.status();
    let subject = request.map_or_else(|| "unreadable request".to_owned(), subject);
    match answer.error() {
        None => format!("{status} {subject}"),
        Some(error) => format!("{status} {subject}: {}", shown(&error)),
    }
}

/// What `request` is about. Looks into the body itself: it may have been refused before any check came to that.
fn subject(request: &Request) -> String {
    let Some((_, action)) = inbox::endpoint(&request.path).filter(|_| request.method == "POST")
    else {
        return format!("{} {}", shown(&request.method), shown(&request.path));
    };
    let fields = validation::fields(&request.body).unwrap_or_default();
    let id = validation::text(&fields, "object_id").map(shown);
    let page = validation::text(&fields, "account_id").map(shown);
    // Padded, so that the IDs of claims and echoes stand below one another.
    match (id, page) {
        (Some(id), Some(page)) => format!("{:<5} {id} (page {page})", action.name()),
        (Some(id), None) => format!("{:<5} {id}", action.name()),
        (None, Some(page)) => format!("{:<5} (page {page})", action.name()),
        (None, None) => action.name().to_owned(),
    }
}

/// `text` as it may stand in a line: sanitized, and not endless.
fn shown(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", sanitize(&text[..end])),
        None => sanitize(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Request, RequestLog, Response};

    fn request(action: &str, body: &str) -> Request {
        Request {
            method: "POST".to_owned(),
            path: format!("/api/clients/1/bots/objects/{action}"),
            token: None,
            body: body.as_bytes().to_vec(),
            keep_alive: true,
        }
    }

    fn line(action: &str, body: &str, answer: &Response) -> String {
        let request = request(action, body);
        RequestLog::default().add(Some(&request), answer).to_owned()
    }

    #[test]
    fn a_line_tells_what_was_asked_and_what_was_wrong() {
        let whole = r#"{"object_id":"m_1","account_id":"42"}"#;
        assert_eq!(
            line("claim", whole, &Response::Accepted),
            "201 claim m_1 (page 42)"
        );
        assert_eq!(
            line("echo", whole, &Response::TokenWrong),
            "401 echo  m_1 (page 42): the token is wrong"
        );
        assert_eq!(
            line(
                "claim",
                r#"{"account_id":"42"}"#,
                &Response::FieldMissing("object_id")
            ),
            "500 claim (page 42): object_id is missing"
        );
        assert_eq!(
            line(
                "echo",
                r#"{"object_id":"m_1"}"#,
                &Response::FieldMissing("account_id")
            ),
            "500 echo  m_1: account_id is missing"
        );
        assert_eq!(
            line("echo", "{", &Response::Exception("broken".to_owned())),
            "500 echo: broken"
        );
        assert_eq!(
            line("close", whole, &Response::UnknownPath),
            "404 POST /api/clients/1/bots/objects/close: no such path"
        );
        assert_eq!(
            RequestLog::default().add(None, &Response::TooLarge),
            "413 unreadable request: the body is over 2 MiB"
        );
    }

    #[test]
    fn what_a_client_sent_is_harmless_and_short() {
        let body = format!(
            r#"{{"object_id":"\u001b[2J","account_id":"{}"}}"#,
            "9".repeat(100_000)
        );
        let page = "9".repeat(200);
        assert_eq!(
            line("claim", &body, &Response::Accepted),
            format!("201 claim \\u{{1b}}[2J (page {page}…)")
        );
    }

    #[test]
    fn the_summary_counts_every_request_and_lists_the_last() {
        let mut received = RequestLog::default();
        assert_eq!(received.summary(), ["sandbox: 0 requests"]);

        received.add(None, &Response::TooLarge);
        assert_eq!(
            received.summary(),
            [
                "sandbox: 1 request: 1 rejected",
                "  413 unreadable request: the body is over 2 MiB",
            ]
        );

        let echo = request("echo", r#"{"object_id":"m_2","account_id":"42"}"#);
        received.add(Some(&echo), &Response::Accepted);
        assert_eq!(
            received.summary()[0],
            "sandbox: 2 requests: 1 message echoed, 1 rejected"
        );

        let claim = request("claim", r#"{"object_id":"m_1","account_id":"42"}"#);
        for _ in 0..30 {
            received.add(Some(&claim), &Response::Accepted);
        }
        let summary = received.summary();
        assert_eq!(
            summary[0],
            "sandbox: 32 requests: 30 messages claimed, 1 echoed, 1 rejected"
        );
        assert_eq!(summary[1], "  (12 before these)");
        assert_eq!(summary[2..], ["  201 claim m_1 (page 42)"; 20]);
    }
}
