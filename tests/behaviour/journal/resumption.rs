//! What the next run skips, and what it sends again.

use super::{JOURNAL, with_journal};
use crate::batch::{field, lines, results, summary};
use crate::example::{claim, claim_of, line};
use crate::support::{Home, Reply, Server};

#[test]
fn what_was_accepted_is_skipped_by_the_next_run() {
    let home = Home::new();
    let server = Server::answering([
        Reply::created(),
        Reply::status(400, "Bad Request"),
        Reply::status(503, "Later"),
        Reply::created(),
        Reply::created(),
    ]);
    with_journal("claim", &home)
        .stdin(lines(3))
        .server(&server)
        .stdout_like("201 m_1 claimed\n400 m_2 [..]\n503 m_3 [..]\n")
        .stderr_like(format!(
            "hint: [..]\nhint: [..]\n{}",
            summary("1 accepted, 1 rejected, 1 unavailable")
        ))
        .code(5)
        .run();
    with_journal("claim", &home)
        .stdin(lines(3))
        .server(&server)
        .stdout("201 m_2 claimed\n201 m_3 claimed\n")
        .stderr_like(summary("2 accepted, 1 skipped"))
        .run();
    let output = with_journal("claim", &home)
        .args(["--json"])
        .stdin(lines(3))
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("0 accepted, 3 skipped"))
        .run();
    let results = results(&output);
    assert_eq!(field(&results, "outcome"), ["skipped"; 3]);
    assert_eq!(
        field(&results, "error"),
        ["the journal has it as accepted"; 3]
    );
    assert_eq!(field(&results, "object_id"), ["m_1", "m_2", "m_3"]);
    server.received(["m_1", "m_2", "m_3", "m_2", "m_3"].map(claim_of));
}

#[test]
fn another_action_page_or_message_is_another_matter() {
    let home = Home::new();
    let server = Server::always(Reply::created());
    let run = |action| with_journal(action, &home).server(&server);
    let one = line("m_1");
    let accepted = || summary("1 accepted");
    run("claim")
        .stdin(one.as_str())
        .stdout("201 m_1 claimed\n")
        .stderr_like(accepted())
        .run();
    run("echo")
        .stdin(one.as_str())
        .stdout("201 m_1 echoed\n")
        .stderr_like(accepted())
        .run();
    run("claim")
        .stdin(one.replace("77", "78"))
        .stdout("201 m_1 claimed\n")
        .stderr_like(accepted())
        .run();
    run("claim")
        .stdin(line("M_1"))
        .stdout("201 M_1 claimed\n")
        .stderr_like(accepted())
        .run();
    // The time is no part of what a message is.
    run("claim")
        .stdin(one.replace("1458692752478", "1458692752479"))
        .stderr_like(summary("0 accepted, 1 skipped"))
        .run();
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn what_was_accepted_a_moment_ago_is_skipped_too() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    let mut run = with_journal("claim", &home)
        .args(["-v"])
        .server(&server)
        .stdout("201 m_1 claimed\n--- m_1 skipped: the journal has it as accepted\n")
        .stderr_like("...")
        .spawn();
    run.write_line(&line("m_1"));
    run.read_line();
    run.write_line(&line("m_1"));
    run.read_line();
    run.close_stdin();
    run.wait();
    server.received([claim_of("m_1")]);
}

#[test]
fn a_message_of_flags_has_a_journal_too() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    let run = || {
        claim()
            .args(["--journal", JOURNAL])
            .home(&home)
            .server(&server)
    };
    run().stdout("201 m_1 claimed\n").run();
    run().run();
    server.received([claim_of("m_1")]);
}

#[test]
fn messages_of_webhooks_and_lines_are_the_same() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    let webhook = r#"{"object":"page","entry":[{"id":"77","messaging":[{"sender":{"id":"7"},"recipient":{"id":77},
        "timestamp":1458692752478,"message":{"mid":"m_1"}}]}]}"#;
    with_journal("claim", &home)
        .stdin(webhook)
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    with_journal("claim", &home)
        .stdin(line("m_1"))
        .server(&server)
        .stderr_like(summary("0 accepted, 1 skipped"))
        .run();
    server.received([claim_of("m_1")]);
}

#[test]
fn what_was_not_sent_is_sent_by_the_next_run() {
    let home = Home::new();
    let server = Server::answering([
        Reply::created(),
        Reply::status(401, "Unauthorized"),
        Reply::created(),
        Reply::created(),
    ]);
    with_journal("claim", &home)
        .stdin(lines(3))
        .server(&server)
        .stdout_like("...")
        .stderr_like("...")
        .code(4)
        .run();
    with_journal("claim", &home)
        .stdin(lines(3))
        .server(&server)
        .stdout("201 m_2 claimed\n201 m_3 claimed\n")
        .stderr_like(summary("2 accepted, 1 skipped"))
        .run();
    server.received(["m_1", "m_2", "m_2", "m_3"].map(claim_of));
}

#[test]
fn a_torn_last_line_is_sent_again() {
    let home = Home::new();
    let server = Server::always(Reply::created());
    with_journal("claim", &home)
        .stdin(lines(2))
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("2 accepted"))
        .run();
    let whole = home.read(JOURNAL);
    let last = whole.trim_end().rfind('\n').unwrap() + 1;
    for torn in [last + 1, last + 30, whole.len() - 1] {
        home.write(JOURNAL, &whole[..torn]);
        with_journal("claim", &home)
            .stdin(lines(2))
            .server(&server)
            .stdout("201 m_2 claimed\n")
            .stderr_like(summary("1 accepted, 1 skipped"))
            .run();
        assert_eq!(home.read(JOURNAL).lines().count(), 2);
    }
    server.ignore_requests();
}
