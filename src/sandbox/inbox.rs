//! The stand-in for a Lexer inbox: which request gets which answer.
//!
//! Pure: no socket, no clock. The order of the checks matters to clients. `lexbot check` sends a claim without
//! `object_id`, and takes the complaint about that for "the token was accepted": the token comes before the body.

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
    /// The integrated pages; none: every page.
    pages: Vec<String>,
    per_second: u32,
    rate: StrictLimit,
}

impl Inbox {
    /// An inbox that takes `per_second` requests a second (0: any number), for `pages` (none: every page).
    pub(crate) fn new(token: Token, client_id: u64, pages: Vec<String>, per_second: u32) -> Self {
        Inbox {
            token,
            client_id,
            pages,
            per_second,
            rate: StrictLimit::new(per_second),
        }
    }

    /// The answer to `request`, which arrives at `now`.
    pub(crate) fn answer(&mut self, request: &Request, now: Instant) -> Response {
        match self.examine(request, now) {
            Ok(()) => Response::Accepted,
            Err(refusal) => refusal,
        }
    }

    fn examine(&mut self, request: &Request, now: Instant) -> Result<(), Response> {
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
        // After the token: Lexer's limit is one for each token, so a wrong one has nothing to use up.
        if !self.rate.admits(now) {
            return Err(Response::OverRate(self.per_second));
        }
        let page = validation::page_of(action, &request.body)?;
        if !self.pages.is_empty() && !self.pages.contains(&page) {
            return Err(Response::UnknownPage(page));
        }
        Ok(())
    }
}

/// The client ID and the action that `path` stands for. A query is ignored.
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
            keep_alive: true,
        }
    }

    fn answer(request: &Request) -> Response {
        inbox(&[], 0).answer(request, Instant::now())
    }

    #[test]
    fn a_right_request_is_accepted() {
        assert_eq!(answer(&post(CLAIM, "right", BODY)), Response::Accepted);
        assert_eq!(answer(&post(ECHO, "right", BODY)), Response::Accepted);
    }

    #[test]
    fn a_page_must_be_known_where_pages_are_named() {
        let mut inbox = inbox(&["41", "42"], 0);
        let now = Instant::now();
        let other = BODY.replace("42", "43");
        assert_eq!(
            inbox.answer(&post(CLAIM, "right", BODY), now),
            Response::Accepted
        );
        assert_eq!(
            inbox.answer(&post(CLAIM, "right", &other), now),
            Response::UnknownPage("43".to_owned())
        );
    }

    #[test]
    fn only_the_two_paths_of_the_client_exist() {
        for path in [
            "/",
            "/api/clients/7/bots/objects/close",
            "/api/clients/7/bots/objects/claim/",
            "/api/clients/7/claim",
            "/other/api/clients/7/bots/objects/claim",
        ] {
            assert_eq!(answer(&post(path, "right", BODY)), Response::UnknownPath);
        }
        for client in ["8", "07", "", "seven"] {
            assert_eq!(
                answer(&post(&CLAIM.replace('7', client), "right", BODY)),
                Response::UnknownClient(client.to_owned())
            );
        }
        let query = format!("{CLAIM}?a=b");
        assert_eq!(answer(&post(&query, "right", BODY)), Response::Accepted);
    }

    #[test]
    fn each_check_comes_before_the_next() {
        let mut all_wrong = post("/", "wrong", "{");
        all_wrong.method = "GET".to_owned();
        assert_eq!(answer(&all_wrong), Response::UnknownPath);
        all_wrong.path = CLAIM.to_owned();
        assert_eq!(answer(&all_wrong), Response::WrongMethod("GET".to_owned()));
        all_wrong.method = "POST".to_owned();
        assert_eq!(answer(&all_wrong), Response::TokenWrong);
        all_wrong.token = None;
        assert_eq!(answer(&all_wrong), Response::TokenMissing);
        all_wrong.token = Some(b"right".to_vec());
        assert_eq!(
            answer(&all_wrong),
            Response::Exception(
                "the body is not JSON: EOF while parsing an object at line 1 column 1".to_owned()
            )
        );
        all_wrong.body = b"{}".to_vec();
        assert_eq!(answer(&all_wrong), Response::FieldMissing("object_id"));
    }

    #[test]
    fn the_rate_counts_every_request_with_the_right_token_and_no_other() {
        let mut inbox = inbox(&[], 2);
        let now = Instant::now();
        for _ in 0..5 {
            let wrong = post(CLAIM, "wrong", BODY);
            assert_eq!(inbox.answer(&wrong, now), Response::TokenWrong);
        }
        let broken = post(CLAIM, "right", "{}");
        let right = post(CLAIM, "right", BODY);
        assert_eq!(
            inbox.answer(&broken, now),
            Response::FieldMissing("object_id")
        );
        assert_eq!(inbox.answer(&right, now), Response::Accepted);
        assert_eq!(inbox.answer(&right, now), Response::OverRate(2));
        let later = now + Duration::from_millis(500);
        assert_eq!(inbox.answer(&right, later), Response::Accepted);
    }
}
