//! A server that sends the token back, in whatever spelling: "(redacted)" is printed in its place.

use serde_json::Value;

use crate::example::{claim, claim_input};
use crate::results::answered;
use crate::support::{Reply, Run, Server, TOKEN, lexbot};

/// A token with every character that HTML, JSON or a URL writes in another way.
const ODD: &str = r#"Zq7x&Kw3v<Rt9y>Pb5n"Lm2j'Hd8g/Fs4c+Vk6e\Qx"#;

/// Parts of [`ODD`] that must not be printed.
const PARTS: [&str; 4] = ["Zq7x", "Rt9y", "Hd8g", "Vk6e"];

/// `text` with each character as a JSON escape.
pub(super) fn escaped(text: &str) -> String {
    let escapes = text
        .chars()
        .map(|character| format!("\\u{:04x}", u32::from(character)));
    escapes.collect::<Vec<_>>().concat()
}

/// Everything that a claim and a check with this token print of `reply`: in text, in JSON and with `-v`.
#[track_caller]
fn outputs(token: &str, reply: &Reply) -> Vec<String> {
    let server = Server::always(reply.clone());
    server.ignore_requests();
    let check = || lexbot(["check", "--retries", "0"]);
    let runs = [
        claim(),
        claim().args(["--json"]),
        claim().args(["-v"]),
        check().args(["-v"]),
        check().args(["--json"]),
    ];
    let print = |run: Run| {
        let run = run.server(&server).env("LEXBOT_TOKEN", token).code(1);
        let output = run.stdout_like("...").stderr_like("...").run();
        output.stdout + &output.stderr
    };
    runs.map(print).into()
}

/// Asserts that `reply`, which has "seen" and [`ODD`] in its body or else in its head, is printed without the token.
#[track_caller]
fn assert_redacted(reply: &Reply, where_printed: &str) {
    for printed in outputs(ODD, reply) {
        let shown = PARTS.iter().find(|part| printed.contains(**part));
        assert_eq!(shown, None, "{printed}");
        // Only `-v` prints heads.
        if where_printed == "body" || printed.contains("\n< ") {
            assert!(printed.contains("seen"), "{printed}");
            assert!(printed.contains("(redacted)"), "{printed}");
        }
    }
}

