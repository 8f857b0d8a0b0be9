//! `--fail` and `--drop`: which requests fail on purpose, and how.

use super::client::{Sandbox, post};
use super::{BODY, CLAIM, TOKEN};
use crate::table::rows;

/// The status of the response to the next request; empty if the connection is closed without one.
fn status(sandbox: &Sandbox, token: &str) -> String {
    let mut connection = sandbox.connect();
    connection.send(post(CLAIM, token, BODY).as_bytes());
    connection
        .response_if_any()
        .map_or(String::new(), |response| response.status)
}

/// Options, and the statuses of the requests that follow.
const FAULTS: &str = "
--fail 503                               | 503 Service Unavailable, 503 Service Unavailable, 503 Service Unavailable
--drop                                   | , ,
--drop 2                                 | , , 201 Created
--fail 503:1 --drop 1 --fail 502:1       | 503 Service Unavailable, , 502 Bad Gateway, 201 Created
--drop 1 --fail 503:1 --drop 1 --drop    | , 503 Service Unavailable, , ,
--fail 201:2 --fail 599                  | 201 Created, 201 Created, 599 Failed, 599 Failed
--fail 503:0 --drop 0 --drop 1 --drop 0  | , 201 Created, 201 Created
";

#[test]
fn faults_apply_in_the_order_given() {
    for [options, statuses] in rows(FAULTS) {
        let options: Vec<_> = options.split_whitespace().collect();
        let sandbox = Sandbox::start(&options);
        for expected in statuses.split(',').map(str::trim) {
            assert_eq!(status(&sandbox, TOKEN), expected, "{options:?}");
        }
    }
}

#[test]
fn a_failed_request_gets_a_body_in_the_form_of_lexer_s() {
    let sandbox = Sandbox::start(&["--fail", "429:1", "--fail", "304:1"]);
    let response = sandbox.post(CLAIM, TOKEN, BODY);
    assert_eq!(
        response.body,
        r#"{"status":"429 Too Many Requests","error":"failed on purpose by --fail"}"#
    );
    assert_eq!(response.headers[2..], ["Retry-After: 1"]);
    // HTTP allows this status no body.
    assert_eq!(sandbox.post(CLAIM, TOKEN, BODY).body, "");
}

#[test]
fn a_success_is_only_for_a_valid_request() {
    let sandbox = Sandbox::start(&["--fail", "202:2"]);
    assert_eq!(status(&sandbox, "wrong"), "401 Unauthorized");
    assert_eq!(status(&sandbox, TOKEN), "202 Accepted");
    assert_eq!(status(&sandbox, TOKEN), "201 Created");
}

#[test]
fn a_failed_request_does_not_count_towards_the_rate() {
    let sandbox = Sandbox::start(&["--rate", "1", "--fail", "503:2"]);
    let mut connection = sandbox.connect();
    // In one piece, so that no time passes between them.
    connection.send(post(CLAIM, TOKEN, BODY).repeat(4).as_bytes());
    let statuses = [(); 4].map(|()| connection.response().status[..3].to_owned());
    assert_eq!(statuses, ["503", "503", "201", "429"]);
}
