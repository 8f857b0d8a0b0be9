//! A line is acted on when it arrives, not when the input ends.

use crate::example::{body, claim_input, claim_of, line};
use crate::support::{Reply, Server};

#[test]
fn a_message_is_sent_when_its_line_arrives() {
    let server = Server::answering([Reply::created(), Reply::created()]);
    let mut run = claim_input()
        .server(&server)
        .stdout("201 m_1 claimed\n201 m_2 claimed\n")
        .spawn();
    for (count, id) in [(1, "m_1"), (2, "m_2")] {
        run.write_line(&line(id));
        server.wait_for(count);
        assert_eq!(run.read_line(), format!("201 {id} claimed"));
    }
    run.finish();
    server.received([claim_of("m_1"), claim_of("m_2")]);
}

#[test]
fn a_value_of_several_lines_is_sent_when_it_ends() {
    let server = Server::answering([Reply::created()]);
    let mut run = claim_input()
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .spawn();
    let value = line("m_1").replace(',', "\n,");
    for part in value.lines() {
        run.write_line(part);
    }
    assert_eq!(run.read_line(), "201 m_1 claimed");
    run.finish();
    server.received([claim_of("m_1")]);
}

#[test]
fn a_broken_line_is_reported_when_it_arrives() {
    let server = Server::answering([]);
    let mut run = claim_input()
        .server(&server)
        .code(1)
        .stdout("--- line 1: this is not JSON: expected value at column 1\n")
        .spawn();
    run.write_line("garbage");
    assert_eq!(
        run.read_line(),
        "--- line 1: this is not JSON: expected value at column 1"
    );
    run.finish();
    server.received([]);
}

#[test]
fn a_table_is_recognised_only_at_the_start_of_the_input() {
    let server = Server::answering([Reply::created()]);
    let mut run = claim_input()
        .server(&server)
        .stdout_like("201 m_1 claimed\n--- line 2: [..]\n")
        .code(1)
        .spawn();
    run.write_line(&line("m_1"));
    assert_eq!(run.read_line(), "201 m_1 claimed");
    run.write_line("object_id,published_at");
    run.finish();
    server.received([claim_of("m_1")]);
}

#[test]
fn a_torn_line_is_reported_as_soon_as_the_next_line_shows_it() {
    let server = Server::answering([Reply::created()]);
    let mut run = claim_input()
        .server(&server)
        .code(1)
        .stdout("--- line 1: this is not JSON: expected `,` or `}` at line 2, column 1\n201 m_2 claimed\n")
        .spawn();
    run.write_line(&line("m_1")[..40]);
    run.write_line(&line("m_2"));
    assert_eq!(
        run.read_line(),
        "--- line 1: this is not JSON: expected `,` or `}` at line 2, column 1"
    );
    assert_eq!(run.read_line(), "201 m_2 claimed");
    run.finish();
    server.received([claim_of("m_2")]);
}

#[test]
fn a_dry_run_prints_a_message_when_its_line_arrives() {
    let mut run = claim_input()
        .args(["--dry-run"])
        .stdout(format!("{}\n{}\n", body("m_1"), body("m_2")))
        .spawn();
    // A value that goes on later keeps the one before it back no more than silence does.
    run.write_line(&format!("{}\n{{", line("m_1")));
    assert_eq!(run.read_line(), body("m_1"));
    run.write_line(&line("m_2")[1..]);
    assert_eq!(run.read_line(), body("m_2"));
    run.finish();
}

#[test]
fn a_dry_run_ends_when_its_reader_leaves_although_the_input_is_open() {
    let mut run = claim_input()
        .args(["--dry-run"])
        .reader_leaves_after(0)
        .code(141)
        .spawn();
    run.write_line(&line("m_1"));
    run.wait();
}
