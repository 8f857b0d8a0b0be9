//! What can't be a journal is told, left as it is, and nothing is sent.

use super::{JOURNAL, with_journal};
use crate::batch::{lines, summary};
use crate::example::claim_of;
use crate::support::{Gate, Home, Reply, Server};

/// Asserts that a run with what is in `home` in the journal's place is refused with this pattern.
#[track_caller]
fn assert_refused(home: &Home, error: &str) {
    let server = Server::answering([]);
    with_journal("claim", home)
        .stdin(lines(1))
        .server(&server)
        .stderr_like(error)
        .code(3)
        .run();
    server.received([]);
}

#[test]
fn a_file_that_is_no_journal_is_left_byte_for_byte() {
    for content in [
        "precious\n",
        "precious",
        "{\"object_id\":\"m_1\"}\n",
        "[profiles.acme]\ntoken = \"x\"\n",
        "\n",
        "\0\0",
    ] {
        let home = Home::new();
        home.write(JOURNAL, content);
        assert_refused(
            &home,
            "error: journal is not a journal of lexbot: line 1 is not a result\n\
             hint: it was left as it is; give --journal another file\n",
        );
        assert_eq!(home.read(JOURNAL), content);
    }
}

#[test]
fn a_journal_that_was_damaged_is_left_byte_for_byte() {
    let home = Home::new();
    let server = Server::always(Reply::created());
    with_journal("claim", &home)
        .args(["-q"])
        .stdin(lines(3))
        .server(&server)
        .run();
    server.ignore_requests();
    let damaged = home
        .read(JOURNAL)
        .replace("\"object_id\":\"m_2\",", "\"object_id\":m_2,");
    home.write(JOURNAL, &damaged);
    assert_refused(
        &home,
        "error: journal is not a journal of lexbot: line 2 is not a result\nhint: [..]\n",
    );
    assert_eq!(home.read(JOURNAL), damaged);
}

#[test]
fn the_input_can_not_be_its_own_journal() {
    let home = Home::new();
    home.write(JOURNAL, lines(2));
    let server = Server::answering([]);
    crate::support::lexbot(["claim", "-i", JOURNAL, "--journal", JOURNAL])
        .home(&home)
        .server(&server)
        .stderr_like("error: journal is not a journal of lexbot: [..]\nhint: [..]\n")
        .code(3)
        .run();
    assert_eq!(home.read(JOURNAL), lines(2));
    server.received([]);
}

#[test]
fn a_directory_is_no_journal() {
    let home = Home::new();
    std::fs::create_dir(home.path().join(JOURNAL)).unwrap();
    assert_refused(
        &home,
        "error: journal is not a regular file, so it can't be a journal\nhint: [..]\n",
    );
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_no_journal() {
    let home = Home::new();
    crate::support::program("mkfifo", [JOURNAL])
        .home(&home)
        .run();
    assert_refused(
        &home,
        "error: journal is not a regular file, so it can't be a journal\nhint: [..]\n",
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_no_journal() {
    let server = Server::answering([]);
    crate::batch::claims(&["--journal", "/dev/full"])
        .stdin(lines(1))
        .server(&server)
        .stderr_like(
            "error: /dev/full is not a regular file, so it can't be a journal\nhint: [..]\n",
        )
        .code(3)
        .run();
    server.received([]);
}

#[test]
fn a_journal_in_a_directory_that_is_not_there_is_told_with_what_to_do() {
    let server = Server::answering([]);
    crate::batch::claims(&["--journal", "missing/journal"])
        .stdin(lines(1))
        .server(&server)
        .stderr_like(
            "error: cannot open the journal missing/journal: no such file or directory\nhint: [..]\n",
        )
        .code(3)
        .run();
    server.received([]);
}

#[test]
fn two_runs_can_not_have_one_journal() {
    let home = Home::new();
    let gate = Gate::new();
    let server = Server::answering([Reply::created().gated(&gate), Reply::created()]);
    let first = with_journal("claim", &home)
        .stdin(lines(1))
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(summary("1 accepted"))
        .spawn();
    server.wait_for(1);
    assert_refused(
        &home,
        "error: another lexbot is using the journal journal\n\
         hint: wait for it to end, or give each run a journal of its own\n",
    );
    gate.open();
    first.wait();
    with_journal("claim", &home)
        .stdin(lines(2))
        .server(&server)
        .stdout("201 m_2 claimed\n")
        .stderr_like(summary("1 accepted, 1 skipped"))
        .run();
    server.received(["m_1", "m_2"].map(claim_of));
}

#[cfg(unix)]
#[test]
fn a_journal_that_takes_nothing_more_ends_the_run() {
    // At most one block, of half a kilobyte or one, of a file: room for a few results.
    const FULL: &str =
        r#"trap '' XFSZ; ulimit -f 1; exec "$0" claim -i - --rate 0 -j 1 -q --journal journal"#;
    let home = Home::new();
    let server = Server::always(Reply::created());
    crate::support::program("sh", ["-c", FULL, env!("CARGO_BIN_EXE_lexbot")])
        .home(&home)
        .stdin(lines(100))
        .server(&server)
        .stdout_like("...")
        .stderr_like("error: cannot write to the journal journal: file too large\nhint: [..]\n")
        .code(3)
        .run();
    let first = server.requests().len();
    assert!(first < 10, "{first}");
    // What is there is whole but for its last line, and the next run goes on from it.
    with_journal("claim", &home)
        .args(["-q"])
        .stdin(lines(100))
        .server(&server)
        .run();
    let again = server.requests().len() - 100;
    assert_eq!(again, 1, "{again} messages were sent twice");
}
