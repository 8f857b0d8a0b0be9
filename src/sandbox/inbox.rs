//! The stand-in for a Lexer inbox: decides on the response to each request.
//!
//! Uses no socket and no clock, and nothing of lexbot's own validation. The order of the checks matters to clients:
//! `lexbot check` sends a claim without `object_id`, and takes a complaint about that for "the token was accepted". So
//! the token comes before the body.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use chrono::DateTime;
use serde_json::{Map, Value};
use ureq::http::StatusCode;

use super::http::Request;
use super::response::Response;
use crate::api_facts::{self, Action, TOKEN_HEADER};
use crate::token::Token;

/// What is wrong with the request of `lexbot check`, which tests a token without claiming anything.
pub(crate) const NO_OBJECT_ID: &str = "object_id is missing";

/// A Lexer inbox with one client and one token.
#[derive(Debug)]
pub(crate) struct Inbox {
    /// The only token that it accepts.
    pub(crate) token: Token,
    /// The only client ID that it knows.
    pub(crate) client_id: u64,
    /// The integrated pages; if empty, every page is.
    pub(crate) pages: Vec<String>,
    /// How many requests it accepts.
    pub(crate) rate_limit: StrictLimit,
}

impl Inbox {
    /// The response to `request`, which arrives at `now`.
    pub(crate) fn respond(&mut self, request: &Request, now: Instant) -> Response {
        let (Ok(response) | Err(response)) = self.check(request, now);
        response
    }

    fn check(&mut self, request: &Request, now: Instant) -> Result<Response, Response> {
        let refused = |status, error: &str| Err(Response::refused(status, error));
        let Some((client, action)) = endpoint(&request.path) else {
            return refused(StatusCode::NOT_FOUND, "no such path");
        };
        if client != self.client_id.to_string() {
            let error = format!("no client has the ID {client}");
            return refused(StatusCode::NOT_FOUND, &error);
        }
        if request.method != "POST" {
            let error = format!("{} is not allowed, only POST", request.method);
            return refused(StatusCode::METHOD_NOT_ALLOWED, &error);
        }
        let Some(token) = request.headers.get(TOKEN_HEADER) else {
            let error = "the header Auth-Api-Token is missing";
            return refused(StatusCode::UNAUTHORIZED, error);
        };
        if token != self.token.expose() {
            return refused(StatusCode::UNAUTHORIZED, "the token is wrong");
        }
        // After the token, since Lexer's rate limit belongs to a token.
        if !self.rate_limit.admits(now) {
            let error = format!("over the limit of {} a second", self.rate_limit.per_second);
            return refused(StatusCode::TOO_MANY_REQUESTS, &error);
        }
        let page = page_of(action, &request.body)?;
        if !self.pages.is_empty() && !self.pages.contains(&page) {
            return Err(Response::unknown_page(&page));
        }
        Ok(Response::accepted())
    }
}

/// How many requests are accepted in any one second.
///
/// Lexer doesn't publish how it counts. This is the strictest reading of "10 a second": a client that satisfies it
/// satisfies all others.
#[derive(Debug)]
pub(crate) struct StrictLimit {
    per_second: u32,
    /// When the requests of the last second were accepted, oldest first.
    accepted: VecDeque<Instant>,
}

impl StrictLimit {
    /// A limit of `per_second` requests; 0 for none.
    pub(crate) fn new(per_second: u32) -> Self {
        StrictLimit {
            per_second,
            accepted: VecDeque::new(),
        }
    }

    /// Whether a request that arrives at `now` is within the limit. A refused request doesn't count.
    fn admits(&mut self, now: Instant) -> bool {
        if self.per_second == 0 {
            return true;
        }
        let is_over = |accepted: &Instant| now.duration_since(*accepted) >= Duration::from_secs(1);
        while self.accepted.front().is_some_and(is_over) {
            self.accepted.pop_front();
        }
        let admitted = self.accepted.len() < self.per_second as usize;
        if admitted {
            self.accepted.push_back(now);
        }
        admitted
    }
}

/// The action that `request` asks for, whether it is accepted or not.
pub(crate) fn action(request: &Request) -> Option<Action> {
    endpoint(&request.path).map(|(_, action)| action)
}

/// The client ID and the action that `path` names. A query is ignored.
fn endpoint(path: &str) -> Option<(&str, Action)> {
    let path = path.split('?').next()?;
    let (client, rest) = path.strip_prefix("/api/clients/")?.split_once('/')?;
    match rest {
        "bots/objects/claim" => Some((client, Action::Claim)),
        "bots/objects/echo" => Some((client, Action::Echo)),
        _ => None,
    }
}

/// The page that a valid `body` names, or the response to an invalid one.
///
/// Types are checked first: a value of the wrong type gets the HTML page, whatever fields are missing.
fn page_of(action: Action, body: &[u8]) -> Result<String, Response> {
    let fields = fields(body).map_err(Response::exception)?;
    for field in ["object_id", "account_id"] {
        if given(&fields, field).is_some_and(|value| !value.is_string()) {
            return Err(Response::exception(format!("{field} is not a string")));
        }
    }
    if given(&fields, "published_at").is_some_and(|value| !is_time(value)) {
        return Err(Response::exception("published_at is not a time".to_owned()));
    }

    let is_required = |field| field != "state" || action == Action::Claim;
    for field in ["object_id", "published_at", "source", "state", "account_id"] {
        if is_required(field) && given(&fields, field).is_none() {
            return Err(Response::invalid_field(format!("{field} is missing")));
        }
    }
    for (field, only) in [("source", api_facts::SOURCE), ("state", api_facts::STATE)] {
        if is_required(field) && fields[field] != only {
            let error = format!("{field} does not have a valid value");
            return Err(Response::invalid_field(error));
        }
    }
    Ok(text(&fields, "account_id").unwrap_or_default().to_owned())
}

/// The fields of a body, or why it has none.
pub(crate) fn fields(body: &[u8]) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err("the body is not a JSON object".to_owned()),
        Err(error) => Err(format!("the body is not JSON: {error}")),
    }
}

/// The value of `field` if it is a string, and not an empty one.
pub(crate) fn text<'a>(fields: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    given(fields, field)?.as_str()
}

/// The value of `field`. `null` and an empty string count as missing.
fn given<'a>(fields: &'a Map<String, Value>, field: &str) -> Option<&'a Value> {
    let value = fields.get(field)?;
    (!value.is_null() && value != "").then_some(value)
}

/// Whether `value` is epoch milliseconds or ISO 8601. Its `t` and `z` may be lower case, as on Lexer's page.
fn is_time(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_i64() || number.is_u64(),
        Value::String(text) => {
            let text = text.to_ascii_uppercase();
            text.bytes().all(|byte| byte.is_ascii_digit())
                || DateTime::parse_from_rfc3339(&text).is_ok()
                || DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%z").is_ok()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
