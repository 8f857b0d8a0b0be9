//! Which requests the inbox accepts, and how it refuses the others.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::http::StatusCode;

use super::{Inbox, Request, Response, StrictLimit, page_of};
use crate::api_facts::Action::{self, Claim, Echo};
use crate::api_facts::TOKEN_HEADER;
use crate::token::Token;

const CLAIM: &str = "/api/clients/7/bots/objects/claim";
const ECHO: &str = "/api/clients/7/bots/objects/echo";
const BODY: &str = r#"{"object_id":"m_1","published_at":1458692752478,"source":"facebook","state":"closed","account_id":"42"}"#;

fn inbox(pages: &[&str], per_second: u32) -> Inbox {
    Inbox {
        token: Token::parse("right").unwrap(),
        client_id: 7,
        pages: pages.iter().map(|&page| page.to_owned()).collect(),
        rate_limit: StrictLimit::new(per_second),
    }
}

fn post(path: &str, token: &str, body: &str) -> Request {
    Request {
        method: "POST".to_owned(),
        path: path.to_owned(),
        headers: BTreeMap::from([(TOKEN_HEADER.to_owned(), token.to_owned())]),
        body: body.as_bytes().to_vec(),
        keep_alive: true,
    }
}

fn respond(request: &Request) -> Response {
    inbox(&[], 0).respond(request, Instant::now())
}

fn not_found(error: &str) -> Response {
    Response::refused(StatusCode::NOT_FOUND, error)
}

fn token_wrong() -> Response {
    Response::refused(StatusCode::UNAUTHORIZED, "the token is wrong")
}

fn field_missing(field: &str) -> Response {
    Response::invalid_field(format!("{field} is missing"))
}

fn exception(reason: &str) -> Result<String, Response> {
    Err(Response::exception(reason.to_owned()))
}

#[test]
fn accepts_a_valid_request() {
    assert_eq!(respond(&post(CLAIM, "right", BODY)), Response::accepted());
    assert_eq!(respond(&post(ECHO, "right", BODY)), Response::accepted());
}

#[test]
fn rejects_an_unknown_page_if_pages_are_given() {
    let mut inbox = inbox(&["41", "42"], 0);
    let now = Instant::now();
    let other = BODY.replace("42", "43");
    assert_eq!(
        inbox.respond(&post(CLAIM, "right", BODY), now),
        Response::accepted()
    );
    assert_eq!(
        inbox.respond(&post(CLAIM, "right", &other), now),
        Response::unknown_page("43")
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
        assert_eq!(
            respond(&post(path, "right", BODY)),
            not_found("no such path")
        );
    }
    for client in ["8", "07", "", "seven"] {
        assert_eq!(
            respond(&post(&CLAIM.replace('7', client), "right", BODY)),
            not_found(&format!("no client has the ID {client}"))
        );
    }
    let query = format!("{CLAIM}?a=b");
    assert_eq!(respond(&post(&query, "right", BODY)), Response::accepted());
}

#[test]
fn checks_run_in_a_fixed_order() {
    let mut request = post("/", "wrong", "{");
    request.method = "GET".to_owned();
    assert_eq!(respond(&request), not_found("no such path"));
    request.path = CLAIM.to_owned();
    assert_eq!(
        respond(&request),
        Response::refused(
            StatusCode::METHOD_NOT_ALLOWED,
            "GET is not allowed, only POST"
        )
    );
    request.method = "POST".to_owned();
    assert_eq!(respond(&request), token_wrong());
    request.headers.clear();
    assert_eq!(
        respond(&request),
        Response::refused(
            StatusCode::UNAUTHORIZED,
            "the header Auth-Api-Token is missing"
        )
    );
    request.headers = post("", "right", "").headers;
    assert_eq!(
        respond(&request),
        Response::exception(
            "the body is not JSON: EOF while parsing an object at line 1 column 1".to_owned()
        )
    );
    request.body = b"{}".to_vec();
    assert_eq!(respond(&request), field_missing("object_id"));
}

#[test]
fn rate_limit_counts_only_requests_with_the_right_token() {
    let mut inbox = inbox(&[], 2);
    let now = Instant::now();
    for _ in 0..5 {
        let wrong = post(CLAIM, "wrong", BODY);
        assert_eq!(inbox.respond(&wrong, now), token_wrong());
    }
    let invalid = post(CLAIM, "right", "{}");
    let right = post(CLAIM, "right", BODY);
    assert_eq!(inbox.respond(&invalid, now), field_missing("object_id"));
    assert_eq!(inbox.respond(&right, now), Response::accepted());
    assert_eq!(
        inbox.respond(&right, now),
        Response::refused(
            StatusCode::TOO_MANY_REQUESTS,
            "over the limit of 2 a second"
        )
    );
    let later = now + Duration::from_secs(1);
    assert_eq!(inbox.respond(&right, later), Response::accepted());
}

/// The result for a valid body of `action` with `field` set to `value`.
fn with(action: Action, field: &str, value: Value) -> Result<String, Response> {
    let mut body = valid(action);
    body[field] = value;
    page_of(action, body.to_string().as_bytes())
}

fn valid(action: Action) -> Value {
    let mut body = json!({
        "object_id": "m_1",
        "published_at": 1_458_692_752_478_u64,
        "source": "facebook",
        "account_id": "42",
    });
    if action == Claim {
        body["state"] = "closed".into();
    }
    body
}

