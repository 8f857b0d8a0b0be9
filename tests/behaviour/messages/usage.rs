//! Usage errors: reported before anything is read or sent, with the option's name and an example.

use crate::example::{FLAGS, assert_sends_nothing, claim, claim_input, line};
use crate::support::{Run, Server, lexbot};

/// Asserts that `run` is a usage error that names `flag`.
#[track_caller]
fn assert_wrong(run: Run, flag: &str) {
    assert_sends_nothing(
        run.stdin(line("m_2"))
            .code(2)
            .stderr_like(format!("error: [..]{flag}[..]\n...\n")),
    );
}

#[test]
fn stdin_is_not_read_unless_asked_for() {
    let server = Server::answering([]);
    // Standard input stays open: the run's end doesn't wait for it.
    lexbot(["claim"])
        .server(&server)
        .code(2)
        .stderr_like("error: nothing to claim[..]\n...\n")
        .spawn()
        .wait();
    server.received([]);
    assert_wrong(lexbot(["echo"]), "nothing to echo");
}

#[test]
fn an_invalid_option_is_named_before_anything_is_sent() {
    let text = |option: &str, value: &str| format!("{option}={value}");
    for empty in ["", " "] {
        for (index, flag) in [(1, "--object-id"), (5, "--account-id")] {
            let mut flags = FLAGS;
            flags[index] = empty;
            assert_wrong(lexbot(["claim"]).args(flags), flag);
        }
    }
    for seconds in [
        "0", "-1", "-0.5", "soon", "", "NaN", "inf", "86401", "1e-20",
    ] {
        let timeout = text("--timeout", seconds);
        assert_wrong(claim().args([timeout]), "--timeout <SECONDS>");
    }
    for id in ["abc", "-1", "1.5", ""] {
        assert_wrong(claim().args([text("--client-id", id)]), "--client-id <N>");
    }
    for (args, named) in [
        (&["--color", "sometimes"][..], "--color <WHEN>"),
        (&["-q", "-v"], "--quiet"),
        (&["--nonsense"], "--nonsense"),
        (&["nonsense"], "nonsense"),
        // No option takes a token.
        (&["--token", "t"], "option --token"),
    ] {
        assert_wrong(claim().args(args), named);
    }
    // Beside an input, nothing of it is read.
    let time = claim_input().args(["--published-at", "soon"]);
    assert_wrong(time, "\"soon\" for '--published-at");
    assert_wrong(claim_input().args(["--account-id", ""]), "--account-id");
}
