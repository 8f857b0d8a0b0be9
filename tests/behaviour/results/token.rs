//! A server that sends the token back doesn't get it shown. The harness looks for it in every output; here
//! the outputs are also what they should be without it.

use super::answered;
use crate::example::{claim, claim_input};
use crate::support::{Reply, Server, TOKEN};

/// The token with each character as a JSON escape.
fn escaped() -> String {
    let escapes: Vec<String> = TOKEN
        .chars()
        .map(|character| format!("\\u{:04x}", u32::from(character)))
        .collect();
    escapes.concat()
}

#[test]
fn in_a_text() {
    answered(
        claim()
            .stdout("500 m_1 bad token (redacted) (redacted)\n")
            .stderr_like("hint: [..]\n")
            .code(1),
        Reply::status(500, "Oops").body(format!("bad token {TOKEN} {TOKEN}")),
    );
}

#[test]
fn in_an_error_also_behind_escapes() {
    for token in [TOKEN, &escaped()] {
        let reply =
            || Reply::status(401, "No").json(&format!(r#"{{"error":"bad token {token}"}}"#));
        answered(
            claim()
                .stdout("401 m_1 bad token (redacted)\n")
                .stderr_like("hint: [..]\n...")
                .code(4),
            reply(),
        );
        answered(
            claim()
                .args(["--json", "-v"])
                .stdout_like(
                    "[..],\"body\":{\"error\":\"bad token (redacted)\"},\"error\":\"bad token (redacted)\",[..]\n",
                )
                .stderr_like("...\n< {\"error\":\"bad token (redacted)\"}\n...")
                .code(4),
            reply(),
        );
    }
}

#[test]
fn behind_escapes_in_json_that_is_broken_or_cut() {
    let long = " ".repeat(100_000);
    for body in [
        format!(r#"{{"error:"bad token {}"}}"#, escaped()),
        format!(r#"{{"error":"bad token {}"{long}}}"#, escaped()),
    ] {
        let output = answered(
            claim()
                .args(["--json", "-v"])
                .stdout_like("...")
                .stderr_like("...")
                .code(1),
            Reply::status(500, "Oops").json(&body),
        );
        let printed = output.stdout + &output.stderr;
        // A string in a string has each escape escaped once more.
        let half = &escaped()[..16 * 6];
        for half in [half, &half.replace('\\', r"\\")] {
            assert!(!printed.contains(half), "{printed}");
        }
    }
}

#[test]
fn in_a_page() {
    answered(
        claim()
            .stdout_like("500 m_1 No (redacted) (HTML page, [..] bytes)\n")
            .stderr_like("hint: [..]\n")
            .code(1),
        Reply::status(500, "Oops").html(&format!("<html><title>No {TOKEN}</title></html>")),
    );
}

#[test]
fn in_a_head() {
    answered(
        claim()
            .args(["-v"])
            .stdout("201 m_1 claimed\n")
            .stderr_like("...\n< x-token: (redacted)\n< location: /?t=(redacted)\n...\n"),
        Reply::created()
            .header("x-token", TOKEN)
            .header("location", &format!("/?t={TOKEN}")),
    );
}

#[test]
fn where_the_limit_of_a_body_would_cut_it() {
    for before in [65_536 - TOKEN.len(), 65_536 - TOKEN.len() / 2, 65_536 - 9] {
        answered(
            claim()
                .args(["--json", "-v"])
                .stdout_like("[..]\n")
                .stderr_like("...")
                .code(1),
            Reply::status(500, "Oops").body(format!("{}{TOKEN}{TOKEN}", "x".repeat(before))),
        );
    }
}

#[test]
fn in_what_is_no_answer_at_all() {
    answered(
        claim()
            .args(["-v"])
            .stdout_like("--- m_1 [..]\n")
            .stderr_like("...")
            .code(5),
        Reply::raw(format!("{TOKEN} {TOKEN}\r\n\r\n")),
    );
}

#[test]
fn in_a_message_that_somebody_put_it_into() {
    let server = Server::answering([Reply::created()]);
    let message =
        format!(r#"{{"object_id":"{TOKEN}","published_at":1458692752478,"account_id":"77"}}"#);
    let invalid = format!(r#"{{"object_id":"m_2","published_at":"{TOKEN}","account_id":"77"}}"#);
    claim_input()
        .args(["-v", "--journal", "journal"])
        .stdin(format!("{message}\n{invalid}\n"))
        .server(&server)
        .stdout_in_any_order(
            "201 (redacted) claimed\n\
             --- line 2: published_at \"(redacted)\" is not a time (use epoch milliseconds, ISO 8601 with an offset \
             such as 2017-08-01T05:29:44Z, or now)\n",
        )
        .stderr_like("...\n> {\"object_id\":\"(redacted)\"[..]\n...")
        .code(2)
        .run();
    assert_eq!(server.requests().len(), 1);
}
