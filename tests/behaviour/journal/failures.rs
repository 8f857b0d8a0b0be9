//! A journal that can't be written to, or that changes during a run.

use std::fs;
use std::time::Duration;

use super::{JOURNAL, claims};
use crate::batch::{lines, summary};
use crate::example::line;
use crate::support::{Gate, Home, Reply, Running, Server, program};

/// Longer than a run takes to notice that its journal was renamed.
const NOTICED: Duration = Duration::from_millis(1200);

/// The messages that a journal has as accepted. All its lines are whole.
#[track_caller]
fn accepted(home: &Home, journal: &str) -> Vec<String> {
    let text = home.read(journal);
    assert!(text.is_empty() || text.ends_with('\n'), "{text}");
    let records = text.lines().map(|line| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(record["outcome"], "accepted");
        record["object_id"].as_str().unwrap().to_owned()
    });
    records.collect()
}

#[cfg(unix)]
#[test]
fn a_failed_write_hides_no_result_and_leaves_no_partial_line() {
    // At most one block, of half a kilobyte or one, of a file: room for a few results.
    const FULL: &str =
        r#"trap '' XFSZ; ulimit -f 1; exec "$0" claim -i - --rate 0 -j 2 --journal journal"#;
    let home = Home::new();
    let gate = Gate::new();
    let server = Server::by_text(r#""m_1""#, Reply::created().gated(&gate), Reply::created());
    let run = program("sh", ["-c", FULL, env!("CARGO_BIN_EXE_lexbot")])
        .home(&home)
        .stdin(lines(100))
        .server(&server)
        .stdout_like("...")
        .stderr_like(format!(
            "{}error: cannot write to the journal journal: file too large\nhint: [..]\n",
            summary("[..] accepted[..]")
        ))
        .code(3)
        .spawn();
    // A result is recorded before it is printed, unless that fails.
    let mut printed = 0;
    while printed == 0 || accepted(&home, JOURNAL).len() >= printed {
        run.read_line();
        printed += 1;
    }
    // The first message is still on its way.
    gate.open();
    let output = run.wait();
    let sent = server.requests().len();
    let claimed = output.stdout.matches(" claimed\n").count();
    assert_eq!(claimed, sent, "{}", output.stdout);
    assert!(output.stdout.contains("201 m_1 claimed\n"));
    // Everything that was read has a result.
    assert_eq!(output.stdout.lines().count(), 100, "{}", output.stdout);
    // The first message, the one that didn't fit, and what was sent until the run had stopped.
    let recorded = accepted(&home, JOURNAL).len();
    assert!((recorded + 2..100).contains(&claimed), "{}", output.stdout);
    // The next run sends what is not recorded.
    claims(&home)
        .args(["-q"])
        .stdin(lines(100))
        .server(&server)
        .run();
    assert_eq!(server.requests().len() - sent, 100 - recorded);
    assert_eq!(accepted(&home, JOURNAL).len(), 100);
}

/// Starts a run that has claimed `m_1`.
#[track_caller]
fn claimed_one(home: &Home, server: &Server) -> Running {
    let mut run = claims(home).server(server).stdout_like("...").spawn();
    claim(&mut run, "m_1");
    run
}

#[track_caller]
fn claim(run: &mut Running, id: &str) {
    run.write_line(&line(id));
    assert_eq!(run.read_line(), format!("201 {id} claimed"));
}

/// On Windows a journal in use can be neither renamed nor deleted.
#[cfg(unix)]
#[test]
fn a_run_goes_on_with_a_new_journal_where_the_old_one_was_renamed_or_deleted() {
    let server = Server::always(Reply::created());
    let (renamed, deleted) = (Home::new(), Home::new());
    let mut runs = [&renamed, &deleted].map(|home| claimed_one(home, &server));
    fs::rename(
        renamed.path().join(JOURNAL),
        renamed.path().join("journal.1"),
    )
    .unwrap();
    fs::remove_file(deleted.path().join(JOURNAL)).unwrap();
    std::thread::sleep(NOTICED);
    for run in &mut runs {
        claim(run, "m_2");
        claim(run, "m_3");
    }
    for run in runs {
        run.finish();
    }
    assert_eq!(accepted(&renamed, "journal.1"), ["m_1"]);
    for home in [renamed, deleted] {
        assert_eq!(accepted(&home, JOURNAL), ["m_2", "m_3"]);
        assert_eq!(home.mode(JOURNAL), 0o600);
    }
    assert_eq!(server.requests().len(), 6);
}

#[test]
fn a_journal_that_was_truncated_during_a_run_stays_readable() {
    let server = Server::always(Reply::created());
    let home = Home::new();
    let mut run = claimed_one(&home, &server);
    claim(&mut run, "m_2");
    // As `copytruncate` of logrotate does it.
    let journal = fs::File::options()
        .write(true)
        .open(home.path().join(JOURNAL));
    journal.unwrap().set_len(0).unwrap();
    claim(&mut run, "m_3");
    run.finish();
    assert_eq!(accepted(&home, JOURNAL), ["m_3"]);
    // The next run has it, too.
    claims(&home)
        .stdin(line("m_3"))
        .server(&server)
        .stdout("")
        .run();
    assert_eq!(server.requests().len(), 3);
}
