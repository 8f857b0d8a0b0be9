//! The state file and the journal: who may read them, and what happens if something else is in their place.

use std::fs;
use std::os::unix::fs::symlink;

use super::{make_pipe, names};
use crate::example::{claim, claim_of, line};
use crate::support::{Home, Reply, Server, TOKEN, lexbot};

/// Where the state file is, seen from the home.
const DIRECTORY: &str = ".cache/lexbot";

/// What is precious, and must stay as it is.
const PRECIOUS: &str = "precious\n";

/// Claims a message in `home`; what is said of the state file is `stderr`.
#[track_caller]
fn claim_in(home: &Home, stderr: &str) {
    let server = Server::answering([Reply::created()]);
    claim_at(home, &server, stderr);
    server.received([claim_of("m_1")]);
}

#[track_caller]
fn claim_at(home: &Home, server: &Server, stderr: &str) {
    claim()
        .home(home)
        .server(server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(stderr)
        .run();
}

#[test]
fn the_state_file_is_its_owner_s_and_tells_nothing() {
    let home = Home::new();
    claim_in(&home, "");
    let names = names(&home, DIRECTORY);
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

/// Puts something in place of the state file of the next run, and asserts that the run says so and claims its
/// message all the same. `lay` is given the path; the file `victim` has to stay as it is.
#[track_caller]
fn assert_harmless(why: &str, lay: impl FnOnce(&Home, &str)) {
    let home = Home::new();
    home.write("victim", PRECIOUS);
    let server = Server::answering([Reply::created(), Reply::created()]);
    claim_at(&home, &server, "");
    let file = format!("{DIRECTORY}/{}", names(&home, DIRECTORY)[0]);
    fs::remove_file(home.path().join(&file)).unwrap();
    lay(&home, &file);
    claim_at(
        &home,
        &server,
        &format!(
            "warning: cannot use [..]/{file}: {why}; this run keeps the rate by itself, [..]\n"
        ),
    );
    server.ignore_requests();
    assert_eq!(home.read("victim"), PRECIOUS);
}

#[test]
fn a_link_in_place_of_the_state_file_is_not_followed() {
    assert_harmless("it is a symbolic link", |home, file| {
        symlink(home.path().join("victim"), home.path().join(file)).unwrap();
    });
    assert_harmless("it has several names (hard links)", |home, file| {
        fs::hard_link(home.path().join("victim"), home.path().join(file)).unwrap();
    });
    let mut made = None;
    assert_harmless("it is a symbolic link", |home, file| {
        symlink(home.path().join("not-there"), home.path().join(file)).unwrap();
        made = Some(home.clone());
    });
    assert!(!made.unwrap().path().join("not-there").exists());
}

#[test]
fn something_else_in_place_of_the_state_file_holds_nobody_up() {
    assert_harmless("it is not a regular file", make_pipe);
    assert_harmless("[..]directory[..]", |home, file| {
        fs::create_dir(home.path().join(file)).unwrap();
    });
}

#[test]
fn a_cache_directory_that_can_t_be_used_is_told() {
    let home = Home::new();
    home.write(".cache", PRECIOUS);
    claim_in(
        &home,
        "warning: cannot create [..]/.cache/lexbot: [..]; this run keeps the rate by itself, [..]\n",
    );
    assert_eq!(home.read(".cache"), PRECIOUS);
}

#[test]
fn garbage_in_the_state_file_is_no_reason_to_wait() {
    for garbage in [
        String::new(),
        "99999999999999999999 99999999999999999999\n".to_owned(),
        "18446744073709551615 18446744073709551615\n".to_owned(),
        "-1 -1\n".to_owned(),
        "\0".repeat(1 << 20),
    ] {
        let home = Home::new();
        let server = Server::answering([Reply::created(), Reply::created()]);
        claim_at(&home, &server, "");
        home.write(
            format!("{DIRECTORY}/{}", names(&home, DIRECTORY)[0]),
            &garbage,
        );
        claim_at(&home, &server, "");
        server.ignore_requests();
    }
}

#[test]
fn a_turn_however_far_ahead_makes_nothing_panic() {
    let server = Server::answering([Reply::created()]);
    let run = lexbot(["claim", "-i", "-", "--rate", "1e-300", "-j", "1"])
        .server(&server)
        .stdin([line("m_1"), line("m_2")].join("\n"))
        .stdout("201 m_1 claimed\n--- m_2 not sent: the run was stopped\n")
        .stderr_like("...")
        .code(130)
        .limit(std::time::Duration::from_secs(20))
        .spawn();
    assert_eq!(run.read_line(), "201 m_1 claimed");
    run.signal("INT");
    run.wait();
    server.received([claim_of("m_1")]);
}

/// Claims a message with the journal `journal`, which is refused for the reason `why`.
#[track_caller]
fn assert_journal_refused(home: &Home, journal: &str, why: &str) {
    let server = Server::answering([]);
    claim()
        .args(["--journal", journal])
        .home(home)
        .server(&server)
        .stderr_like(format!("error: {why}\nhint: [..]\n"))
        .code(3)
        .limit(std::time::Duration::from_secs(10))
        .run();
    server.received([]);
}

#[test]
fn the_journal_is_its_owner_s_and_has_no_token() {
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
fn a_journal_that_is_another_file_is_left_as_it_is() {
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
fn a_journal_that_can_t_be_one_is_told_without_waiting_for_it() {
    let home = Home::new();
    make_pipe(&home, "pipe");
    symlink("pipe", home.path().join("link")).unwrap();
    symlink("loop", home.path().join("loop")).unwrap();
    for journal in ["pipe", "link", ".", "/dev/full", "/dev/null"] {
        assert_journal_refused(
            &home,
            journal,
            &format!("{journal} is not a regular file, so it can't be a journal"),
        );
    }
    for (journal, why) in [
        ("not/there", "no such file or directory"),
        ("loop", "too many levels of symbolic links"),
    ] {
        assert_journal_refused(
            &home,
            journal,
            &format!("cannot open the journal {journal}: {why}"),
        );
    }
}

#[test]
fn a_journal_is_not_made_through_a_link_to_nowhere() {
    let home = Home::new();
    symlink("not-there", home.path().join("link")).unwrap();
    assert_journal_refused(&home, "link", "[..]link[..]");
    assert!(!home.path().join("not-there").exists());
}

#[test]
fn config_set_token_leaves_files_for_their_owner_only() {
    let home = Home::new();
    lexbot(["config", "set-token", "--client-id", "1"])
        .home(&home)
        .stdin(format!("{TOKEN}\n"))
        .stdout_like("...")
        .stderr_like("...")
        .run();
    let directory = home.config_path().parent().unwrap().to_owned();
    assert_eq!(home.mode(&directory), 0o700);
    let left = crate::home::names_in(&directory);
    assert_eq!(left, ["config.toml", "config.toml.lock"]);
    for name in left {
        assert_eq!(home.mode(directory.join(name)), 0o600);
    }
    assert_eq!(home.read(directory.join("config.toml.lock")), "");
    assert_eq!(names(&home, "tmp"), [""; 0]);
}
