//! `-q`: failures only.

use super::{answered, objects};
use crate::example::{assert_sends_nothing, body, claim, claim_input, line};
use crate::support::{Reply, Server};

#[test]
fn a_message_that_was_accepted_is_not_printed() {
    for option in ["-q", "--quiet"] {
        answered(claim().args([option]), Reply::created());
        answered(claim().args([option, "--json"]), Reply::created());
    }
}

#[test]
fn failures_are_printed_with_their_hints() {
    let server = Server::answering([
        Reply::created(),
        Reply::status(404, "Not Found"),
        Reply::created(),
    ]);
    claim_input()
        .args(["-q"])
        .stdin([&line("m_1"), "garbage", &line("m_3"), &line("m_4")].join("\n"))
        .server(&server)
        .stdout("--- line 2: this is not JSON\n404 m_3 Not Found (empty answer)\n")
        .stderr_like("hint: [..]\n")
        .code(1)
        .run();
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn failures_are_printed_as_json() {
    let output = answered(
        claim()
            .args(["-q", "--json"])
            .stdout_like("[..]\n")
            .stderr_like("hint: [..]\n")
            .code(1),
        Reply::status(404, "Not Found"),
    );
    assert_eq!(objects(&output)[0]["status"], 404);
}

#[test]
fn a_dry_run_still_prints_its_bodies() {
    assert_sends_nothing(
        claim()
            .args(["-q", "--dry-run"])
            .stdout(format!("{}\n", body("m_1"))),
    );
}
