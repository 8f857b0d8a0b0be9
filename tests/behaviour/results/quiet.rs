//! `-q`: failures only.

use super::answered;
use crate::example::{assert_sends_nothing, body, claim, claim_input, line};
use crate::support::{Reply, Server};

#[test]
fn an_accepted_message_is_not_printed() {
    for option in ["-q", "--quiet"] {
        answered(claim().args([option]), Reply::created());
        answered(claim().args([option, "--json"]), Reply::created());
    }
}

#[test]
fn failures_are_printed_with_their_hints() {
    for (args, printed) in [
        (
            &["-q"][..],
            "--- line 2: this is not JSON: expected value at column 1\n404 m_3 Not Found (empty response)\n",
        ),
        (
            &["-q", "--json"],
            "{[..]\"line\":2,[..]}\n{[..]\"status\":404,[..]}\n",
        ),
    ] {
        let server = Server::answering([
            Reply::created(),
            Reply::status(404, "Not Found"),
            Reply::created(),
        ]);
        claim_input()
            .args(args)
            .stdin([&line("m_1"), "garbage", &line("m_3"), &line("m_4")].join("\n"))
            .server(&server)
            .stdout_like(printed)
            .stderr_like("hint: [..]\n")
            .code(1)
            .run();
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn a_dry_run_still_prints_its_bodies() {
    assert_sends_nothing(
        claim()
            .args(["-q", "--dry-run"])
            .stdout(format!("{}\n", body("m_1"))),
    );
}
