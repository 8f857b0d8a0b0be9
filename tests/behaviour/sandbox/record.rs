//! `--record`: what a line says, that none shows the token, and what happens if the file can't be written.

use super::client::{Sandbox, post};
use super::{BODY, CLAIM, ECHO, TOKEN};
use crate::support::Home;

const FILE: &str = "record.ndjson";

/// The lines of the record, which all begin with a time, without it.
fn recorded(home: &Home) -> Vec<String> {
    let text = home.read(FILE);
    assert!(text.ends_with('\n'), "{text}");
    let rest = |line: &str| {
        let (time, rest) = line.split_at(r#"{"at":"2026-11-29T07:40:05.238Z","#.len());
        let digits = time.replace(|character: char| character.is_ascii_digit(), "");
        assert_eq!(digits, r#"{"at":"--T::.Z","#);
        format!("{{{rest}")
    };
    text.lines().map(rest).collect()
}

#[test]
fn each_request_and_its_response_is_a_line() {
    let home = Home::new();
    home.write(FILE, "what an earlier run recorded\n");
    let sandbox = Sandbox::start_in(&home, &["--record", FILE, "--fail", "201:4", "--drop", "1"]);
    sandbox.post(CLAIM, TOKEN, BODY);
    let page = sandbox.post(ECHO, TOKEN, "{\u{202e}\n").body;
    let page = format!("{page:?}").replace("\\'", "'");
    let get = "GET /a HTTP/1.1\r\nX: 1\r\nHost: h\r\nx: 2\r\n\r\n";
    sandbox.connect().exchange(get);
    sandbox.connect().exchange("\u{16}\u{3}\u{1}\r\n\r\n");
    sandbox.connect().exchange("GET / HTTP/1.1\r\n\r\n");
    let mut dropped = sandbox.connect();
    dropped.send(post(CLAIM, TOKEN, "{}").as_bytes());
    assert!(dropped.closes());
    let sent = |length| {
        format!(
            r#""headers":{{"auth-api-token":"(redacted)","content-length":"{length}","content-type":"application/json","host":"localhost"}}"#
        )
    };
    assert_eq!(
        recorded(&home),
        [
            format!(
                r#"{{"action":"claim","method":"POST","path":"{CLAIM}",{},"body":{BODY},"status":201,"response":{{"status":"ok"}},"error":null}}"#,
                sent(103)
            ),
            format!(
                r#"{{"action":"echo","method":"POST","path":"{ECHO}",{},"body":"{{\u202e\n","status":500,"response":{page},"error":"the body is not JSON: key must be a string at line 1 column 2"}}"#,
                sent(5)
            ),
            r#"{"action":null,"method":"GET","path":"/a","headers":{"host":"h","x":"1, 2"},"body":"","status":404,"response":{"status":"404 Not Found","error":"no such path"},"error":"no such path"}"#.to_owned(),
            r#"{"action":null,"method":"","path":"","headers":{},"body":"","status":400,"response":{"status":"400 Bad Request","error":"not an HTTP request: invalid token"},"error":"not an HTTP request: invalid token"}"#.to_owned(),
            r#"{"action":null,"method":"GET","path":"/","headers":{},"body":"","status":404,"response":{"status":"404 Not Found","error":"no such path"},"error":"no such path"}"#.to_owned(),
            format!(
                r#"{{"action":"claim","method":"POST","path":"{CLAIM}",{},"body":{{}},"status":null,"response":null,"error":"closed on purpose by --drop"}}"#,
                sent(2)
            ),
        ]
    );
}

#[test]
fn a_request_with_a_response_is_recorded_even_if_the_sandbox_is_killed() {
    let home = Home::new();
    let sandbox = Sandbox::start_in(&home, &["--record", FILE]);
    sandbox.post(CLAIM, TOKEN, BODY);
    drop(sandbox);
    assert_eq!(recorded(&home).len(), 1);
}

#[test]
fn no_line_shows_a_token() {
    let home = Home::new();
    let sandbox = Sandbox::start_in(&home, &["--record", FILE]);
    sandbox.post(CLAIM, "another-token", BODY);
    sandbox.post(CLAIM, TOKEN, &BODY.replace("m_1", TOKEN));
    sandbox.post(&CLAIM.replace('1', TOKEN), TOKEN, TOKEN);
    let misplaced =
        format!("Cookie: another-token\r\nX: {TOKEN}\r\nAuthorization: Bearer another-token");
    let request = post(CLAIM, TOKEN, BODY);
    let request = request.replace(&format!("Auth-Api-Token: {TOKEN}"), &misplaced);
    sandbox.connect().exchange(&request);
    let lines = recorded(&home);
    assert_eq!(lines.len(), 4);
    let text = lines.join("\n");
    assert!(
        !text.contains(TOKEN) && !text.contains("another-token"),
        "{text}"
    );
    assert!(
        text.contains(r#""path":"/api/clients/(redacted)/bots/objects/claim""#),
        "{text}"
    );
    assert!(text.contains(r#""object_id":"(redacted)""#), "{text}");
    assert!(text.contains(r#""authorization":"(redacted)""#), "{text}");
}

// Windows has another text for the reason.
#[cfg(target_os = "linux")]
#[test]
fn a_write_that_fails_in_the_middle_leaves_no_part_of_a_line() {
    let home = Home::new();
    let script = r#"ulimit -f 1; exec "$0" sandbox --rate 0 --record record.ndjson -- sh -c '
        for i in 1 2 3 4; do lexbot check -q; done'"#;
    crate::support::program("sh", ["-c", script, env!("CARGO_BIN_EXE_lexbot")])
        .home(&home)
        .stderr_like(
            "error: cannot write to record.ndjson: file too large; [..]\nsandbox: 4 requests: 4 checks\n...",
        )
        .code(3)
        .run();
    let lines = recorded(&home);
    assert!(
        lines
            .iter()
            .all(|line| line.ends_with("\"object_id is missing\"}")),
        "{lines:?}"
    );
}
