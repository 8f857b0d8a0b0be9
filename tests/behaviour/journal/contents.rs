//! What a journal holds, and what leaves none.

use serde_json::Value;

use super::{JOURNAL, with_journal};
use crate::batch::{lines, summary};
use crate::example::{claim, claim_of, line};
use crate::support::{Home, Reply, Request, Server, TOKEN, lexbot};

#[test]
fn its_lines_are_those_of_json_output() {
    let home = Home::new();
    let server = Server::answering([
        Reply::created(),
        Reply::status(500, "Oops").html("<h1>no</h1>"),
    ]);
    let output = with_journal("claim", &home)
        .args(["--json"])
        .stdin(format!("{}garbage\n{{\"error\":1}}\n", lines(2)))
        .server(&server)
        .stdout_like("...")
        .stderr_like("...")
        .code(1)
        .run();
    let told: Vec<&str> = output
        .stdout
        .lines()
        .filter(|line| !line.contains("skipped"))
        .collect();
    assert_eq!(told.len(), 3);
    let journal = home.read(JOURNAL);
    let mut noted: Vec<&str> = journal.lines().collect();
    noted.sort_unstable();
    let mut told = told;
    told.sort_unstable();
    assert_eq!(noted, told);
    server.ignore_requests();
}

#[test]
fn quiet_runs_note_everything() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    with_journal("claim", &home)
        .args(["-q"])
        .stdin(line("m_1"))
        .server(&server)
        .run();
    let noted: Value = serde_json::from_str(&home.read(JOURNAL)).unwrap();
    assert_eq!(noted["outcome"], "accepted");
    server.ignore_requests();
}

#[test]
fn nothing_of_the_token_is_in_it() {
    let home = Home::new();
    let hostile = |request: &Request| {
        let token = request.value_of("auth-api-token").unwrap_or_default();
        Reply::status(400, "Bad Request").json(&format!(r#"{{"error":"{token} is wrong"}}"#))
    };
    let server = Server::scripted(hostile);
    with_journal("claim", &home)
        .stdin(lines(1))
        .server(&server)
        .stdout_like("400 m_1 [..] is wrong\n")
        .stderr_like("...")
        .code(1)
        .run();
    let journal = home.read(JOURNAL);
    for part in TOKEN.as_bytes().windows(8) {
        assert!(
            !journal.contains(str::from_utf8(part).unwrap()),
            "{journal}"
        );
    }
    server.ignore_requests();
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_it() {
    let home = Home::new();
    let server = Server::always(Reply::created());
    claim()
        .args(["--journal", JOURNAL])
        .home(&home)
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .run();
    assert_eq!(home.mode(JOURNAL), 0o600);
    server.ignore_requests();
}

#[test]
fn a_message_of_any_length_leaves_a_journal_that_can_be_read() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    let long = "x".repeat((1 << 20) - 100);
    let invalid = line("m_1").replace("1458692752478", &format!("\"{}\"", "\\\"".repeat(400_000)));
    let input = format!("{}\n{invalid}\n", line(&long));
    with_journal("claim", &home)
        .args(["-q"])
        .stdin(input.as_str())
        .server(&server)
        .stdout_like("--- line 2: published_at [..]\n")
        .code(2)
        .run();
    with_journal("claim", &home)
        .args(["-q"])
        .stdin(input)
        .server(&server)
        .stdout_like("--- line 2: published_at [..]\n")
        .code(2)
        .run();
    server.ignore_requests();
}

#[test]
fn a_dry_run_skips_what_the_journal_has_and_leaves_it_as_it_is() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    with_journal("claim", &home)
        .stdin(lines(1))
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    let before = home.read(JOURNAL);
    with_journal("claim", &home)
        .args(["--dry-run"])
        .stdin(lines(2))
        .stdout(format!("{}\n", claim_of("m_2").text()))
        .run();
    assert_eq!(home.read(JOURNAL), before);
    server.ignore_requests();
}

#[test]
fn a_dry_run_makes_no_journal() {
    let home = Home::new();
    with_journal("claim", &home)
        .args(["--dry-run"])
        .stdin(lines(1))
        .stdout(format!("{}\n", claim_of("m_1").text()))
        .run();
    assert!(!home.path().join(JOURNAL).exists());
}

#[test]
fn the_help_says_what_it_holds() {
    lexbot(["claim", "--help"])
        .stdout_like("...\n[..]--journal <FILE>\n...\n[..]message and page IDs[..]\n...")
        .run();
}
