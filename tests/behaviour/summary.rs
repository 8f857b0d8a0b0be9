//! The summary on standard error at the end of a batch.

use crate::batch::{claims, lines, summary};
use crate::example::{claim, line};
use crate::support::{Home, Reply, Server, lexbot};

/// Asserts that `text` is a summary with these counts, and has its numbers with one decimal. A run that took less than a
/// second has no speed.
#[track_caller]
fn assert_summary(text: &str, counts: &str) {
    let start = format!("{counts} in ");
    let parts = text
        .strip_prefix(&*start)
        .and_then(|rest| rest.trim_end().split_once(" s"));
    let Some((time, rest)) = parts else {
        panic!("{text:?} is not a summary of {counts}");
    };
    let speed = rest
        .strip_prefix(" (")
        .and_then(|rest| rest.strip_suffix(" a second)"));
    assert!(
        rest.is_empty() || speed.is_some() && !time.starts_with('0'),
        "{text}"
    );
    for number in [Some(time), speed].into_iter().flatten() {
        let decimals = number.split_once('.').map(|(_, decimals)| decimals.len());
        assert!(
            number.parse::<f64>().is_ok() && decimals == Some(1),
            "{text}"
        );
    }
}

#[test]
fn the_summary_counts_the_outcomes() {
    let server = Server::answering([
        Reply::created(),
        Reply::status(400, "Bad Request"),
        Reply::status(503, "Later"),
        Reply::close(),
        Reply::created(),
        Reply::status(401, "Unauthorized"),
    ]);
    let input = format!(
        "garbage\n{{\"object\":\"page\",\"entry\":[{{\"id\":\"1\",\"messaging\":[{{}}]}}]}}\n{}",
        lines(8)
    );
    let output = claims(&["-j", "1", "--retries", "0"])
        .stdin(input)
        .server(&server)
        .any_output()
        .code(4)
        .run();
    let last = output.stderr.lines().last().unwrap();
    assert_summary(
        last,
        "2 accepted, 1 rejected, 1 unauthorized, 1 unavailable, 1 unknown, 1 invalid, 1 skipped, 2 not sent",
    );
    server.ignore_requests();
}

#[test]
fn the_summary_is_the_last_line_on_stderr() {
    let server = Server::always(Reply::created());
    for args in [&[][..], &["--json"], &["-v"]] {
        let output = claims(args)
            .stdin(lines(1))
            .server(&server)
            .stdout_like("[..]m_1[..]\n")
            .stderr_like(format!("...\n{}", summary("1 accepted")))
            .run();
        let last = output.stderr.lines().last().unwrap();
        assert_summary(last, "1 accepted");
    }
    server.ignore_requests();
}

#[test]
fn every_batch_has_a_summary_with_or_without_messages() {
    let server = Server::always(Reply::created());
    let home = Home::new();
    home.write("in.json", lines(3));
    for (input, run, counts) in [
        ("", claims(&[]), "0 accepted"),
        ("\n \n", claims(&[]), "0 accepted"),
        ("[]", claims(&[]), "0 accepted, 1 skipped"),
        (
            "",
            lexbot(["claim", "--rate", "0", "-i", "in.json"]),
            "3 accepted",
        ),
    ] {
        let output = run
            .home(&home)
            .stdin(input)
            .server(&server)
            .stdout_like("...")
            .stderr_like("[..]\n")
            .run();
        assert_summary(&output.stderr, counts);
    }
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn quiet_runs_single_messages_and_dry_runs_have_no_summary() {
    let server = Server::always(Reply::created());
    claims(&["-q"]).stdin(lines(2)).server(&server).run();
    claim().server(&server).stdout("201 m_1 claimed\n").run();
    claims(&["--dry-run"])
        .stdin(line("m_1"))
        .stdout_like("{[..]}\n")
        .run();
    server.ignore_requests();
}

#[test]
fn a_run_that_does_not_start_has_no_summary() {
    let server = Server::answering([]);
    lexbot(["claim", "-i", "missing.json"])
        .server(&server)
        .stderr_like("error: cannot read missing.json: [..]\nhint: [..]\n")
        .code(3)
        .run();
    server.received([]);
}

// It opens, and no page is mapped at its beginning.
#[cfg(target_os = "linux")]
#[test]
fn an_input_that_fails_at_once_has_no_summary() {
    let server = Server::answering([]);
    lexbot(["claim", "-i", "/proc/self/mem"])
        .server(&server)
        .stderr("error: cannot read /proc/self/mem: input/output error\n")
        .code(3)
        .run();
    server.received([]);
}
