//! The file through which processes share a rate limit: its place, its content, and what may be there instead.

use super::{assert_claims, home_after_a_run, state_files};
use crate::example::{claim, claim_of, now_millis};
use crate::support::{Reply, Server, TOKEN};

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
