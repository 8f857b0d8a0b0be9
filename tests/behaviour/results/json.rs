//! `--json`: one object per line, always with the same keys.

use serde_json::{Value, json};

use super::{answered, objects};
use crate::example::{claim, claim_input, line};
use crate::support::{Reply, Server, lexbot};

/// The object for a claim of `m_1` that was accepted, with these differences.
pub(crate) fn object(differences: Value) -> Value {
    let mut object = json!({
        "action": "claim",
        "line": null,
        "end_line": null,
        "value_done": true,
        "object_id": "m_1",
        "account_id": "77",
        "published_at": 1_458_692_752_478_u64,
        "customer_id": null,
        "ok": true,
        "outcome": "accepted",
        "status": 201,
        "body": {"status": "ok"},
        "error": null,
        "reason": null,
        "retryable": false,
        "attempts": 1,
    });
    let Value::Object(differences) = differences else {
        panic!("differences are an object");
    };
    for (key, value) in differences {
        object[key] = value;
    }
    object
}

#[test]
fn the_keys_are_always_in_the_same_order() {
    answered(
        claim().args(["--json"]).stdout_like(
            "{\"action\":\"claim\",\"at\":\"[..]Z\",\"line\":null,\"end_line\":null,\"value_done\":true,\"object_id\":\"m_1\",\
             \"account_id\":\"77\",\"published_at\":1458692752478,\"customer_id\":null,\"ok\":true,\"outcome\":\"accepted\",\"status\":201,\"body\":{\"status\":\"ok\"},\"error\":null,\"reason\":null,\
             \"retryable\":false,\"attempts\":1,\"elapsed_ms\":[..]}\n",
        ),
        Reply::created(),
    );
}

#[test]
fn a_message_of_the_input_has_its_line() {
    let unvalidated = claim_input().args(["--no-validate"]).stdin("42");
    for (run, expected) in [
        (
            claim_input().stdin(format!("\n{}", line("m_2"))),
            json!({"line": 2, "end_line": 2, "object_id": "m_2"}),
        ),
        (
            unvalidated,
            json!({"line": 1, "end_line": 1, "object_id": null, "account_id": null, "published_at": null}),
        ),
    ] {
        let output = answered(
            run.args(["--json"]).stdout_like("{[..]}\n"),
            Reply::created(),
        );
        assert_eq!(objects(&output), [object(expected)]);
    }
}

#[test]
fn invalid_messages_have_the_ids_that_are_known() {
    let server = Server::answering([]);
    let output = claim_input()
        .args(["--json"])
        .stdin("garbage\n\n{\"object_id\":\"m_3\",\"account_id\":77}\n{\"object_id\":4,\"account_id\":\"78\"}")
        .server(&server)
        .stdout_like("[..]\n[..]\n[..]\n")
        .code(1)
        .run();
    server.received([]);
    let no_id = "object_id is not a non-empty string";
    let expected = [
        (
            1,
            json!(null),
            json!(null),
            "this is not JSON: expected value at column 1",
        ),
        (3, json!("m_3"), json!("77"), "published_at is missing"),
        (4, json!(null), json!("78"), no_id),
    ];
    let expected = expected.map(|(line, id, page, error)| {
        object(
            json!({"line": line, "end_line": line, "object_id": id, "account_id": page, "published_at": null, "ok": false,
                   "outcome": "invalid", "status": null, "body": null, "error": error, "attempts": 0}),
        )
    });
    assert_eq!(objects(&output), expected);
}

#[test]
fn numbers_in_a_body_keep_their_digits_and_keys_their_order() {
    answered(
        claim().args(["--json"]).stdout_like(
            "[..],\"body\":{\"z\":1.50,\"a\":12345678901234567890123,\"a\":1e400},[..]\n",
        ),
        Reply::status(201, "Created")
            .body(r#"{"z": 1.50, "a": 12345678901234567890123, "a": 1e400}"#),
    );
}

#[test]
fn a_usage_error_prints_no_object() {
    lexbot(["claim", "--json"])
        .code(2)
        .stderr_like("error: nothing to claim[..]\n...\n")
        .run();
}
