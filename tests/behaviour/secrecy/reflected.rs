//! A server that sends the token back, in whatever spelling: "(redacted)" is printed in its place. `messages.txt` has
//! what is printed around it.

use super::escaped;
use crate::example::claim;
use crate::support::{Reply, Run, Server, TOKEN, lexbot};
use crate::table::rows;

/// A token with every character that HTML, JSON or a URL writes in another way.
const ODD: &str = r#"Zq7x&Kw3v<Rt9y>Pb5n"Lm2j'Hd8g/Fs4c+Vk6e\Qx"#;

/// Parts of [`ODD`] that must not be printed.
const PARTS: [&str; 4] = ["Zq7x", "Rt9y", "Hd8g", "Vk6e"];

/// Where a response has [`ODD`], and how it is spelled there: plainly; in JSON, also as PHP writes it, fit for HTML, and in
/// JSON once more; in HTML; in a URL; and in base64 after none, one and two other bytes, as in "Basic" authentication, the
/// last for URLs.
const SPELLINGS: &str = r#"
text     | Zq7x&Kw3v<Rt9y>Pb5n"Lm2j'Hd8g/Fs4c+Vk6e\Qx
head     | Zq7x&Kw3v<Rt9y>Pb5n"Lm2j'Hd8g/Fs4c+Vk6e\Qx

json     | Zq7x&Kw3v<Rt9y>Pb5n\"Lm2j'Hd8g/Fs4c+Vk6e\\Qx
twice    | Zq7x&Kw3v<Rt9y>Pb5n\"Lm2j'Hd8g/Fs4c+Vk6e\\Qx
deep     | Zq7x&Kw3v<Rt9y>Pb5n\"Lm2j'Hd8g/Fs4c+Vk6e\\Qx
json     | Zq7x&Kw3v<Rt9y>Pb5n\"Lm2j'Hd8g\/Fs4c+Vk6e\\Qx
json     | Zq7x\u0026Kw3v\u003cRt9y\u003EPb5n\"Lm2j\u0027Hd8g/Fs4c+Vk6e\\Qx
json     | Zq7x&Kw3v<Rt9y>Pb5n\\\"Lm2j'Hd8g/Fs4c+Vk6e\\\\Qx

page     | Zq7x&amp;Kw3v&lt;Rt9y&gt;Pb5n"Lm2j'Hd8g/Fs4c+Vk6e\Qx
page     | Zq7x&amp;Kw3v&lt;Rt9y&gt;Pb5n&quot;Lm2j&#39;Hd8g/Fs4c+Vk6e\Qx
page     | Zq7x&amp;Kw3v&lt;Rt9y&gt;Pb5n&quot;Lm2j&#x27;Hd8g/Fs4c+Vk6e\Qx

url      | Zq7x%26Kw3v%3CRt9y%3EPb5n%22Lm2j%27Hd8g%2FFs4c%2BVk6e%5CQx
location | Zq7x%26Kw3v%3CRt9y%3EPb5n%22Lm2j%27Hd8g%2FFs4c%2BVk6e%5CQx

text     | WnE3eCZLdzN2PFJ0OXk+UGI1biJMbTJqJ0hkOGcvRnM0YytWazZlXFF4
text     | OlpxN3gmS3czdjxSdDl5PlBiNW4iTG0yaidIZDhnL0ZzNGMrVms2ZVxReA==
text     | dTpacTd4Jkt3M3Y8UnQ5eT5QYjVuIkxtMmonSGQ4Zy9GczRjK1ZrNmVcUXg=
text     | WnE3eCZLdzN2PFJ0OXk-UGI1biJMbTJqJ0hkOGcvRnM0YytWazZlXFF4
json     | WnE3eCZLdzN2PFJ0OXk+UGI1biJMbTJqJ0hkOGcvRnM0YytWazZlXFF4
json     | OlpxN3gmS3czdjxSdDl5PlBiNW4iTG0yaidIZDhnL0ZzNGMrVms2ZVxReA==
json     | dTpacTd4Jkt3M3Y8UnQ5eT5QYjVuIkxtMmonSGQ4Zy9GczRjK1ZrNmVcUXg=
json     | WnE3eCZLdzN2PFJ0OXk-UGI1biJMbTJqJ0hkOGcvRnM0YytWazZlXFF4
"#;

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

