//! The stand-in for a Lexer inbox: decides on the response to each request.
//!
//! Uses no socket and no clock. The order of the checks matters to clients: `lexbot check` sends a claim without
//! `object_id`, and takes a complaint about that for "the token was accepted". So the token comes before the body.

use std::time::Instant;

use super::http::Request;
use super::rate_limit::StrictLimit;
use super::response::Response;
use super::validation;
use crate::api::Action;
use crate::token::Token;

/// A Lexer inbox with one client and one token.
#[derive(Debug)]
pub(crate) struct Inbox {
    token: Token,
    client_id: u64,
    /// The integrated pages; if empty, every page is.
    pages: Vec<String>,
    rate_limit: StrictLimit,
}

impl Inbox {
    /// An inbox that accepts `per_second` requests a second (0: any number) for `pages` (empty: every page).
    pub(crate) fn new(token: Token, client_id: u64, pages: Vec<String>, per_second: u32) -> Self {
        Inbox {
            token,
            client_id,
            pages,
            rate_limit: StrictLimit::new(per_second),
        }
    }

    /// The response to `request`, which arrives at `now`.
    pub(crate) fn respond(&mut self, request: &Request, now: Instant) -> Response {
        self.check(request, now).err().unwrap_or(Response::Accepted)
    }

    fn check(&mut self, request: &Request, now: Instant) -> Result<(), Response> {
        let (client, action) = endpoint(&request.path).ok_or(Response::UnknownPath)?;
        if client != self.client_id.to_string() {
            return Err(Response::UnknownClient(client.to_owned()));
        }
        if request.method != "POST" {
            return Err(Response::WrongMethod(request.method.clone()));
        }
        let token = request.token.as_ref().ok_or(Response::TokenMissing)?;
        if token != self.token.expose().as_bytes() {
            return Err(Response::TokenWrong);
        }
        // After the token, since Lexer's rate limit belongs to a token.
        if !self.rate_limit.admits(now) {
            return Err(Response::RateLimited(self.rate_limit.per_second));
        }
        let page = validation::page_of(action, &request.body)?;
        if !self.pages.is_empty() && !self.pages.contains(&page) {
            return Err(Response::UnknownPage(page));
        }
        Ok(())
    }
}

/// The client ID and the action that `path` names. A query is ignored.
pub(crate) fn endpoint(path: &str) -> Option<(&str, Action)> {
    let path = path.split('?').next().unwrap_or_default();
    let (client, rest) = path.strip_prefix("/api/clients/")?.split_once('/')?;
    let action = rest.strip_prefix("bots/objects/")?;
    [Action::Claim, Action::Echo]
        .into_iter()
        .find(|known| known.name() == action)
        .map(|action| (client, action))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Inbox, Request, Response};
    use crate::sandbox::http::Connection;
    use crate::token::Token;

    const CLAIM: &str = "/api/clients/7/bots/objects/claim";
    const ECHO: &str = "/api/clients/7/bots/objects/echo";
    const BODY: &str = r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"42"}"#;

    fn inbox(pages: &[&str], per_second: u32) -> Inbox {
        let pages = pages.iter().map(|&page| page.to_owned()).collect();
        Inbox::new(Token::parse("right").unwrap(), 7, pages, per_second)
    }

    fn post(path: &str, token: &str, body: &str) -> Request {
        Request {
            method: "POST".to_owned(),
            path: path.to_owned(),
            token: (!token.is_empty()).then(|| token.as_bytes().to_vec()),
            body: body.as_bytes().to_vec(),
            connection: Connection::Open,
        }
    }

    fn respond(request: &Request) -> Response {
        inbox(&[], 0).respond(request, Instant::now())
    }

    #[test]
    fn accepts_a_valid_request() {
        assert_eq!(respond(&post(CLAIM, "right", BODY)), Response::Accepted);
        assert_eq!(respond(&post(ECHO, "right", BODY)), Response::Accepted);
    }

    #[test]
    fn rejects_an_unknown_page_if_pages_are_given() {
        let mut inbox = inbox(&["41", "42"], 0);
        let now = Instant::now();
        let other = BODY.replace("42", "43");
        assert_eq!(
            inbox.respond(&post(CLAIM, "right", BODY), now),
            Response::Accepted
        );
        assert_eq!(
            inbox.respond(&post(CLAIM, "right", &other), now),
            Response::UnknownPage("43".to_owned())
        );
    }

    #[test]
    fn rejects_unknown_paths_and_clients() {
        for path in [
            "/",
            "/api/clients/7/bots/objects/close",
            "/api/clients/7/bots/objects/claim/",
            "/api/clients/7/claim",
            "/other/api/clients/7/bots/objects/claim",
        ] {
            assert_eq!(respond(&post(path, "right", BODY)), Response::UnknownPath);
        }
        for client in ["8", "07", "", "seven"] {
            assert_eq!(
                respond(&post(&CLAIM.replace('7', client), "right", BODY)),
                Response::UnknownClient(client.to_owned())
            );
        }
        let query = format!("{CLAIM}?a=b");
        assert_eq!(respond(&post(&query, "right", BODY)), Response::Accepted);
    }

    #[test]
    fn checks_run_in_a_fixed_order() {
        let mut request = post("/", "wrong", "{");
        request.method = "GET".to_owned();
        assert_eq!(respond(&request), Response::UnknownPath);
        request.path = CLAIM.to_owned();
        assert_eq!(respond(&request), Response::WrongMethod("GET".to_owned()));
        request.method = "POST".to_owned();
        assert_eq!(respond(&request), Response::TokenWrong);
        request.token = None;
        assert_eq!(respond(&request), Response::TokenMissing);
        request.token = Some(b"right".to_vec());
        assert_eq!(
            respond(&request),
            Response::Exception(
                "the body is not JSON: EOF while parsing an object at line 1 column 1".to_owned()
            )
        );
        request.body = b"{}".to_vec();
        assert_eq!(respond(&request), Response::FieldMissing("object_id"));
    }

    #[test]
    fn rate_limit_counts_only_requests_with_the_right_token() {
        let mut inbox = inbox(&[], 2);
        let now = Instant::now();
        for _ in 0..5 {
            let wrong = post(CLAIM, "wrong", BODY);
            assert_eq!(inbox.respond(&wrong, now), Response::TokenWrong);
        }
        let invalid = post(CLAIM, "right", "{}");
        let right = post(CLAIM, "right", BODY);
        assert_eq!(
            inbox.respond(&invalid, now),
            Response::FieldMissing("object_id")
        );
        assert_eq!(inbox.respond(&right, now), Response::Accepted);
        assert_eq!(inbox.respond(&right, now), Response::RateLimited(2));
        let later = now + Duration::from_millis(500);
        assert_eq!(inbox.respond(&right, later), Response::Accepted);
    }
}
