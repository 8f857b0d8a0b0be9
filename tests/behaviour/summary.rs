//! The summary on standard error at the end of a batch.

use crate::batch::{claims, lines, summary};
use crate::example::{claim, line};
use crate::support::{Home, Reply, Server};

/// Whether `text` is a summary with these counts, with numbers where numbers belong.
#[track_caller]
fn assert_summary(text: &str, counts: &str) {
    let rest = text
        .strip_prefix(counts)
        .and_then(|rest| rest.strip_prefix(" in "))
        .and_then(|rest| rest.strip_suffix(" a second)\n"))
        .and_then(|rest| rest.split_once(" s ("));
    let Some((seconds, rate)) = rest else {
        panic!("{text:?} is no summary of {counts}");
    };
    for number in [seconds, rate] {
        assert!(
            number.parse::<f64>().is_ok_and(|number| number >= 0.0),
            "{text}"
        );
        assert_eq!(
            number.split_once('.').map(|(_, digits)| digits.len()),
            Some(1),
            "{text}"
        );
    }
}

#[test]
fn it_counts_what_came_of_the_messages() {
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
        .stdout_like("...")
        .stderr_like("...")
        .code(4)
        .run();
    let last = output.stderr.lines().last().unwrap();
    assert_summary(
        &format!("{last}\n"),
        "2 accepted, 1 rejected, 1 unauthorized, 1 unavailable, 1 unknown, 1 invalid, 1 skipped, 2 not sent",
    );
    server.ignore_requests();
}

#[test]
fn it_is_the_last_that_is_said_and_said_on_standard_error() {
    let server = Server::always(Reply::created());
    for args in [&[][..], &["--json"], &["-v"]] {
        let output = claims(args)
            .stdin(lines(1))
            .server(&server)
            .stdout_like("[..]m_1[..]\n")
            .stderr_like(format!("...\n{}", summary("1 accepted")))
            .run();
        let last = output.stderr.lines().last().unwrap();
        assert_summary(&format!("{last}\n"), "1 accepted");
    }
    server.ignore_requests();
}

#[test]
fn a_batch_without_messages_has_one_too() {
    let server = Server::answering([]);
    for input in ["", "\n \n", "[]"] {
        let output = claims(&[])
            .stdin(input)
            .server(&server)
            .stderr_like("[..]\n")
            .run();
        assert_summary(&output.stderr, "0 accepted");
    }
    server.received([]);
}

#[test]
fn a_file_has_one_as_a_pipe_has() {
    let server = Server::always(Reply::created());
    let home = Home::new();
    home.write("in.json", lines(3));
    let output = crate::support::lexbot(["claim", "--rate", "0", "-i", "in.json"])
        .home(&home)
        .server(&server)
        .stdout_like("...")
        .stderr_like("[..]\n")
        .run();
    assert_summary(&output.stderr, "3 accepted");
    server.ignore_requests();
}

#[test]
fn there_is_none_where_nobody_asked_for_it() {
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
fn a_run_that_does_not_start_has_none() {
    let server = Server::answering([]);
    crate::support::lexbot(["claim", "-i", "missing.json"])
        .server(&server)
        .stderr_like("error: cannot read missing.json: [..]\nhint: [..]\n")
        .code(3)
        .run();
    server.received([]);
}
