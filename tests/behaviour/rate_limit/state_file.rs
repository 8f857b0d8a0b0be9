//! The file through which processes share a rate limit: its place, its content, and what may be there instead.

use std::path::Path;

use super::{assert_claims, directory, home_after_a_run, state_files};
use crate::example::{claim, claim_of, now_millis};
use crate::support::{Home, Reply, Server, TOKEN};

/// Asserts that this is the line of a state file: five times in nanoseconds since 1970 and a part of the rate.
#[track_caller]
fn assert_is_state(line: &str) {
    let (times, factor) = line.rsplit_once(' ').expect("fields");
    let times: Vec<&str> = times.split(' ').collect();
    assert!(times.iter().all(|time| time.len() == 20), "{line}");
    let times: Vec<u64> = times.iter().map(|time| time.parse().unwrap()).collect();
    assert_eq!(times.len(), 5, "{line}");
    let now = (now_millis() + 1) * 1_000_000;
    assert!(times.iter().all(|time| *time <= now), "{line}");
    let factor: f64 = factor.parse().unwrap();
    assert!(factor > 0.0 && factor <= 1.0, "{line}");
}

/// The pattern of the warning about a state file or its directory.
fn warning(about: &Path) -> String {
    format!(
        "warning: [..]{}[..]this run keeps the rate by itself, without regard to other lexbot processes\n",
        about.display()
    )
}

#[test]
fn processes_with_the_same_token_share_a_file_without_secrets() {
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    let runs: Vec<_> = (0..3)
        .map(|_| {
            claim()
                .args(["--rate", "500"])
                .home(&home)
                .server(&server)
                .stdout("201 m_1 claimed\n")
                .spawn()
        })
        .collect();
    for run in runs {
        run.wait();
    }
    assert_eq!(state_files(&home), [file.as_path()]);
    server.received([(); 4].map(|()| claim_of("m_1")));

    // Two times and a hash: nothing of the token or the server.
    let content = home.read(&file);
    assert_is_state(content.trim_end());
    let name = file.file_name().unwrap().to_str().unwrap();
    for secret in [
        TOKEN,
        &TOKEN[..8],
        &TOKEN[28..],
        "127.0.0.1",
        &server.port().to_string(),
        "http",
    ] {
        assert!(
            !content.contains(secret) && !name.contains(secret),
            "{name}: {content}"
        );
    }
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_the_file() {
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    assert_eq!(home.mode(file), 0o600);
    assert_eq!(home.mode(directory()), 0o700);
    server.ignore_requests();
}

#[test]
fn another_token_or_server_has_another_file() {
    let server = Server::always(Reply::created());
    let (home, _) = home_after_a_run(&server);
    let other = Server::always(Reply::created());
    assert_claims(&home, &other);
    claim()
        .home(&home)
        .server(&server)
        .env("LEXBOT_TOKEN", "another-token-of-the-tests")
        .stdout("201 m_1 claimed\n")
        .run();
    assert_eq!(state_files(&home).len(), 3);
    server.ignore_requests();
    other.ignore_requests();
}

#[test]
fn a_run_without_a_rate_limit_makes_no_file() {
    let server = Server::always(Reply::created());
    let home = Home::new();
    claim()
        .args(["--rate", "0"])
        .home(&home)
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .run();
    assert!(state_files(&home).is_empty());
    server.ignore_requests();
}

#[test]
fn a_dry_run_makes_no_file() {
    let home = Home::new();
    claim()
        .args(["--dry-run"])
        .home(&home)
        .stdout_like("{[..]}\n")
        .run();
    assert!(state_files(&home).is_empty());
}

#[test]
fn without_a_state_file_the_run_goes_on_with_a_warning() {
    let server = Server::always(Reply::created());
    let home = Home::new();
    let cache = directory();
    home.write(cache.parent().unwrap(), "not a directory");
    let output = claim()
        .home(&home)
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(warning(&home.path().join(&cache)))
        .run();
    assert!(!output.stderr.contains("os error"), "{}", output.stderr);
    assert_eq!(home.read(cache.parent().unwrap()), "not a directory");
    server.received([claim_of("m_1")]);
}

#[test]
fn garbage_in_the_file_is_overwritten() {
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    for garbage in [
        &b""[..],
        b"\0\0\0",
        b"\xff\xfe garbage",
        b"99999999999999999999999999 1\n",
        b"-1 -1 -1 -1 -1 1.000000\n",
        b"0 0 0 0 0 0.000000\n",
        b"0 0 0 0 0 NaN\n",
        b"0 0 0 0 0 1e300\n",
        b"18446744073709551615 18446744073709551615 0 18446744073709551615 0 1.000000\n",
        b"18446744073709551615 0 18446744073709551615 18446744073709551615 18446744073709551615 0.500000\n",
        &[b'7'; 4096],
        &vec![0; 1 << 20],
    ] {
        std::fs::write(&file, garbage).unwrap();
        assert_claims(&home, &server);
        let content = std::fs::read(&file).unwrap();
        let line = content.split(|byte| *byte == b'\n').next().unwrap();
        assert_is_state(str::from_utf8(line).unwrap());
    }
    server.ignore_requests();
}

#[cfg(unix)]
#[test]
fn another_file_in_place_of_the_state_file_is_left_alone() {
    use crate::support::program;

    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    let victim = home.write("victim", "precious");
    let name = file.file_name().unwrap();
    for (place, reason) in [
        ("ln -s $HOME/victim", "it is a symbolic link"),
        ("ln -s $HOME/gone", "it is a symbolic link"),
        ("ln $HOME/victim", "it has several names (hard links)"),
        ("mkfifo", "it is not a regular file"),
        ("mkdir", "it is not a regular file"),
    ] {
        std::fs::remove_file(&file).unwrap();
        program("sh", ["-c", &format!("{place} \"$0\"")])
            .args([file.to_str().unwrap()])
            .home(&home)
            .run();
        let about = format!("{}: {reason}; ", name.display());
        claim()
            .home(&home)
            .server(&server)
            .stdout("201 m_1 claimed\n")
            .stderr_like(warning(Path::new(&about)))
            .run();
        assert_eq!(home.read(&victim), "precious");
        assert!(!home.path().join("gone").exists());
    }
    server.ignore_requests();
}
