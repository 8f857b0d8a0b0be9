//! Wrong usage: told before anything is read or sent, with the flag's name and an example.

use crate::example::{FLAGS, assert_sends_nothing, claim, claim_input, echo, line};
use crate::support::{Home, Run, Server, lexbot};

const EXAMPLE: &str = "\
hint: lexbot claim --object-id m_AbC123 --published-at now --account-id 112233445566
      lexbot claim --input messages.json
      bot | lexbot claim --input -
";

/// Asserts that `run` is wrong usage: the error names `flag`.
#[track_caller]
fn assert_wrong(run: Run, flag: &str) {
    assert_sends_nothing(
        run.stdin(line("m_2"))
            .code(2)
            .stderr_like(format!("error: [..]{flag}[..]\n...\n")),
    );
}

/// A claim from these of the flags.
fn claim_with(flags: &[&str]) -> Run {
    lexbot(["claim"]).args(flags)
}

#[test]
fn without_flags_and_input_an_example_is_shown() {
    assert_sends_nothing(lexbot(["claim"]).code(2).stderr(format!(
        "error: nothing to claim: give a message with --object-id, or messages with --input\n{EXAMPLE}"
    )));
    assert_sends_nothing(lexbot(["echo"]).code(2).stderr(format!(
        "error: nothing to echo: give a message with --object-id, or messages with --input\n{}",
        EXAMPLE.replace("claim", "echo")
    )));
    assert_sends_nothing(claim_with(&FLAGS[2..]).code(2).stderr(format!(
        "error: nothing to claim: give a message with --object-id, or messages with --input\n{EXAMPLE}"
    )));
}

#[test]
fn standard_input_is_not_read_unasked() {
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
fn an_id_and_input_don_t_go_together() {
    let home = Home::new();
    home.write("messages.json", line("m_2"));
    assert_wrong(
        claim().args(["--input", "messages.json"]).home(&home),
        "'--object-id <ID>' cannot be used with '--input <FILE>'",
    );
    assert_wrong(
        echo().args(["--input", "-"]),
        "'--object-id <ID>' cannot be used with '--input <FILE>'",
    );
}

#[test]
fn a_message_from_flags_needs_its_time_and_its_page() {
    for (flags, missing) in [
        (&["--object-id", "m_1"][..], "--published-at"),
        (&FLAGS[..4], "--account-id"),
        (
            &["--object-id", "m_1", "--account-id", "77"],
            "--published-at",
        ),
    ] {
        assert_sends_nothing(
            claim_with(flags)
                .code(2)
                .stderr_like(format!("error: [..]{missing}[..]\n{EXAMPLE}")),
        );
    }
}

#[test]
fn an_empty_flag_is_wrong() {
    for empty in ["", " "] {
        let mut flags = FLAGS;
        flags[1] = empty;
        assert_wrong(claim_with(&flags), "--object-id");
        let mut flags = FLAGS;
        flags[5] = empty;
        assert_wrong(claim_with(&flags), "--account-id");
    }
}

#[test]
fn source_and_state_have_one_value_only() {
    for (flag, value, only) in [
        ("--source", "twitter", "facebook"),
        ("--source", "", "facebook"),
        ("--state", "open", "closed"),
    ] {
        for run in [claim(), claim_input().stdin(line("m_1"))] {
            assert_sends_nothing(run.args([flag, value]).code(2).stderr(format!(
                "error: {flag} \"{value}\" is not \"{only}\", the only value that Lexer takes\n\
                 hint: leave out {flag}, or send it all the same with --no-validate\n"
            )));
        }
    }
}

#[test]
fn a_wrong_flag_beside_input_stops_the_run_before_it_reads() {
    assert_wrong(
        claim_input().args(["--published-at", "soon"]),
        "--published-at \"soon\"",
    );
    assert_wrong(claim_input().args(["--account-id", ""]), "--account-id");
}

#[test]
fn options_are_checked_before_anything_is_sent() {
    for seconds in [
        "0", "-1", "-0.5", "soon", "", "NaN", "inf", "86401", "1e-20",
    ] {
        assert_wrong(
            claim().args([format!("--timeout={seconds}")]),
            "--timeout <SECONDS>",
        );
    }
    for id in ["abc", "-1", "1.5", ""] {
        assert_wrong(
            claim().args([format!("--client-id={id}")]),
            "--client-id <N>",
        );
    }
    assert_wrong(claim().args(["--color", "sometimes"]), "--color <WHEN>");
    assert_wrong(claim().args(["-q", "-v"]), "--quiet");
    assert_wrong(claim().args(["--nonsense"]), "--nonsense");
    assert_wrong(claim().args(["nonsense"]), "nonsense");
}

#[test]
fn no_option_takes_a_token() {
    assert_wrong(claim().args(["--token", "t"]), "'--token'");
}
