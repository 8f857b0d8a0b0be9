//! The sandbox's responses over HTTP, row by row.

use std::time::{Duration, Instant};

use super::client::{Response, Sandbox, post};
use super::{BODY, CLAIM, ECHO, TOKEN};
use crate::table::rows;

/// A response with a JSON body and no header of its own.
fn json(status: &str, body: &str) -> Response {
    Response {
        status: status.to_owned(),
        headers: [
            "Content-Type: application/json; charset=utf-8",
            "Connection: keep-alive",
        ]
        .map(str::to_owned)
        .to_vec(),
        body: body.to_owned(),
    }
}

/// A part of the path, the token, a part of the body, what replaces it, and the response.
const RESPONSES: &str = r#"
claim          | sandbox-token | | | 201 Created | {"status":"ok"}
echo           | sandbox-token | "state":"closed", | | 201 Created | {"status":"ok"}
claim          | sandbox-token | 42 | 12345 | 400 Bad Request | {"status":"400 Invalid Account","error":"Cannot find an integrated account: 12345"}
claim          | wrong         | | | 401 Unauthorized | {"status":"401 Unauthorized","error":"the token is wrong"}
               | sandbox-token | | | 404 Not Found | {"status":"404 Not Found","error":"no such path"}
2/claim        | sandbox-token | | | 404 Not Found | {"status":"404 Not Found","error":"no client has the ID 2"}
claim          | sandbox-token | "object_id":"m_1", | | 500 Internal Server Error | {"error":"object_id is missing"}
claim          | sandbox-token | "published_at":1458692752478, | | 500 Internal Server Error | {"error":"published_at is missing"}
claim          | sandbox-token | "source":"facebook", | | 500 Internal Server Error | {"error":"source is missing"}
claim          | sandbox-token | "state":"closed", | | 500 Internal Server Error | {"error":"state is missing"}
claim          | sandbox-token | ,"account_id":"42" | | 500 Internal Server Error | {"error":"account_id is missing"}
claim          | sandbox-token | facebook | other | 500 Internal Server Error | {"error":"source does not have a valid value"}
claim          | sandbox-token | closed | other | 500 Internal Server Error | {"error":"state does not have a valid value"}
"#;

#[test]
fn every_documented_response_is_given() {
    let sandbox = Sandbox::start(&["--rate", "0", "--account-id", "41", "--account-id", "42"]);
    for [action, token, part, replacement, status, body] in rows(RESPONSES) {
        let path = match action {
            "claim" => CLAIM,
            "echo" => ECHO,
            "2/claim" => "/api/clients/2/bots/objects/claim",
            _ => "/api/clients/1/bots/objects",
        };
        let request = match part {
            "" => BODY.to_owned(),
            part => BODY.replace(part, replacement),
        };
        let response = sandbox.post(path, token, &request);
        assert_eq!(response, json(status, body), "{request}");
    }
}

#[test]
fn broken_json_and_wrong_types_get_an_html_page() {
    let sandbox = Sandbox::start(&["--rate", "0"]);
    for body in ["{", "", "[]", &BODY.replace("\"m_1\"", "1")] {
        let response = sandbox.post(CLAIM, TOKEN, body);
        assert_eq!(response.status, "500 Internal Server Error");
        assert_eq!(
            response.headers[0],
            "Content-Type: text/html; charset=utf-8"
        );
        let title = "<title>We're sorry, but something went wrong (500)</title>";
        assert!(response.body.contains(title), "{}", response.body);
    }
}

#[test]
fn a_request_without_a_token_is_refused_with_the_name_of_the_header() {
    let request = post(CLAIM, TOKEN, BODY).replace("Auth-Api-Token", "Authorization");
    assert_eq!(
        Sandbox::start(&[]).connect().exchange(&request),
        json(
            "401 Unauthorized",
            r#"{"status":"401 Unauthorized","error":"the header Auth-Api-Token is missing"}"#
        )
    );
}

#[test]
fn another_method_is_refused_with_the_one_that_is_allowed() {
    let request = format!("GET {CLAIM} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut expected = json(
        "405 Method Not Allowed",
        r#"{"status":"405 Method Not Allowed","error":"GET is not allowed, only POST"}"#,
    );
    expected.headers.push("Allow: POST".to_owned());
    assert_eq!(Sandbox::start(&[]).connect().exchange(&request), expected);
}

#[test]
fn a_request_over_the_rate_is_refused_with_a_retry_after() {
    let sandbox = Sandbox::start(&["--rate", "1"]);
    let mut connection = sandbox.connect();
    // In one piece, so that no time passes between them.
    connection.send(post(CLAIM, TOKEN, BODY).repeat(2).as_bytes());
    let mut expected = json(
        "429 Too Many Requests",
        r#"{"status":"429 Too Many Requests","error":"over the limit of 1 a second"}"#,
    );
    expected.headers.push("Retry-After: 1".to_owned());
    assert_eq!(connection.response().status, "201 Created");
    assert_eq!(connection.response(), expected);
}

#[test]
fn the_rate_is_a_number_of_requests_in_any_one_second() {
    let sandbox = Sandbox::start(&["--rate", "3"]);
    let mut connection = sandbox.connect();
    let mut statuses = |count: usize| -> Vec<bool> {
        connection.send(post(CLAIM, TOKEN, BODY).repeat(count).as_bytes());
        let accepted = |_| connection.response().status == "201 Created";
        (0..count).map(accepted).collect()
    };
    assert_eq!(statuses(2), [true, true]);
    let first = Instant::now();
    std::thread::sleep(Duration::from_millis(600));
    // A bucket that fills by three a second would have room for more than one.
    let second = statuses(3);
    if first.elapsed() < Duration::from_millis(950) {
        assert_eq!(second, [true, false, false]);
    }
    std::thread::sleep(Duration::from_millis(1100).saturating_sub(first.elapsed()));
    // The two of the first second are over, the one after them isn't.
    let third = statuses(3);
    if first.elapsed() < Duration::from_millis(1550) {
        assert_eq!(third, [true, true, false]);
    }
}
