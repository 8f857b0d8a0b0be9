//! The file through which processes share a rate limit: its place, its content, and what may be there instead.

use super::{assert_claims, home_after_a_run, state_files, time_in};
use crate::example::{claim, claim_of, now_millis};
use crate::support::{Reply, Server, TOKEN};

/// Asserts that this is the line of a state file.
#[track_caller]
fn assert_is_state(line: &str) {
    let state: serde_json::Value = serde_json::from_str(line).expect("JSON");
    let now = u128::from(now_millis() + 1) * 1_000_000;
    for time in [
        "last",
        "written",
        "paused_at",
        "paused_until",
        "lowered_until",
    ] {
        assert!(time_in(line, time) <= now, "{line}");
    }
    assert!(state["lowered"].is_number(), "{line}");
    assert_eq!(
        state.as_object().map(serde_json::Map::len),
        Some(6),
        "{line}"
    );
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

    // Times and a hash: nothing of the token or the server.
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
    let state = |secs: &str, lowered: &str| {
        let time = format!(r#"{{"secs":{secs},"nanos":999999999}}"#);
        format!(
            r#"{{"last":{time},"written":{time},"paused_at":{time},"paused_until":{time},"lowered":{lowered},"lowered_until":{time}}}"#
        )
    };
    for garbage in [
        &b""[..],
        b"\0\0\0",
        b"\xff\xfe garbage",
        b"{\n",
        b"{}\n",
        br#"{"last":{"secs":1,"nanos":-1}}"#,
        state("18446744073709551615", "0.0").as_bytes(),
        state("18446744073709551616", "0.0").as_bytes(),
        state("0", "1e300").as_bytes(),
        state("0", "-1e300").as_bytes(),
        state("0", "1e999").as_bytes(),
        state("0", "1.2").as_bytes(),
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