fn json(text: &str) -> Reply {
    Reply::status(500, "Oops").json(&format!(r#"{{"error":"seen {text}"}}"#))
}

#[test]
fn the_plain_token_is_redacted() {
    let oops = || Reply::status(500, "Oops");
    assert_redacted(&oops().body(format!("seen {ODD}")), "body");
    assert_redacted(&oops().header("x", &format!("seen {ODD}")), "head");
}

#[test]
fn the_token_is_redacted_in_json() {
    let plain = Value::from(ODD).to_string();
    let plain = plain.trim_matches('"');
    let for_html = [
        ('<', "\\u003c"),
        ('>', "\\u003E"),
        ('&', "\\u0026"),
        ('\'', "\\u0027"),
    ];
    let for_html = for_html
        .iter()
        .fold(plain.to_owned(), |text, (from, to)| text.replace(*from, to));
    for spelling in [
        plain,
        // As PHP writes it, then fit for HTML, and JSON in JSON.
        &plain.replace('/', "\\/"),
        &for_html,
        &plain.replace('\\', "\\\\").replace('"', "\\\""),
    ] {
        assert_redacted(&json(spelling), "body");
    }
    let deep = format!("{}\"seen {plain}\"{}", "[".repeat(200), "]".repeat(200));
    let repeated = format!(r#"{{"error":"{plain}","error":"seen {plain}"}}"#);
    for body in [deep, repeated] {
        assert_redacted(&Reply::status(500, "Oops").json(&body), "body");
    }
}

#[test]
fn the_token_is_redacted_in_html() {
    let escaped = ODD
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let quoted = escaped.replace('"', "&quot;");
    for spelling in [
        &escaped,
        &quoted.replace('\'', "&#39;"),
        &quoted.replace('\'', "&#x27;"),
    ] {
        let page = format!("<html><title>seen {spelling}</title><p>{spelling}</html>");
        assert_redacted(&Reply::status(500, "Oops").html(&page), "body");
    }
}

#[test]
fn the_token_is_redacted_in_urls() {
    let escaped: String = ODD
        .chars()
        .map(|character| match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => character.to_string(),
            _ => format!("%{:02X}", u32::from(character)),
        })
        .collect();
    let url = format!("/seen?token={escaped}");
    assert_redacted(&Reply::status(500, "Oops").body(&*url), "body");
    assert_redacted(
        &Reply::status(302, "Found").header("location", &url),
        "head",
    );
}

#[test]
fn the_token_is_redacted_as_a_number_and_as_the_name_of_a_header() {
    let number = "123456789012345678";
    let name = "zq7xkw3vrt9ypb5nlm2jhd8g";
    for (token, reply) in [
        (
            number,
            Reply::status(500, "Oops").json(&format!(r#"{{"error":{number}}}"#)),
        ),
        (
            name,
            Reply::status(500, "Oops").header(name, "1").body(name),
        ),
    ] {
        for printed in outputs(token, &reply) {
            assert!(!printed.contains(&token[..14]), "{printed}");
            assert!(printed.contains("(redacted)"), "{printed}");
        }
    }
}

#[test]
fn the_token_is_redacted_where_the_body_is_cut() {
    // 12 characters of an escaped token are only two characters of the token: too few to be redacted.
    for (before, spelling) in [
        (65_536 - 180, escaped(TOKEN)),
        (65_536 - 100, escaped(TOKEN)),
        (65_536 - 12, escaped(TOKEN)),
        (65_536 - TOKEN.len(), TOKEN.repeat(2)),
        (65_536 - TOKEN.len() / 2, TOKEN.repeat(2)),
        (65_536 - 9, TOKEN.repeat(2)),
    ] {
        let body = format!("seen{}{spelling}", " ".repeat(before - 4));
        for printed in outputs(TOKEN, &Reply::status(500, "Oops").body(body)) {
            assert!(printed.contains("seen"), "{before}");
            let printed = printed.replace("\\\\", "\\");
            assert!(!printed.contains(&escaped(&TOKEN[..2])), "{before}");
        }
    }
}

/// Asserts exactly what is printed of a claim, and with `-v` of the exchange, with "(redacted)" in it.
#[track_caller]
fn assert_prints(reply: Reply, args: &[&str], stdout: &str, stderr: &str, code: i32) {
    let run = claim().args(args).stdout_like(stdout).stderr_like(stderr);
    answered(run.code(code), reply);
}

#[test]
fn the_rest_of_a_response_is_printed_around_the_redaction() {
    let hint = "hint: [..]\n";
    let text = Reply::status(500, "Oops").body(format!("bad token {TOKEN} {TOKEN}"));
    let printed = "500 m_1 bad token (redacted) (redacted)\n";
    assert_prints(text, &[], printed, hint, 1);

    let page = format!("<html><title>No {TOKEN}</title></html>");
    let page = Reply::status(500, "Oops").html(&page);
    let printed = "500 m_1 No (redacted) (HTML page, [..] bytes)\n";
    assert_prints(page, &[], printed, hint, 1);

    for token in [TOKEN, &escaped(TOKEN)] {
        let body = format!(r#"{{"error":"bad token {token}"}}"#);
        let reply = || Reply::status(401, "No").json(&body);
        let printed = "401 m_1 bad token (redacted)\n";
        assert_prints(reply(), &[], printed, "hint: [..]\n...", 4);
        let printed = "[..],\"body\":{\"error\":\"bad token (redacted)\"},\"error\":\"bad token (redacted)\",[..]\n";
        let exchange = "...\n< {\"error\":\"bad token (redacted)\"}\n...";
        assert_prints(reply(), &["--json", "-v"], printed, exchange, 4);
    }

    let head = Reply::created()
        .header("x-token", TOKEN)
        .header("location", &format!("/?t={TOKEN}"));
    let exchange = "...\n< x-token: (redacted)\n< location: /?t=(redacted)\n...\n";
    assert_prints(head, &["-v"], "201 m_1 claimed\n", exchange, 0);

    let no_http = Reply::raw(format!("{TOKEN} {TOKEN}\r\n\r\n"));
    assert_prints(no_http, &["-v"], "--- m_1 [..]\n", "...\n> [..]\n...", 5);
}

#[test]
fn the_escaped_token_is_redacted_in_json_that_is_broken_or_cut() {
    let token = escaped(TOKEN);
    let long = " ".repeat(100_000);
    for body in [
        format!(r#"{{"error:"seen {token}"}}"#),
        format!(r#"{{"error":"seen {token}"{long}}}"#),
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
        assert!(printed.contains("seen"), "{printed}");
        // A string in a string has each escape escaped once more.
        let half = escaped(&TOKEN[..16]);
        for half in [&half, &half.replace('\\', r"\\")] {
            assert!(!printed.contains(half.as_str()), "{printed}");
        }
    }
}

#[test]
fn a_token_in_a_message_is_redacted() {
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
        .code(1)
        .run();
    assert_eq!(server.requests().len(), 1);
}
