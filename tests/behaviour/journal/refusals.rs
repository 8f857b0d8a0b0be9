//! What can't be a journal is refused and left as it is, and no message is sent.

use super::{JOURNAL, claims};
use crate::batch::lines;
use crate::example::claim_of;
use crate::support::{Gate, Home, Reply, Server, program};

/// Asserts that a run and a dry run with this journal are refused with this error.
#[track_caller]
fn assert_refused(home: &Home, journal: &str, error: &str) {
    for option in ["--color=never", "--dry-run"] {
        assert_run_refused(home, journal, option, error);
    }
}

#[track_caller]
fn assert_run_refused(home: &Home, journal: &str, option: &str, error: &str) {
    let server = Server::answering([]);
    crate::example::claim_input()
        .args(["--journal", journal, option])
        .home(home)
        .stdin(lines(1))
        .server(&server)
        .stderr_like(format!("error: {error}\n"))
        .code(3)
        .run();
    server.received([]);
}

#[test]
fn a_file_that_is_not_a_journal_is_left_byte_for_byte() {
    let input = lines(2);
    for content in [
        "precious\n",
        "precious",
        "{\"object_id\":\"m_1\"}\n",
        "[profiles.acme]\ntoken = \"x\"\n",
        "\n",
        "\0\0",
        &input,
    ] {
        let home = Home::new();
        home.write(JOURNAL, content);
        let mut names = vec![JOURNAL];
        if cfg!(unix) {
            let links = "ln -s journal link; ln journal other";
            program("sh", ["-c", links]).home(&home).run();
            names.extend(["link", "other"]);
        }
        for name in names {
            let error = format!(
                "{name} is not a journal of lexbot: line 1 is not a result\n\
                 hint: it was left as it is; give --journal another file"
            );
            assert_refused(&home, name, &error);
        }
        assert_eq!(home.read(JOURNAL), content);
    }
}

#[test]
fn the_input_can_t_be_its_own_journal() {
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
fn a_damaged_journal_is_left_byte_for_byte() {
    let home = Home::new();
    let server = Server::always(Reply::created());
    claims(&home)
        .args(["-q"])
        .stdin(lines(3))
        .server(&server)
        .run();
    server.ignore_requests();
    let whole = home.read(JOURNAL);
    let damaged = whole.replace("\"object_id\":\"m_2\",", "\"object_id\":m_2,");
    home.write(JOURNAL, &damaged);
    let error = "journal is not a journal of lexbot: line 2 is not a result\nhint: [..]";
    assert_refused(&home, JOURNAL, error);
    assert_eq!(home.read(JOURNAL), damaged);
}

#[test]
fn what_is_not_a_regular_file_is_refused_without_waiting_for_it() {
    let home = Home::new();
    let mut names = vec!["."];
    if cfg!(unix) {
        let make = "mkfifo pipe; ln -s pipe link";
        program("sh", ["-c", make]).home(&home).run();
        names.extend(["pipe", "link", "/dev/null"]);
    }
    if cfg!(target_os = "linux") {
        names.push("/dev/full");
    }
    for name in names {
        let error = format!("{name} is not a regular file, so it can't be a journal\nhint: [..]");
        assert_refused(&home, name, &error);
    }
}

#[cfg(unix)]
#[test]
fn a_journal_that_can_t_be_opened_is_refused() {
    let home = Home::new();
    home.write("file", "");
    let make = "ln -s loop loop; ln -s gone dangling";
    program("sh", ["-c", make]).home(&home).run();
    let error = |name, reason| format!("cannot open the journal {name}: {reason}\nhint: [..]");
    for (name, reason) in [
        ("file/journal", "not a directory"),
        ("loop", "too many levels of symbolic links"),
    ] {
        assert_refused(&home, name, &error(name, reason));
    }
    // For a dry run these are journals that don't exist yet.
    let missing = error("missing/journal", "no such file or directory");
    let dangling = "the journal dangling is a link to a file that isn't there\nhint: [..]";
    for (name, error) in [("missing/journal", &*missing), ("dangling", dangling)] {
        assert_run_refused(&home, name, "--color=never", error);
    }
    assert!(!home.path().join("gone").exists());
}

#[test]
fn two_runs_can_t_share_a_journal() {
    let home = Home::new();
    let gate = Gate::new();
    let server = Server::answering([Reply::created().gated(&gate), Reply::created()]);
    let first = claims(&home)
        .stdin(lines(1))
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .spawn();
    server.wait_for(1);
    claims(&home)
        .stdin(lines(1))
        .server(&server)
        .stderr(
            "error: another lexbot is using the journal journal\n\
             hint: wait for it to end, or give each run a journal of its own\n",
        )
        .code(3)
        .run();
    gate.open();
    first.wait();
    claims(&home)
        .stdin(lines(2))
        .server(&server)
        .stdout("201 m_2 claimed\n")
        .run();
    server.received(["m_1", "m_2"].map(claim_of));
}
