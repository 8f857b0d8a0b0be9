//! `value_done`: when all results of a value of the input are known. `webhooks.txt` has results in the order of the input.

use crate::batch::{claims, field, results};
use crate::example::line;
use crate::support::{Gate, Reply, Server};

#[test]
fn the_last_result_need_not_be_that_of_the_last_message() {
    let gate = Gate::new();
    let server = Server::by_text("m_1", Reply::created().gated(&gate), Reply::created());
    let value = format!("[{},{},{},7]", line("m_1"), line("m_2"), line("m_3"));
    let run = claims(&["--json"])
        .stdin(value)
        .server(&server)
        .any_output()
        .code(1)
        .spawn();
    for _ in 0..3 {
        assert!(run.read_line().contains(r#""value_done":false"#));
    }
    gate.open();
    let results = results(&run.wait());
    assert_eq!(results[3]["object_id"], "m_1");
    assert_eq!(field(&results, "value_done"), [false, false, false, true]);
    assert_eq!(field(&results, "line"), [1; 4]);
    assert_eq!(field(&results, "end_line"), [1; 4]);
    server.ignore_requests();
}
