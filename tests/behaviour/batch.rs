//! Runs over many messages: their input, and the results.

use serde_json::Value;

use crate::example::line;
use crate::support::{Output, Run, lexbot};

/// Claims the messages on stdin, without a rate limit.
pub(crate) fn claims(args: &[&str]) -> Run {
    lexbot(["claim", "-i", "-", "--rate", "0"]).args(args)
}

/// Echoes the messages on stdin, without a rate limit.
pub(crate) fn echoes(args: &[&str]) -> Run {
    lexbot(["echo", "-i", "-", "--rate", "0"]).args(args)
}

/// The messages `m_1` to `m_count`, one per line.
pub(crate) fn lines(count: usize) -> String {
    ids(count).iter().map(|id| line(id) + "\n").collect()
}

/// `m_1` to `m_count`.
pub(crate) fn ids(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("m_{number}")).collect()
}

/// The pattern of a summary with these counts.
pub(crate) fn summary(counts: &str) -> String {
    format!("{counts} in [..] s[..]\n")
}

/// The pattern of a summary with these counts after a stop.
pub(crate) fn stopped(counts: &str) -> String {
    format!("stopped: {}", summary(counts))
}

/// The results that `--json` printed, without their times.
#[track_caller]
pub(crate) fn results(output: &Output) -> Vec<Value> {
    let results = output.stdout.lines().map(|line| {
        let mut result: Value = serde_json::from_str(line).expect("a line of JSON");
        let fields = result.as_object_mut().expect("an object");
        let elapsed = fields.remove("elapsed_ms");
        assert!(elapsed.is_some_and(|elapsed| elapsed.is_u64()), "{line}");
        let at = fields.remove("at").unwrap_or_default();
        snapbox::assert_data_eq!(at.to_string(), "\"20[..]-[..]-[..]T[..]:[..]:[..].[..]Z\"");
        result
    });
    results.collect()
}

/// One field of each result.
pub(crate) fn field(results: &[Value], name: &str) -> Vec<Value> {
    results.iter().map(|result| result[name].clone()).collect()
}

/// The messages with this outcome, in the order of their results.
pub(crate) fn with_outcome(results: &[Value], outcome: &str) -> Vec<String> {
    let results = results.iter().filter(|result| result["outcome"] == outcome);
    results
        .map(|result| result["object_id"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// The one JSON object on standard output.
#[track_caller]
pub(crate) fn object(output: &Output) -> Value {
    match serde_json::from_str(&output.stdout) {
        Ok(object @ Value::Object(_)) => object,
        other => panic!("not a JSON object: {other:?}: {}", output.stdout),
    }
}
