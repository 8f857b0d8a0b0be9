//! The state file and the journal: who can read them, and what happens if something else is in their place.

use std::fs;
use std::os::unix::fs::symlink;

use super::make_pipe;
use crate::example::{claim, claim_of, line};
use crate::support::{Home, Reply, Server, TOKEN, lexbot};

/// The directory of the state file, relative to the home.
const DIRECTORY: &str = ".cache/lexbot";

/// The content of a file that must stay as it is.
const PRECIOUS: &str = "precious\n";

/// Puts something at a path in a home.
type Lay = dyn Fn(&Home, &str);

/// Claims a message in `home`, with this on standard error.
#[track_caller]
fn claim_in(home: &Home, server: &Server, stderr: &str) {
    claim()
        .home(home)
        .server(server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(stderr)
        .run();
}

/// Claims a message in `home`, replaces the state file with what `lay` puts at its path, and claims it again.
#[track_caller]
fn claim_around(home: &Home, lay: impl FnOnce(&Home, &str), stderr: &str) {
    let server = Server::answering([Reply::created(), Reply::created()]);
    claim_in(home, &server, "");
    let name = home.names(DIRECTORY).concat();
    let file = format!("{DIRECTORY}/{name}");
    fs::remove_file(home.path().join(&file)).unwrap();
    lay(home, &file);
    claim_in(home, &server, &stderr.replace("FILE", &file));
    server.received([claim_of("m_1"), claim_of("m_1")]);
}

#[test]
fn the_state_file_is_only_for_its_owner_and_has_no_secret() {
    let home = Home::new();
    claim_around(&home, |_, _| {}, "");
    let names = home.names(DIRECTORY);
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(home.mode(DIRECTORY), 0o700);
    let file = format!("{DIRECTORY}/{}", names[0]);
    assert_eq!(home.mode(&file), 0o600);
    let content = home.read(&file);
    assert!(
        content
            .chars()
            .all(|c| c.is_ascii_digit() || c.is_whitespace()),
        "{content}"
    );
    let (_, hash) = names[0].split_once('-').unwrap();
    assert!(hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
}

#[test]
fn another_file_in_place_of_the_state_file_is_not_used() {
    let link = |home: &Home, file: &str| symlink("../../victim", home.path().join(file)).unwrap();
    let dangling = |home: &Home, file: &str| symlink("../gone", home.path().join(file)).unwrap();
    let hard_link = |home: &Home, file: &str| {
        fs::hard_link(home.path().join("victim"), home.path().join(file)).unwrap();
    };
    let directory = |home: &Home, file: &str| fs::create_dir(home.path().join(file)).unwrap();
    let cases: [(_, &Lay); 5] = [
        ("it is a symbolic link", &link),
        ("it is a symbolic link", &dangling),
        ("it has several names (hard links)", &hard_link),
        ("it is not a regular file", &make_pipe),
        ("[..]directory[..]", &directory),
    ];
    for (reason, lay) in cases {
        let home = Home::new();
        home.write("victim", PRECIOUS);
        let warning = format!(
            "warning: cannot use [..]/FILE: {reason}; this run keeps the rate by itself, [..]\n"
        );
        claim_around(&home, lay, &warning);
        assert_eq!(home.read("victim"), PRECIOUS);
        assert!(!home.path().join(".cache/gone").exists());
    }
}

#[test]
fn a_cache_directory_that_is_a_file_causes_a_warning() {
    let home = Home::new();
    home.write(".cache", PRECIOUS);
    let server = Server::answering([Reply::created()]);
    claim_in(
        &home,
        &server,
        "warning: cannot create [..]/.cache/lexbot: [..]; this run keeps the rate by itself, [..]\n",
    );
    server.received([claim_of("m_1")]);
    assert_eq!(home.read(".cache"), PRECIOUS);
}

#[test]
fn garbage_in_the_state_file_causes_no_wait() {
    for garbage in [
        "",
        "99999999999999999999 99999999999999999999\n",
        "18446744073709551615 18446744073709551615\n",
        "-1 -1\n",
        &"\0".repeat(1 << 20),
    ] {
        let lay = |home: &Home, file: &str| drop(home.write(file, garbage));
        claim_around(&Home::new(), lay, "");
    }
}

#[test]
fn a_turn_far_in_the_future_causes_no_panic() {
    let server = Server::answering([Reply::created()]);
    let run = lexbot(["claim", "-i", "-", "--rate", "1e-300", "-j", "1"])
        .server(&server)
        .stdin([&line("m_1"), &line("m_2"), "{}"].join("\n"))
        .stdout_in_any_order(
            "201 m_1 claimed\n--- line 3: object_id is missing\n--- m_2 not sent: the run was stopped\n",
        )
        .stderr_like("...")
        .code(130)
        .limit(std::time::Duration::from_secs(20))
        .spawn();
    // An invalid message is reported as soon as it is read, so m_2 has been read too when both lines are there.
    run.read_line();
    run.read_line();
    run.signal("INT");
    run.wait();
    server.received([claim_of("m_1")]);
}

/// Asserts that a claim with this journal sends nothing and fails with an error that `error` matches.
#[track_caller]
fn assert_journal_refused(home: &Home, journal: &str, error: &str) {
    let server = Server::answering([]);
    claim()
        .args(["--journal", journal])
        .home(home)
        .server(&server)
        .stderr_like(format!("error: {error}\nhint: [..]\n"))
        .code(3)
        .limit(std::time::Duration::from_secs(10))
        .run();
    server.received([]);
}

#[test]
fn the_journal_is_only_for_its_owner_and_has_no_token() {
    let home = Home::new();
    let server = Server::answering([Reply::created().json(&format!(r#"{{"token":"{TOKEN}"}}"#))]);
    claim()
        .args(["--journal", "journal"])
        .home(&home)
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .run();
    server.received([claim_of("m_1")]);
    assert_eq!(home.mode("journal"), 0o600);
    let text = home.read("journal");
    assert!(
        !text.contains(&TOKEN[..8]) && text.contains("accepted"),
        "{text}"
    );
}

#[test]
fn another_file_named_as_the_journal_is_left_as_it_is() {
    let home = Home::new();
    home.write("victim", PRECIOUS);
    symlink("victim", home.path().join("link")).unwrap();
    fs::hard_link(home.path().join("victim"), home.path().join("other-name")).unwrap();
    for journal in ["victim", "link", "other-name"] {
        assert_journal_refused(
            &home,
            journal,
            &format!("{journal} is not a journal of lexbot: line 1 is not a result"),
        );
        assert_eq!(home.read("victim"), PRECIOUS);
    }
}

#[test]
fn a_path_that_cannot_be_a_journal_is_refused_without_waiting_for_it() {
    let home = Home::new();
    make_pipe(&home, "pipe");
    for (target, link) in [("pipe", "link"), ("loop", "loop"), ("gone", "dangling")] {
        symlink(target, home.path().join(link)).unwrap();
    }
    for journal in ["pipe", "link", ".", "/dev/full", "/dev/null"] {
        assert_journal_refused(
            &home,
            journal,
            &format!("{journal} is not a regular file, so it can't be a journal"),
        );
    }
    for (journal, reason) in [
        ("not/there", "no such file or directory"),
        ("loop", "too many levels of symbolic links"),
    ] {
        assert_journal_refused(
            &home,
            journal,
            &format!("cannot open the journal {journal}: {reason}"),
        );
    }
    assert_journal_refused(&home, "dangling", "[..]dangling[..]");
    assert!(!home.path().join("gone").exists());
}
