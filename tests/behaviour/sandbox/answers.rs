//! What the sandbox answers over HTTP, row by row.

use super::client::{Answer, Sandbox, post};
use super::{BODY, CLAIM, ECHO, TOKEN};

/// An answer with a JSON body and no header of its own.
fn json(status: &str, body: &str) -> Answer {
    Answer {
        status: status.to_owned(),
        headers: vec!["Content-Type: application/json; charset=utf-8".to_owned()],
        body: body.to_owned(),
    }
}

#[test]
fn every_row_of_the_api_is_answered() {
    let sandbox = Sandbox::start(&["--rate", "0", "--account-id", "41", "--account-id", "42"]);
    let post = |path, token, body: &str| sandbox.post(path, token, body);
    let without = |field: &str| BODY.replace(field, "");
    let accepted = json("201 Created", r#"{"status":"ok"}"#);

    assert_eq!(post(CLAIM, TOKEN, BODY), accepted);
    let stateless = without(r#""state":"closed","#);
    assert_eq!(post(ECHO, TOKEN, &stateless), accepted);
    assert_eq!(
        post(CLAIM, TOKEN, &BODY.replace("42", "12345")),
        json(
            "400 Bad Request",
            r#"{"status":"400 Invalid Account","error":"Cannot find an integrated account: 12345"}"#,
        )
    );
    assert_eq!(
        post(CLAIM, "wrong", BODY),
        json(
            "401 Unauthorized",
            r#"{"status":"401 Unauthorized","error":"the token is wrong"}"#,
        )
    );
    assert_eq!(
        post("/api/clients/1/bots/objects", TOKEN, BODY),
        json(
            "404 Not Found",
            r#"{"status":"404 Not Found","error":"no such path"}"#,
        )
    );
    assert_eq!(
        post("/api/clients/2/bots/objects/claim", TOKEN, BODY),
        json(
            "404 Not Found",
            r#"{"status":"404 Not Found","error":"no client has the ID 2"}"#,
        )
    );
    for (field, value) in [
        ("object_id", r#""object_id":"m_1","#),
        ("published_at", r#""published_at":1458692752478,"#),
        ("source", r#""source":"facebook","#),
        ("state", r#""state":"closed","#),
        ("account_id", r#","account_id":"42""#),
    ] {
        assert_eq!(
            post(CLAIM, TOKEN, &without(value)),
            json(
                "500 Internal Server Error",
                &format!(r#"{{"error":"{field} is missing"}}"#),
            )
        );
    }
    for (field, value) in [("source", "facebook"), ("state", "closed")] {
        assert_eq!(
            post(CLAIM, TOKEN, &BODY.replace(value, "other")),
            json(
                "500 Internal Server Error",
                &format!(r#"{{"error":"{field} does not have a valid value"}}"#),
            )
        );
    }
}

#[test]
fn broken_json_and_wrong_types_get_the_scary_page() {
    let sandbox = Sandbox::start(&["--rate", "0"]);
    for body in ["{", "", "[]", &BODY.replace("\"m_1\"", "1")] {
        let answer = sandbox.post(CLAIM, TOKEN, body);
        assert_eq!(answer.status, "500 Internal Server Error");
        assert_eq!(answer.headers, ["Content-Type: text/html; charset=utf-8"]);
        assert!(
            answer
                .body
                .contains("<title>We're sorry, but something went wrong (500)</title>")
        );
    }
}

#[test]
fn a_request_without_a_token_is_told_which_header_is_missing() {
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
fn another_method_is_told_which_one_is_allowed() {
    let request = format!("GET {CLAIM} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut expected = json(
        "405 Method Not Allowed",
        r#"{"status":"405 Method Not Allowed","error":"GET is not allowed, only POST"}"#,
    );
    expected.headers.push("Allow: POST".to_owned());
    assert_eq!(Sandbox::start(&[]).connect().exchange(&request), expected);
}

#[test]
fn over_the_rate_a_request_is_told_when_to_come_again() {
    let sandbox = Sandbox::start(&["--rate", "1"]);
    let mut connection = sandbox.connect();
    // In one piece, so that no time passes between them.
    connection.send(post(CLAIM, TOKEN, BODY).repeat(2).as_bytes());
    let mut expected = json(
        "429 Too Many Requests",
        r#"{"status":"429 Too Many Requests","error":"over the limit of 1 a second"}"#,
    );
    expected.headers.push("Retry-After: 1".to_owned());
    assert_eq!(connection.answer().status, "201 Created");
    assert_eq!(connection.answer(), expected);
}
