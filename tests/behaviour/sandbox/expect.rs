//! `--expect`: the exit code depends on how many distinct messages were accepted.

use super::client::{Connection, post};
use super::{BODY, CLAIM, TOKEN};
use crate::support::lexbot;

/// Three distinct messages in four accepted requests, a check and a refused message.
const SCRIPT: &str = r#"
    send() { lexbot "$@" --published-at now > /dev/null; }
    send claim --object-id m_1
    send claim --object-id m_2
    send claim --object-id m_2
    send echo --object-id m_2
    send claim --object-id m_3 --account-id 9 2> /dev/null || true
    lexbot check -q"#;

#[test]
fn a_script_that_cannot_fail_fails_if_the_number_is_another() {
    for (expectations, problems) in [
        (&["3"][..], &[][..]),
        (&["claim=2", "echo=1", "3"], &[]),
        (
            &["4"],
            &["error: expected 4 distinct messages to be accepted, but 3 were\n"],
        ),
        (
            &["2"],
            &["error: expected 2 distinct messages to be accepted, but 3 were\n"],
        ),
        (
            &["claim=3", "echo=0", "3"],
            &[
                "error: expected 3 distinct messages to be claimed, but 2 were\n",
                "error: expected 0 distinct messages to be echoed, but 1 was\n",
            ],
        ),
    ] {
        let options = expectations
            .iter()
            .flat_map(|expected| ["--expect", expected]);
        let errors = problems.concat();
        lexbot(["sandbox", "--rate", "0", "--account-id", "8"])
            .args(options)
            .args(["--", "sh", "-c", SCRIPT])
            .stderr_like(format!(
                "sandbox: 6 requests: 3 messages claimed, 1 message echoed, 1 check, 1 rejected\n...\n\
                 \x20 500 claim (page 8): object_id is missing\n{errors}"
            ))
            .code(i32::from(!problems.is_empty()))
            .run();
    }
}

#[test]
fn the_command_s_own_exit_code_counts_more() {
    lexbot(["sandbox", "--expect", "1", "--", "sh", "-c", "exit 7"])
        .stderr(
            "sandbox: 0 requests\nerror: expected 1 distinct message to be accepted, but 0 were\n",
        )
        .code(7)
        .run();
}

#[test]
fn without_a_command_a_signal_asks_for_the_result() {
    for (expected, code, end) in [
        ("1", 0, ""),
        (
            "2",
            1,
            "error: expected 2 distinct messages to be accepted, but 1 was\n",
        ),
    ] {
        for signal in ["INT", "TERM"] {
            let run = lexbot(["sandbox", "--expect", expected])
                .stdout_like("http://[..]\n")
                .stderr_like(format!("...\n201 claim m_1 (page 42)\n{end}"))
                .code(code)
                .spawn();
            let mut connection = Connection::to(&run.read_line());
            connection.exchange(&post(CLAIM, TOKEN, BODY));
            run.signal(signal);
            run.wait();
        }
    }
}