/// A response that has "seen" and `spelling` in this place.
fn reply(place: &str, spelling: &str) -> Reply {
    let oops = Reply::status(500, "Oops");
    match place {
        "text" => oops.body(format!("seen {spelling} ")),
        "url" => oops.body(format!("/seen?token={spelling}")),
        "json" => oops.json(&format!(r#"{{"error":"seen {spelling}"}}"#)),
        "twice" => oops.json(&format!(
            r#"{{"error":"{spelling}","error":"seen {spelling}"}}"#
        )),
        "deep" => oops.json(&format!(
            "{}\"seen {spelling}\"{}",
            "[".repeat(200),
            "]".repeat(200)
        )),
        "page" => oops.html(&format!(
            "<html><title>seen {spelling}</title><p>{spelling}</html>"
        )),
        "head" => oops.header("x", &format!("seen {spelling}")),
        "location" => Reply::status(302, "Found").header(place, &format!("/seen?token={spelling}")),
        other => panic!("where is {other}?"),
    }
}

#[test]
fn the_token_is_redacted_in_every_spelling() {
    for [place, spelling] in rows(SPELLINGS) {
        // The ends of base64 have other bytes, too.
        let middle = &spelling[4..spelling.len().min(52)];
        let pieces = middle.as_bytes().chunks_exact(8);
        let pieces = pieces.map(|piece| str::from_utf8(piece).unwrap());
        let pieces: Vec<&str> = pieces.chain(PARTS).collect();
        for printed in outputs(ODD, &reply(place, spelling)) {
            let shown = pieces.iter().find(|piece| printed.contains(**piece));
            assert_eq!(shown, None, "{place} {spelling}: {printed}");
            // Only `-v` prints heads.
            if !matches!(place, "head" | "location") || printed.contains("\n< ") {
                assert!(printed.contains("seen"), "{place} {spelling}: {printed}");
                assert!(printed.contains("(redacted)"), "{place}: {printed}");
            }
        }
    }
}

#[test]
fn the_token_is_redacted_as_a_number_and_as_the_name_of_a_header() {
    let oops = || Reply::status(500, "Oops");
    let number = "123456789012345678";
    let name = "zq7xkw3vrt9ypb5nlm2jhd8g";
    for (token, reply) in [
        (number, oops().json(&format!(r#"{{"error":{number}}}"#))),
        (name, oops().header(name, "1").body(name)),
    ] {
        for printed in outputs(token, &reply) {
            assert!(!printed.contains(&token[..14]), "{printed}");
            assert!(printed.contains("(redacted)"), "{printed}");
        }
    }
}

#[test]
fn the_token_is_redacted_where_the_body_is_cut_or_broken() {
    let before = |length: usize| format!("seen{}", " ".repeat(65_536 - length - 4));
    let token = escaped(TOKEN);
    for body in [
        // 12 characters of an escaped token are only two characters of the token: too few to be redacted.
        before(180) + &token,
        before(100) + &token,
        before(12) + &token,
        before(TOKEN.len()) + &TOKEN.repeat(2),
        before(TOKEN.len() / 2) + &TOKEN.repeat(2),
        before(9) + &TOKEN.repeat(2),
        format!(r#"{{"error:"seen {token}"}}"#),
        format!(r#"{{"error":"seen {token}"{}}}"#, " ".repeat(100_000)),
    ] {
        let reply = Reply::status(500, "Oops");
        let reply = if body.starts_with('{') {
            reply.json(&body)
        } else {
            reply.body(&*body)
        };
        for printed in outputs(TOKEN, &reply) {
            let start = body.trim_start_matches("seen").trim_start();
            assert!(printed.contains("seen"), "{start}");
            // A string in a string has each escape escaped once more.
            let printed = printed.replace("\\\\", "\\");
            assert!(!printed.contains(&escaped(&TOKEN[..2])), "{start}");
        }
    }
}

#[test]
fn the_token_is_redacted_where_a_response_breaks_off_in_it() {
    for (spelling, shortest) in [
        (ODD, 8),
        (&ODD.replace('"', "\\\""), 20),
        (&escaped(ODD), 8 * 6),
        (&ODD.replace('&', "%26").replace('<', "%3C"), 10),
        (&ODD.replace('&', "&amp;").replace('<', "&lt;"), 12),
        (
            "WnE3eCZLdzN2PFJ0OXk+UGI1biJMbTJqJ0hkOGcvRnM0YytWazZlXFF4",
            11,
        ),
    ] {
        for length in shortest..shortest + 8 {
            let body = format!("seen {}", &spelling[..length]);
            let head = "HTTP/1.1 500 Oops\r\ncontent-length: 999\r\n\r\n";
            let server = Server::always(Reply::raw(format!("{head}{body}")));
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
