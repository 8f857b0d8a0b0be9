//! The objects that `--json` prints.

use serde_json::{Value, json};

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