#[test]
fn returns_the_page_of_a_valid_body() {
    for action in [Claim, Echo] {
        let body = valid(action).to_string();
        assert_eq!(page_of(action, body.as_bytes()), Ok("42".to_owned()));
        assert_eq!(with(action, "other", json!([1])), Ok("42".to_owned()));
    }
}

#[test]
fn reports_each_missing_field() {
    for (action, required) in [
        (
            Claim,
            &["object_id", "published_at", "source", "state", "account_id"][..],
        ),
        (
            Echo,
            &["object_id", "published_at", "source", "account_id"][..],
        ),
    ] {
        for field in required {
            let missing = Err(field_missing(field));
            let mut body = valid(action);
            body.as_object_mut().map(|fields| fields.remove(*field));
            assert_eq!(page_of(action, body.to_string().as_bytes()), missing);
            assert_eq!(with(action, field, json!(null)), missing);
            assert_eq!(with(action, field, json!("")), missing);
        }
        assert_eq!(page_of(action, b"{}"), Err(field_missing("object_id")));
    }
}

#[test]
fn accepts_only_facebook_and_closed() {
    let invalid = |field| {
        Err(Response::invalid_field(format!(
            "{field} does not have a valid value"
        )))
    };
    for wrong in [json!("twitter"), json!("Facebook"), json!(1)] {
        assert_eq!(with(Claim, "source", wrong.clone()), invalid("source"));
        assert_eq!(with(Echo, "source", wrong), invalid("source"));
    }
    assert_eq!(with(Claim, "state", json!("open")), invalid("state"));
    assert_eq!(with(Echo, "state", json!("open")), Ok("42".to_owned()));
}

#[test]
fn a_body_that_is_not_an_object_gets_the_page() {
    let broken = |body: &str| page_of(Claim, body.as_bytes());
    let not_an_object = exception("the body is not a JSON object");
    assert_eq!(broken("[]"), not_an_object);
    assert_eq!(broken("null"), not_an_object);
    assert_eq!(
        broken("{\"object_id\": m_1}"),
        exception("the body is not JSON: expected value at line 1 column 15")
    );
    assert_eq!(
        broken(""),
        exception("the body is not JSON: EOF while parsing a value at line 1 column 0")
    );
}

#[test]
fn a_wrong_type_gets_the_page() {
    let no_string = |field| exception(&format!("{field} is not a string"));
    assert_eq!(with(Claim, "object_id", json!(5)), no_string("object_id"));
    assert_eq!(with(Claim, "account_id", json!(5)), no_string("account_id"));
    let both = br#"{"account_id": 5}"#;
    assert_eq!(page_of(Claim, both), no_string("account_id"));
}

#[test]
fn accepts_epoch_milliseconds_and_iso_8601() {
    for right in [
        json!(1_458_692_752_478_u64),
        json!("1458692752478"),
        json!("2017-08-01t05:29:44Z"),
        json!("2017-08-01T05:29:44.123z"),
        json!("2017-08-01T05:29:44+0000"),
        json!("2017-08-01T05:29:44+10:00"),
    ] {
        assert_eq!(with(Echo, "published_at", right), Ok("42".to_owned()));
    }
    for wrong in [
        json!("yesterday"),
        json!("2017-08-01"),
        json!("2017-08-01T05:29:44"),
        json!(1.5),
        json!(true),
        json!({}),
    ] {
        assert_eq!(
            with(Echo, "published_at", wrong),
            exception("published_at is not a time")
        );
    }
}

/// How many of `count` requests, `gap` apart, are admitted.
fn admitted(limit: &mut StrictLimit, start: Instant, gap: Duration, count: u32) -> usize {
    (0..count)
        .filter(|n| limit.admits(start + gap * *n))
        .count()
}

#[test]
fn admits_a_client_at_exactly_the_rate() {
    for per_second in [1, 4, 8, 10, 1000] {
        let gap = Duration::from_secs(1) / per_second;
        let mut limit = StrictLimit::new(per_second);
        assert_eq!(admitted(&mut limit, Instant::now(), gap, 5000), 5000);
    }
}

#[test]
fn refuses_one_request_too_many_in_any_one_second() {
    let start = Instant::now();
    let mut limit = StrictLimit::new(10);
    let gap = Duration::from_millis(99);
    assert_eq!(admitted(&mut limit, start, gap, 11), 10);
    assert!(!limit.admits(start + Duration::from_millis(999)));
    assert!(limit.admits(start + Duration::from_secs(1)));
    assert!(!limit.admits(start + Duration::from_secs(1)));
}

#[test]
fn a_refused_request_does_not_count() {
    let start = Instant::now();
    let mut limit = StrictLimit::new(10);
    assert_eq!(admitted(&mut limit, start, Duration::ZERO, 25), 10);
    let later = start + Duration::from_secs(1);
    assert_eq!(admitted(&mut limit, later, Duration::ZERO, 25), 10);
}

#[test]
fn zero_is_no_limit() {
    let mut limit = StrictLimit::new(0);
    let start = Instant::now();
    assert_eq!(admitted(&mut limit, start, Duration::ZERO, 5000), 5000);
}
