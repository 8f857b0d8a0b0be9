//! Errors as annotations for GitHub Actions, and text that must not become a command of a CI job.

use super::answered;
use crate::example::{claim, claim_input, line};
use crate::support::{Reply, Run, Server, lexbot};

fn in_actions(run: Run) -> Run {
    run.env("GITHUB_ACTIONS", "true")
}

#[test]
fn a_failed_message_has_an_annotation() {
    let refused =
        || Reply::status(400, "Bad Request").json(r#"{"error":"100% wrong\r\n::stop::"}"#);
    answered(
        in_actions(claim())
            .stdout("400 m_1 100% wrong  ::stop::\n")
            .stderr_like("::error::400 m_1 100%25 wrong%0D%0A::stop::\nhint: [..]\n")
            .code(1),
        refused(),
    );
    for value in ["", "false"] {
        answered(
            claim()
                .env("GITHUB_ACTIONS", value)
                .stdout_like("400 [..]\n")
                .stderr_like("hint: [..]\n")
                .code(1),
            refused(),
        );
    }
}

#[test]
fn only_what_failed_has_one() {
    let server = Server::answering([Reply::created(), Reply::status(401, "Unauthorized")]);
    server.ignore_requests();
    in_actions(claim_input())
        .stdin(format!("{}\n7\n{}\n{}\n", line("m_1"), line("m_2"), line("m_3")))
        .server(&server)
        .stdout_like("...")
        .stderr_like(
            "::error::--- line 2: [..]\n::error::401 m_2 Unauthorized (empty response)\nhint: [..]\n      [..]\n",
        )
        .code(4)
        .run();
}

#[test]
fn an_error_that_ends_the_run_has_one() {
    in_actions(claim())
        .stderr_like("error: no client ID: [..]\n::error::no client ID: [..]\nhint: [..]\n...")
        .code(3)
        .run();
    in_actions(lexbot(["claim", "--nonsense"]))
        .stderr_like("error: unknown option --nonsense\n::error::unknown option --nonsense\n...")
        .code(2)
        .run();
    answered(
        in_actions(lexbot(["check", "--retries", "0"]))
            .stdout_like("...")
            .stderr_like("::error::404 Not Found (empty response)\nhint: [..]\n")
            .code(1),
        Reply::status(404, "Not Found"),
    );
}

#[test]
fn no_text_becomes_a_command() {
    let body = r###"{"error":"##[add-mask]x\n::error::y"}"###;
    let refused = || Reply::status(400, "Bad Request").json(body);
    answered(
        in_actions(claim())
            .stdout("400 m_1 ##\\u{5b}add-mask]x ::error::y\n")
            .stderr_like("::error::400 m_1 ##\\u{5b}add-mask]x%0A::error::y\nhint: [..]\n")
            .code(1),
        refused(),
    );
    answered(
        in_actions(claim().args(["--json"]))
            .stdout_like("{[..]\"body\":{\"error\":\"##\\u005badd-mask]x\\n::error::y\"},\"error\":\"##\\u005badd-mask]x\\n::error::y\"[..]\n")
            .stderr_like("...")
            .code(1),
        refused(),
    );
    in_actions(lexbot(["claim", "--rate", "x\n::a::b"]))
        .stderr_like("::error::invalid value 'x%0A::a::b' for [..]\nerror: invalid value 'x\n\\u{3a}:a::b' for [..]\n...")
        .code(2)
        .run();
}
