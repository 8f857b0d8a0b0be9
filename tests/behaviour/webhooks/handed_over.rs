//! `--handed-over`: the messages of these customers are not claimed, from the moment that the list names them.

use std::fs;

use super::{claim_of, echo, echo_of, message, payload};
use crate::batch::{claims, field, results, summary};
use crate::support::{Gate, Home, Output, Reply, Run, Running, Server, lexbot};

const LIST: &str = "handed-over.txt";

const REASON: &str = "handed over: a person has the conversation";

/// Claims the webhooks on stdin, one at a time, except those of customers on the list.
fn claim_others(home: &Home, args: &[&str]) -> Run {
    claims(&["-j", "1", "-v", "--handed-over", LIST])
        .args(args)
        .home(home)
        .stderr_like("...")
}

/// What is printed of a message that is skipped.
fn skipped(id: &str) -> String {
    format!("--- {id} skipped: {REASON}")
}

/// A home with this list.
fn home_with(list: &str) -> Home {
    let home = Home::new();
    home.write(LIST, list);
    home
}

/// Asserts that this was printed once.
#[track_caller]
fn assert_warned(output: &Output, warning: &str) {
    let warning = format!("warning: {warning}\n");
    let count = output.stderr.matches(&warning).count();
    assert_eq!(count, 1, "{}", output.stderr);
}

/// A webhook with a message of this customer.
fn of_customer(customer: &str, id: &str) -> String {
    payload(&[&message(id)]).replace(r#""id":"7""#, &format!(r#""id":"{customer}""#))
}

/// Writes a message of customer 7 to `run`, and returns its result.
fn next(run: &mut Running, id: &str) -> String {
    run.write_line(&of_customer("7", id));
    run.read_line()
}

#[test]
fn the_list_is_read_again_when_it_changes() {
    let home = home_with("");
    let server = Server::answering([Reply::created(), Reply::created(), Reply::created()]);
    let mut run = claim_others(&home, &[])
        .server(&server)
        .stdout_like("...")
        .spawn();
    assert_eq!(next(&mut run, "m_1"), "201 m_1 claimed");
    // Appended.
    home.write(LIST, "6\n7\n");
    assert_eq!(next(&mut run, "m_2"), skipped("m_2"));
    // Rewritten with as many bytes.
    home.write(LIST, "6\n8\n");
    assert_eq!(next(&mut run, "m_3"), "201 m_3 claimed");
    // Replaced by another file.
    home.write("new.txt", "7\n8\n");
    fs::rename(home.path().join("new.txt"), home.path().join(LIST)).unwrap();
    assert_eq!(next(&mut run, "m_4"), skipped("m_4"));
    // Deleted.
    fs::remove_file(home.path().join(LIST)).unwrap();
    assert_eq!(next(&mut run, "m_5"), "201 m_5 claimed");
    // Created again.
    home.write(LIST, "7");
    assert_eq!(next(&mut run, "m_6"), skipped("m_6"));
    let output = run.finish();
    let warning = format!("{LIST} doesn't exist: no conversation is handed over");
    assert_warned(&output, &warning);
    server.received(["m_1", "m_3", "m_5"].map(claim_of));
}

#[test]
fn a_message_that_waits_for_another_attempt_is_skipped() {
    let home = home_with("");
    let gate = Gate::new();
    let server = Server::answering([Reply::status(503, "Later").gated(&gate)]);
    let mut run = claims(&["--json", "--handed-over", LIST])
        .home(&home)
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("0 accepted, 1 skipped"))
        .spawn();
    run.write_line(&of_customer("7", "m_1"));
    server.wait_for(1);
    home.write(LIST, "7\n");
    gate.open();
    run.close_stdin();
    let results = results(&run.wait());
    assert_eq!(field(&results, "reason"), [REASON]);
    assert_eq!(field(&results, "attempts"), [1]);
    assert_eq!(field(&results, "customer_id"), ["7"]);
    server.received([claim_of("m_1")]);
}

#[test]
fn a_message_that_waits_for_its_turn_is_skipped() {
    let home = home_with("");
    let server = Server::answering([Reply::created()]);
    let mut run = lexbot(["claim", "-i", "-", "--rate", "1", "-v"])
        .args(["--handed-over", LIST])
        .home(&home)
        .server(&server)
        .stdout(format!("201 m_1 claimed\n{}\n", skipped("m_2")))
        .stderr_like("...")
        .spawn();
    run.write_line(&of_customer("8", "m_1"));
    run.write_line(&of_customer("7", "m_2"));
    assert_eq!(run.read_line(), "201 m_1 claimed");
    home.write(LIST, "7\n");
    run.finish();
    server.received([claim_of("m_1")]);
}

#[test]
fn the_bots_own_echoes_are_still_sent() {
    let home = home_with("");
    let server = Server::answering([Reply::created(), Reply::created()]);
    let mut run = lexbot(["relay", "-i", "-", "-j", "1", "--rate", "0"])
        .args(["--app-id", "5", "-v", "--handed-over", LIST])
        .home(&home)
        .server(&server)
        .any_output()
        .spawn();
    assert_eq!(next(&mut run, "m_1"), "201 m_1 claimed");
    home.write(LIST, "7\n");
    run.write_line(&payload(&[&echo("m_2")]));
    assert_eq!(run.read_line(), "201 m_2 echoed");
    assert_eq!(next(&mut run, "m_3"), skipped("m_3"));
    run.finish();
    server.received([claim_of("m_1"), echo_of("m_2")]);
}

#[test]
fn the_same_run_leaves_them_alone_when_they_come_again() {
    let home = home_with("7\n");
    let server = Server::answering([Reply::created()]);
    let mut run = claim_others(&home, &["--journal", "journal"])
        .server(&server)
        .stdout_like("...")
        .spawn();
    assert_eq!(next(&mut run, "m_1"), skipped("m_1"));
    home.write(LIST, "");
    assert_eq!(
        next(&mut run, "m_1"),
        "--- m_1 skipped: the journal has it as handed over"
    );
    assert_eq!(next(&mut run, "m_2"), "201 m_2 claimed");
    run.finish();
    server.received([claim_of("m_2")]);
}

#[test]
fn a_list_that_becomes_unusable_stays_in_force_with_a_warning() {
    let home = home_with("7\n");
    let server = Server::answering([]);
    let mut run = claim_others(&home, &[])
        .server(&server)
        .stdout_like("...")
        .spawn();
    assert_eq!(next(&mut run, "m_1"), skipped("m_1"));
    fs::remove_file(home.path().join(LIST)).unwrap();
    fs::create_dir(home.path().join(LIST)).unwrap();
    assert_eq!(next(&mut run, "m_2"), skipped("m_2"));
    fs::remove_dir(home.path().join(LIST)).unwrap();
    home.write(LIST, "7, 8\n9\n");
    run.write_line(&of_customer("9", "m_3"));
    assert_eq!(run.read_line(), skipped("m_3"));
    let output = run.finish();
    for warning in [
        "it is not a regular file; the customer IDs that were read stay in force",
        "line 1 is not a customer ID; the customer IDs that were read stay in force",
    ] {
        assert_warned(&output, &format!("cannot use {LIST}: {warning}"));
    }
    server.received([]);
}
