//! Values that a shell or curl would interpret if they weren't quoted.

use serde_json::{Value, json};

use super::{CREATED, assert_same, pasted, printed, shells};
use crate::example::{CLAIM, claim};
use crate::support::{Home, Reply, Run, Server, lexbot};

/// Possible IDs of a message or a page.
const VALUES: [&str; 16] = [
    "it's",
    "''; touch owned; '",
    "'\\''",
    "\"$(touch owned)\"",
    "`touch owned`",
    "$LEXBOT_TOKEN ${HOME}",
    "a\nb\r\n\tc",
    "@/etc/passwd",
    "@-",
    "--config /etc/passwd",
    "!! !1 ^a^b",
    "\\n \\ \\\\",
    "%s %n %x",
    "&a=b;c|d>e<f#g~*?[a-z]{1,2}",
    "\u{1b}[31m\u{7f}\u{9b}\u{202e}\u{200b}",
    "Grüße 🙂",
];

/// A claim of one message for each value.
fn claim_of_all() -> Run {
    let line = |value: &&str| {
        json!({"object_id": value, "published_at": 1_458_692_752_478_u64, "account_id": value})
            .to_string()
            + "\n"
    };
    let lines: String = VALUES.iter().map(line).collect();
    lexbot(["claim", "-i", "-", "-j", "1", "--rate", "0"]).stdin(lines)
}

#[test]
fn any_value_is_sent_unchanged() {
    let requests = assert_same(claim_of_all, "");
    for (request, value) in requests.iter().zip(VALUES) {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["object_id"], value);
        assert_eq!(body["account_id"], value);
    }
    assert_eq!(requests.len(), VALUES.len());
}

#[test]
fn no_value_runs_a_command() {
    for shell in shells() {
        let home = Home::new();
        let server = Server::always(Reply::created());
        let script = printed(claim_of_all(), &server.url());
        pasted(shell, &script)
            .home(&home)
            .stdout(CREATED.repeat(VALUES.len()))
            .run();
        assert_eq!(server.requests().len(), VALUES.len());
        assert!(!home.path().join("owned").exists(), "{script}");
    }
}

#[test]
fn prints_lines_without_control_characters() {
    let script = printed(claim_of_all(), "https://lexer.example");
    assert_eq!(script.matches('\n').count(), VALUES.len(), "{script:?}");
    for line in script.lines() {
        assert!(!line.contains(char::is_control), "{script:?}");
        assert!(!line.contains(['\u{202e}', '\u{200b}']), "{script:?}");
    }
}

#[test]
fn an_unvalidated_value_is_sent_unchanged() {
    for value in [
        r#""@/etc/passwd""#,
        "17",
        "null",
        r#"{"a":"\u0000 \ud83d\ude42 \u202e","b":[123456789012345678901234567890,1.0]}"#,
        r#"{"'":"'","a":"b'$(id)"}"#,
    ] {
        assert_same(
            || lexbot(["claim", "--no-validate", "-i", "-"]).stdin(value),
            "",
        );
    }
}

#[test]
fn any_path_in_the_base_url_is_sent_unchanged() {
    for path in [
        "/a'b",
        "/a$(id)id;&!~*",
        "/{a,b}/[1-3]/%7Bx%7D/%20",
        "/-a/@b/:c",
        "/a/../b/./c",
        "//a//b",
    ] {
        let requests = assert_same(claim, path);
        assert_eq!(requests[0].path, format!("{path}{CLAIM}"));
    }
}
