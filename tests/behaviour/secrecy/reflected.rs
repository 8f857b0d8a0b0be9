//! A server that sends the token back, in whatever spelling: "(redacted)" is printed in its place.

use serde_json::Value;

use crate::example::{claim, claim_input, claim_of, line};
use crate::results::answered;
use crate::support::{Home, Reply, Run, Server, TOKEN, lexbot};

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
        let output = run.any_output().run();
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
            claim().args(["--json", "-v"]).any_output().code(1),
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
fn the_token_is_redacted_in_base64() {
    // ODD after none, one and two other bytes, as in "Basic" authentication; the last for URLs.
    for base64 in [
        "WnE3eCZLdzN2PFJ0OXk+UGI1biJMbTJqJ0hkOGcvRnM0YytWazZlXFF4",
        "OlpxN3gmS3czdjxSdDl5PlBiNW4iTG0yaidIZDhnL0ZzNGMrVms2ZVxReA==",
        "dTpacTd4Jkt3M3Y8UnQ5eT5QYjVuIkxtMmonSGQ4Zy9GczRjK1ZrNmVcUXg=",
        "WnE3eCZLdzN2PFJ0OXk-UGI1biJMbTJqJ0hkOGcvRnM0YytWazZlXFF4",
    ] {
        let escaped = base64.replace('/', "\\/");
        for reply in [
            json(&escaped),
            Reply::status(500, "Oops").body(format!("seen {base64} ")),
        ] {
            assert_redacted(&reply, "body");
            for printed in outputs(ODD, &reply) {
                for part in base64.as_bytes()[4..52].chunks(8) {
                    let part = str::from_utf8(part).unwrap();
                    assert!(!printed.contains(part), "{printed}");
                }
            }
        }
    }
}

#[test]
fn the_token_is_redacted_where_a_response_breaks_off_in_it() {
    for (copy, shortest) in [
        (ODD.to_owned(), 8),
        (Value::from(ODD).to_string().replace('"', ""), 8),
        (escaped(ODD), 8 * 6),
        (ODD.replace('&', "%26").replace('<', "%3C"), 10),
        (ODD.replace('&', "&amp;").replace('<', "&lt;"), 12),
        (
            "WnE3eCZLdzN2PFJ0OXk+UGI1biJMbTJqJ0hkOGcvRnM0YytWazZlXFF4".to_owned(),
            11,
        ),
    ] {
        for length in shortest..shortest + 8 {
            let body = format!("seen {}", &copy[..length]);
            let head = "HTTP/1.1 500 Oops\r\ncontent-length: 999\r\n\r\n";
            let reply = Reply::raw(format!("{head}{body}"));
            let server = Server::answering([reply]);
            server.ignore_requests();
            claim()
                .server(&server)
                .env("LEXBOT_TOKEN", ODD)
                .stdout("500 m_1 seen (redacted)\n")
                .stderr_like("hint: [..]\n")
                .code(1)
                .run();
        }
    }
}

#[test]
fn a_message_with_the_token_in_an_id_is_invalid() {
    let server = Server::answering([]);
    let home = Home::new();
    let message = |id: &str, page: &str| {
        format!(r#"{{"object_id":"{id}","published_at":1458692752478,"account_id":"{page}"}}"#)
    };
    let input = [
        message(TOKEN, "77"),
        message(&format!("m_{}", escaped(TOKEN)), "77"),
        message("m_3", TOKEN),
        format!(r#"{{"object_id":"m_4","published_at":"{TOKEN}","account_id":"77"}}"#),
        format!(r#"{{"object_id":"{TOKEN}","published_at":"never","account_id":"77"}}"#),
    ];
    let printed = "--- line 1: object_id contains the API token\n\
        --- line 2: object_id contains the API token\n\
        --- line 3: account_id contains the API token\n\
        --- line 4: published_at \"(redacted)\" is not a time [..]\n\
        --- line 5: published_at \"never\" is not a time [..]\n";
    claim_input()
        .args(["-v", "--journal", "journal"])
        .home(&home)
        .stdin(input.join("\n"))
        .server(&server)
        .stdout_like(printed)
        .stderr_like("...")
        .code(1)
        .run();
    let journal = home.read("journal");
    let results: Vec<Value> = journal.lines().map(|line| line.parse().unwrap()).collect();
    let ids: Vec<_> = results
        .iter()
        .map(|result| [result["object_id"].clone(), result["account_id"].clone()])
        .collect();
    let page = Value::from("77");
    let expected = [
        [Value::Null, page.clone()],
        [Value::Null, page.clone()],
        ["m_3".into(), Value::Null],
        ["m_4".into(), page.clone()],
        [Value::Null, page],
    ];
    assert_eq!(ids, expected);
    for dry_run in ["--dry-run", "--curl"] {
        // Without its ID in doubt, a message is printed, but not with the token in it.
        let note = line("m_6").replace('}', &format!(r#","note":"{TOKEN}"}}"#));
        claim_input()
            .args([dry_run])
            .stdin([&input.join("\n"), "\n", &note].concat())
            .server(&server)
            .stdout_like("[..]\"note\":\"(redacted)\"[..]\n")
            .stderr_like(printed)
            .code(1)
            .run();
    }
    claim_input()
        .args(["--no-validate"])
        .stdin(&*input[0])
        .server(&server)
        .stdout("--- line 1: object_id contains the API token\n")
        .code(1)
        .run();
    lexbot(["claim", "--object-id", TOKEN, "--account-id", "77"])
        .args(["--published-at", "now"])
        .server(&server)
        .stdout("--- object_id contains the API token\n")
        .code(1)
        .run();
    server.received([]);
}

/// Otherwise the next run would not find it in the journal, and send it again.
#[test]
fn an_id_that_contains_a_short_token_is_not_altered() {
    let server = Server::answering([Reply::status(201, "Created").body("test")]);
    let home = Home::new();
    let warning = "warning: the token has fewer than 8 characters, so it isn't redacted where a server sends it back\n";
    for printed in ["201 test_1 claimed\n", ""] {
        claim_input()
            .args(["--journal", "journal"])
            .home(&home)
            .stdin(line("test_1"))
            .server(&server)
            .env("LEXBOT_TOKEN", "test")
            .stdout(printed)
            .stderr(warning)
            .run();
    }
    assert!(home.read("journal").contains("\"body\":\"test\""));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn the_token_of_a_variable_or_a_command_is_cleaned_like_a_pasted_one() {
    let server = Server::answering([Reply::created(), Reply::created()]);
    let wrapped = format!(" 'Auth-Api-Token: Bearer {TOKEN}'\r\n");
    claim()
        .server(&server)
        .env("LEXBOT_TOKEN", &wrapped)
        .stdout("201 m_1 claimed\n")
        .run();
    let home = Home::new();
    home.write("token", &wrapped);
    claim()
        .home(&home)
        .server(&server)
        .no_env("LEXBOT_TOKEN")
        .config("[profiles.default]\ntoken_command = 'cat token'\n")
        .stdout("201 m_1 claimed\n")
        .run();
    server.received([claim_of("m_1"), claim_of("m_1")]);
}
