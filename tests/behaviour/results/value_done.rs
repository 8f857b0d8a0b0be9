//! `value_done` and `end_line`: when all results of a value of the input are known.

use serde_json::{Value, json};

use crate::batch::{claims, field, lines, results};
use crate::example::line;
use crate::support::{Gate, Reply, Server};

/// The value of a broker's message that holds these messages.
fn array(ids: &[&str]) -> String {
    let lines: Vec<String> = ids.iter().map(|id| line(id)).collect();
    format!("[{}]", lines.join(","))
}

/// Message, line, last line and whether the value is done, of each result.
fn essence(results: &[Value]) -> Vec<Value> {
    let keys = ["object_id", "line", "end_line", "value_done"];
    let values = results.iter().map(|result| keys.map(|key| &result[key]));
    values.map(|values| json!(values)).collect()
}

#[test]
fn only_the_last_result_of_a_value_has_it() {
    let server = Server::always(Reply::created());
    let input = format!(
        "{}\n{}\n[]\n{}{}\n",
        array(&["m_1", "m_2", "m_3"]),
        line("m_4"),
        line("m_5"),
        line("m_6")
    );
    let output = claims(&["-j", "1", "--json"])
        .stdin(input)
        .server(&server)
        .any_output()
        .run();
    let mut essence = essence(&results(&output));
    essence.sort_by_key(|result| (result[1].as_u64(), result[0].to_string()));
    assert_eq!(
        essence,
        [
            json!(["m_1", 1, 1, false]),
            json!(["m_2", 1, 1, false]),
            json!(["m_3", 1, 1, true]),
            json!(["m_4", 2, 2, true]),
            json!([null, 3, 3, true]),
            // Two values on one line.
            json!(["m_5", 4, 4, true]),
            json!(["m_6", 4, 4, true]),
        ]
    );
    server.ignore_requests();
}

#[test]
fn the_last_result_need_not_be_that_of_the_last_message() {
    let gate = Gate::new();
    let server = Server::by_text("m_1", Reply::created().gated(&gate), Reply::created());
    let input = array(&["m_1", "m_2", "m_3"]).replace(']', ",7]");
    let run = claims(&["--json"])
        .stdin(input)
        .server(&server)
        .any_output()
        .code(1)
        .spawn();
    for _ in 0..3 {
        assert!(run.read_line().contains(r#""value_done":false"#));
    }
    gate.open();
    let results = results(&run.wait());
    assert_eq!(essence(&results)[3], json!(["m_1", 1, 1, true]));
    assert_eq!(field(&results, "value_done"), [false, false, false, true]);
    server.ignore_requests();
}

#[test]
fn an_empty_array_has_one_result() {
    for input in ["[]", "[ ]\n", "[[],[]]"] {
        let server = Server::answering([]);
        let output = claims(&["--json"])
            .stdin(input)
            .server(&server)
            .stdout_like("{[..]}\n")
            .stderr_like("...")
            .run();
        let results = results(&output);
        assert_eq!(field(&results, "outcome"), ["skipped"], "{input}");
        assert_eq!(field(&results, "value_done"), [true], "{input}");
        server.received([]);
    }
}

#[test]
fn a_value_of_several_lines_ends_on_its_last() {
    let server = Server::always(Reply::created());
    let output = claims(&["-j", "1", "--json"])
        .stdin("\n".to_owned() + &array(&["m_1", "m_2"]).replace(',', ",\n"))
        .server(&server)
        .any_output()
        .run();
    let results = results(&output);
    assert_eq!(field(&results, "line"), [2, 2]);
    assert_eq!(field(&results, "value_done"), [false, true]);
    let end = results[0]["end_line"].as_u64();
    assert!(end >= Some(2), "{end:?}");
    assert_eq!(results[1]["end_line"].as_u64(), end);
    server.ignore_requests();
}

#[test]
fn every_value_that_was_read_is_done_when_a_run_stops() {
    const VALUES: usize = 20;
    let server = Server::answering([Reply::status(401, "Unauthorized")]);
    let pairs: String = (0..VALUES).map(|_| array(&["m_1", "m_2"]) + "\n").collect();
    let output = claims(&["-j", "1", "--json"])
        .stdin(pairs + &lines(1))
        .server(&server)
        .any_output()
        .code(4)
        .run();
    let results = results(&output);
    assert_eq!(results.len(), 2 * VALUES + 1);
    let mut done = results.clone();
    done.retain(|result| result["value_done"] == true);
    let mut lines = field(&done, "line");
    lines.sort_by_key(Value::as_u64);
    let expected: Vec<u64> = (1..=VALUES as u64 + 1).collect();
    assert_eq!(lines, expected);
    server.ignore_requests();
}
