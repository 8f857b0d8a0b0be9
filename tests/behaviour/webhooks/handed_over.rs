//! `--handed-over`: the messages of these customers are not claimed, from the moment that the list names them.

use std::fs;

use super::relay::relay_of_app_5;
use super::{claim_of, echo, echo_of, message, payload};
use crate::batch::{claims, field, results, summary};
use crate::support::{Gate, Home, Reply, Run, Running, Server, lexbot};

const LIST: &str = "handed-over.txt";

const REASON: &str = "handed over: a person has the conversation";

/// Claims the webhooks on stdin, one at a time, except those of customers on the list.
fn claim_others(home: &Home, args: &[&str]) -> Run {
    claims(&["-j", "1", "-v", "--handed-over", LIST])
        .args(args)
        .home(home)
        .stderr_like("...")
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
fn only_customers_on_the_list_are_left_alone() {
    let home = Home::new();
    home.write(
        LIST,
        "\u{feff}# since Monday\r\n 8\r\n7 # Anna\r\n\r\n#9\r\n",
    );
    let server = Server::answering([Reply::created(), Reply::created()]);
    let input =
        ["7", "8", "9", "70"].map(|customer| of_customer(customer, &format!("m_{customer}")));
    claim_others(&home, &[])
        .stdin(input.join("\n"))
        .server(&server)
        .stdout(format!(
            "--- m_7 skipped: {REASON}\n--- m_8 skipped: {REASON}\n201 m_9 claimed\n201 m_70 claimed\n"
        ))
        .run();
    server.received([claim_of("m_9"), claim_of("m_70")]);
}

#[test]
fn the_list_is_read_again_when_it_changes() {
    let home = Home::new();
    home.write(LIST, "");
    let server = Server::answering([Reply::created(), Reply::created(), Reply::created()]);
    let mut run = claim_others(&home, &[])
        .server(&server)
        .stdout_like("...")
        .spawn();
    let skipped = |id: &str| format!("--- {id} skipped: {REASON}");
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
    run.close_stdin();
    let output = run.wait();
    let warning = format!("warning: {LIST} doesn't exist: no conversation is handed over\n");
    assert_eq!(
        output.stderr.matches(&warning).count(),
        1,
        "{}",
        output.stderr
    );
    server.received(["m_1", "m_3", "m_5"].map(claim_of));
}

#[test]
fn a_message_that_waits_for_another_attempt_is_skipped() {
    let home = Home::new();
    home.write(LIST, "");
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
    let home = Home::new();
    home.write(LIST, "");
    let server = Server::answering([Reply::created()]);
    let mut run = lexbot([
        "claim",
        "-i",
        "-",
        "--rate",
        "1",
        "-v",
        "--handed-over",
        LIST,
    ])
    .home(&home)
    .server(&server)
    .stdout(format!("201 m_1 claimed\n--- m_2 skipped: {REASON}\n"))
    .stderr_like("...")
    .spawn();
    run.write_line(&of_customer("8", "m_1"));
    run.write_line(&of_customer("7", "m_2"));
    assert_eq!(run.read_line(), "201 m_1 claimed");
    home.write(LIST, "7\n");
    run.close_stdin();
    run.wait();
    server.received([claim_of("m_1")]);
}

#[test]
fn the_bots_own_echoes_are_still_sent() {
    let home = Home::new();
    home.write(LIST, "");
    let server = Server::answering([Reply::created(), Reply::created()]);
    let mut run = relay_of_app_5(&["-v", "--handed-over", LIST])
        .home(&home)
        .server(&server)
        .stdout_like("...")
        .stderr_like("...")
        .spawn();
    assert_eq!(next(&mut run, "m_1"), "201 m_1 claimed");
    home.write(LIST, "7\n");
    run.write_line(&payload(&[&echo("m_2")]));
    assert_eq!(run.read_line(), "201 m_2 echoed");
    assert_eq!(next(&mut run, "m_3"), format!("--- m_3 skipped: {REASON}"));
    run.close_stdin();
    run.wait();
    server.received([claim_of("m_1"), echo_of("m_2")]);
}

#[test]
fn a_later_run_leaves_them_alone_without_the_list() {
    let home = Home::new();
    home.write(LIST, "7\n");
    let server = Server::answering([]);
    let webhook = of_customer("7", "m_1");
    for (list, reason) in [
        (LIST, REASON),
        ("other", "the journal has it as handed over"),
    ] {
        home.write("other", "");
        claims(&["-v", "--journal", "journal", "--handed-over", list])
            .home(&home)
            .stdin(webhook.as_str())
            .server(&server)
            .stdout(format!("--- m_1 skipped: {reason}\n"))
            .stderr_like(summary("0 accepted, 1 skipped"))
            .run();
    }
    server.received([]);
}

#[test]
fn the_same_run_leaves_them_alone_when_they_come_again() {
    let home = Home::new();
    home.write(LIST, "7\n");
    let server = Server::answering([Reply::created()]);
    let mut run = claim_others(&home, &["--journal", "journal"])
        .server(&server)
        .stdout_like("...")
        .spawn();
    assert_eq!(next(&mut run, "m_1"), format!("--- m_1 skipped: {REASON}"));
    home.write(LIST, "");
    assert_eq!(
        next(&mut run, "m_1"),
        "--- m_1 skipped: the journal has it as handed over"
    );
    assert_eq!(next(&mut run, "m_2"), "201 m_2 claimed");
    run.close_stdin();
    run.wait();
    server.received([claim_of("m_2")]);
}

#[test]
fn a_dry_run_leaves_them_alone() {
    let home = Home::new();
    home.write(LIST, "7\n");
    claim_others(&home, &["--dry-run"])
        .stdin([of_customer("7", "m_1"), of_customer("8", "m_2")].join("\n"))
        .stdout_like("{\"object_id\":\"m_2\",[..]}\n")
        .stderr(format!("--- m_1 skipped: {REASON}\n"))
        .run();
}

#[test]
fn a_list_that_is_unusable_at_the_start_is_an_error() {
    let home = Home::new();
    home.write("words.txt", "7\nAnna Smith\n");
    home.write("utf-16.txt", b"\xff\xfe7\0\n\0");
    let server = Server::answering([]);
    for (list, problem) in [
        (".", "it is not a regular file"),
        ("words.txt", "line 2 is not a customer ID"),
        ("utf-16.txt", "it is not UTF-8 text"),
    ] {
        claims(&["--handed-over", list])
            .home(&home)
            .stdin(of_customer("8", "m_1"))
            .server(&server)
            .stderr(format!(
                "error: cannot use {list}: {problem}\nhint: give --handed-over a file with one customer ID on each line\n"
            ))
            .code(3)
            .run();
    }
    server.received([]);
}

#[test]
fn a_list_that_becomes_unusable_stays_in_force_with_a_warning() {
    let home = Home::new();
    home.write(LIST, "7\n");
    let server = Server::answering([]);
    let mut run = claim_others(&home, &[])
        .server(&server)
        .stdout_like("...")
        .spawn();
    let skipped = |id: &str| format!("--- {id} skipped: {REASON}");
    assert_eq!(next(&mut run, "m_1"), skipped("m_1"));
    fs::remove_file(home.path().join(LIST)).unwrap();
    fs::create_dir(home.path().join(LIST)).unwrap();
    assert_eq!(next(&mut run, "m_2"), skipped("m_2"));
    fs::remove_dir(home.path().join(LIST)).unwrap();
    home.write(LIST, "7, 8\n9\n");
    run.write_line(&of_customer("9", "m_3"));
    assert_eq!(run.read_line(), skipped("m_3"));
    run.close_stdin();
    let output = run.wait();
    for warning in [
        "it is not a regular file; the list as it was stays in force",
        "line 1 is not a customer ID; the other lines are in force",
    ] {
        let warning = format!("warning: cannot use {LIST}: {warning}\n");
        assert_eq!(
            output.stderr.matches(&warning).count(),
            1,
            "{}",
            output.stderr
        );
    }
    server.received([]);
}

#[test]
fn a_message_that_names_no_customer_is_invalid() {
    let home = Home::new();
    home.write(LIST, "");
    let server = Server::answering([]);
    let webhook = payload(&[&message("m_1")]).replace(r#""sender":{"id":"7"},"#, "");
    for (input, label) in [
        (crate::example::line("m_1"), "a message body"),
        (webhook, "it"),
    ] {
        claims(&["--handed-over", LIST])
            .home(&home)
            .stdin(input)
            .server(&server)
            .stdout(format!(
                "--- line 1: {label} names no customer, so it can't be compared with --handed-over\n"
            ))
            .stderr_like(summary("0 accepted, 1 invalid"))
            .code(1)
            .run();
    }
    server.received([]);
}

#[test]
fn it_needs_an_input_with_validation() {
    lexbot(["claim", "--object-id", "m_1", "--handed-over", LIST])
        .stderr_like(
            "error: --handed-over needs --input: [..]\nhint: bot | lexbot claim --input - --handed-over FILE\n",
        )
        .code(2)
        .run();
    claims(&["--no-validate", "--handed-over", LIST])
        .stderr_like("error: --handed-over has no effect: [..]\nhint: leave out --handed-over or --no-validate\n")
        .code(2)
        .run();
}
