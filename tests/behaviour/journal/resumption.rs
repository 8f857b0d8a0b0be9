//! What the next run skips, and what it sends again.

use serde_json::json;

use super::{JOURNAL, claims, echoes};
use crate::batch::{field, lines, results};
use crate::example::{claim, claim_of, line};
use crate::support::{Home, Reply, Server};

#[test]
fn accepted_messages_are_skipped_by_the_next_run() {
    let home = Home::new();
    let server = Server::answering([
        Reply::created(),
        Reply::status(400, "Bad Request"),
        Reply::status(503, "Later"),
        Reply::created(),
        Reply::created(),
    ]);
    claims(&home)
        .stdin(lines(3))
        .server(&server)
        .stdout_like("201 m_1 claimed\n400 m_2 [..]\n503 m_3 [..]\n")
        .stderr_like("hint: [..]\nhint: [..]\n")
        .code(5)
        .run();
    claims(&home)
        .stdin(lines(3))
        .server(&server)
        .stdout("201 m_2 claimed\n201 m_3 claimed\n")
        .run();
    let output = claims(&home)
        .args(["--json"])
        .stdin(lines(3))
        .server(&server)
        .stdout_like("...")
        .run();
    let results = results(&output);
    assert_eq!(field(&results, "outcome"), ["skipped"; 3]);
    assert_eq!(
        field(&results, "reason"),
        ["the journal has it as accepted"; 3]
    );
    assert_eq!(
        field(&results, "error"),
        [json!(null), json!(null), json!(null)]
    );
    assert_eq!(field(&results, "object_id"), ["m_1", "m_2", "m_3"]);
    server.received(["m_1", "m_2", "m_3", "m_2", "m_3"].map(claim_of));
}

#[test]
fn another_action_page_or_message_is_sent() {
    let home = Home::new();
    let server = Server::always(Reply::created());
    let one = line("m_1");
    for (run, message, printed) in [
        (claims(&home), one.clone(), "201 m_1 claimed\n"),
        (echoes(&home), one.clone(), "201 m_1 echoed\n"),
        (claims(&home), one.replace("77", "78"), "201 m_1 claimed\n"),
        (claims(&home), line("M_1"), "201 M_1 claimed\n"),
        // Another time doesn't make it another message.
        (claims(&home), one.replace("2478", "2479"), ""),
    ] {
        run.stdin(message).server(&server).stdout(printed).run();
    }
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn a_message_accepted_in_the_same_run_is_skipped() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    let mut run = claims(&home)
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
fn a_message_of_flags_is_recorded() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    let run = || {
        claim()
            .args(["--journal", JOURNAL])
            .home(&home)
            .server(&server)
    };
    run().stdout("201 m_1 claimed\n").run();
    run()
        .stdout("--- m_1 skipped: the journal has it as accepted\n")
        .run();
    run().args(["--quiet"]).run();
    server.received([claim_of("m_1")]);
}

#[test]
fn a_webhook_and_a_line_can_be_the_same_message() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    let webhook = r#"{"object":"page","entry":[{"id":"77","messaging":[{"sender":{"id":"7"},"recipient":{"id":77},
        "timestamp":1458692752478,"message":{"mid":"m_1"}}]}]}"#;
    claims(&home)
        .stdin(webhook)
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .run();
    claims(&home).stdin(line("m_1")).server(&server).run();
    server.received([claim_of("m_1")]);
}

#[test]
fn messages_not_sent_are_sent_by_the_next_run() {
    let home = Home::new();
    let server = Server::answering([
        Reply::created(),
        Reply::status(401, "Unauthorized"),
        Reply::created(),
        Reply::created(),
    ]);
    claims(&home)
        .stdin(lines(3))
        .server(&server)
        .stdout_like("...")
        .stderr_like("...")
        .code(4)
        .run();
    claims(&home)
        .stdin(lines(3))
        .server(&server)
        .stdout("201 m_2 claimed\n201 m_3 claimed\n")
        .run();
    server.received(["m_1", "m_2", "m_2", "m_3"].map(claim_of));
}

#[test]
fn the_message_of_a_torn_last_line_is_sent_again() {
    let home = Home::new();
    let server = Server::always(Reply::created());
    claims(&home)
        .stdin(lines(2))
        .server(&server)
        .stdout_like("...")
        .run();
    let whole = home.read(JOURNAL);
    let last = whole.trim_end().rfind('\n').unwrap() + 1;
    for torn in [last + 1, last + 30, whole.len() - 1] {
        home.write(JOURNAL, &whole[..torn]);
        claims(&home)
            .stdin(lines(2))
            .server(&server)
            .stdout("201 m_2 claimed\n")
            .run();
        assert_eq!(home.read(JOURNAL).lines().count(), 2);
    }
    server.ignore_requests();
}
