//! Usage errors: reported before anything is read or sent, with the option's name and an example.

use crate::example::{FLAGS, assert_sends_nothing, claim, claim_input, echo, line};
use crate::support::{Home, Run, Server, lexbot};

const EXAMPLE: &str = "\
hint: lexbot claim --object-id m_AbC123 --published-at now --account-id 112233445566
      lexbot claim --input messages.json
      bot | lexbot claim --input -
";

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
fn without_flags_and_input_an_example_is_shown() {
    for (args, action) in [
        (&["claim"][..], "claim"),
        (&["echo"], "echo"),
        (&[&["claim"], &FLAGS[2..]].concat(), "claim"),
    ] {
        let example = EXAMPLE.replace("claim", action);
        assert_sends_nothing(lexbot(args).code(2).stderr(format!(
            "error: nothing to {action}: give a message with --object-id, or messages with --input\n{example}"
        )));
    }
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
fn an_id_and_an_input_exclude_each_other() {
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
fn a_message_of_flags_needs_a_time_and_a_page() {
    for (flags, missing) in [
        (&["--object-id", "m_1"][..], "--published-at"),
        (&FLAGS[..4], "--account-id"),
        (
            &["--object-id", "m_1", "--account-id", "77"],
            "--published-at",
        ),
    ] {
        assert_sends_nothing(
            lexbot(["claim"])
                .args(flags)
                .code(2)
                .stderr_like(format!("error: [..]{missing}[..]\n{EXAMPLE}")),
        );
    }
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
    assert_wrong(time, "--published-at \"soon\"");
    assert_wrong(claim_input().args(["--account-id", ""]), "--account-id");
}

#[test]
fn source_and_state_take_one_value() {
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
fn what_is_no_id_is_refused_with_where_to_find_one() {
    for (text, shown) in [
        (
            "https://www.facebook.com/acme/inbox",
            "\"https://www.facebook.com/acme/inbox\"",
        ),
        (" www.facebook.com/x ", "\"www.facebook.com/x\""),
        ("Acme Shop", "\"Acme Shop\""),
        ("AcmeShop", "\"AcmeShop\""),
        ("@acme.shop", "\"@acme.shop\""),
        ("Hi, where is my order?", "\"Hi, where is my order?\""),
        (
            "“Auth-Api-Token: lx_0123456789”",
            "(not shown, because it may be a token)",
        ),
    ] {
        let mut flags = FLAGS;
        flags[1] = text;
        assert_sends_nothing(lexbot(["claim"]).args(flags).code(2).stderr(format!(
            "error: --object-id {shown} is not a message ID\n\
             hint: a message ID looks like m_AbC123: it is message.mid in the webhook, \
             or message_id in the response of the Send API\n"
        )));
    }
    for (text, shown) in [
        ("Acme", "\"Acme\""),
        ("m_1", "\"m_1\""),
        ("-77", "\"-77\""),
        ("lx_0123456789", "(not shown, because it may be a token)"),
    ] {
        let flag = format!("--account-id={text}");
        assert_sends_nothing(lexbot(["claim"]).args(&FLAGS[..4]).args([flag]).code(2).stderr(
            format!(
                "error: --account-id must be the digits of a Facebook page ID, not {shown}\n\
                 hint: it is entry.id in the webhook, and the Page ID that Facebook shows for the page\n"
            ),
        ));
    }
    lexbot(["relay", "--input", "-", "--account-id", "Acme"])
        .code(2)
        .stderr_like(
            "error: invalid value 'Acme' for '--account-id <PAGE>': must be the digits of a Facebook page ID\n...\n",
        )
        .run();
}
