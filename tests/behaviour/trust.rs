//! Reads the JSON that a run prints.

use serde_json::Value;

use crate::support::Output;

/// The one JSON object on standard output.
#[track_caller]
pub(crate) fn object(output: &Output) -> Value {
    match serde_json::from_str(&output.stdout) {
        Ok(object @ Value::Object(_)) => object,
        other => panic!("not a JSON object: {other:?}: {}", output.stdout),
    }
}
