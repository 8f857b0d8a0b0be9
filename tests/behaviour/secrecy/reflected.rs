//! A token that a server sends back in another spelling.

use crate::example::claim;
use crate::support::{Output, Reply, Server, lexbot};

/// A token with every character that HTML, JSON or a URL would write otherwise.
const ODD: &str = r#"Zq7x&Kw3v<Rt9y>Pb5n"Lm2j'Hd8g/Fs4c+Vk6e\Qx"#;

/// What of [`ODD`] must not be seen.
const PARTS: [&str; 4] = ["Zq7x", "Rt9y", "Hd8g", "Vk6e"];

/// Runs a claim and a check with the token `token` at a server that gives `reply`, in text, in JSON and with -v.
#[track_caller]
fn outputs(token: &str, reply: &Reply) -> Vec<Output> {
    let server = Server::always(reply.clone());
    let runs = [
        claim(),
        claim().args(["--json"]),
        claim().args(["-v"]),
        lexbot(["check", "--retries", "0", "-v"]),
        lexbot(["check", "--retries", "0", "--json"]),
    ];
    server.ignore_requests();
    runs.map(|run| {
        run.server(&server)
            .env("LEXBOT_TOKEN", token)
            .stdout_like("...")
            .stderr_like("...")
            .code(1)
            .run()
    })
    .into()
}

/// Asserts that `body` with the token in it in this spelling shows nothing of it.
#[track_caller]
fn assert_hidden(what: &str, reply: &Reply) {
    for output in outputs(ODD, reply) {
        let printed = output.stdout + &output.stderr;
        // A check shows the last four characters itself.
        let shown = PARTS.iter().find(|part| printed.contains(**part));
        assert_eq!(shown, None, "{what}: {printed}");
    }
}

fn html(text: &str) -> Reply {
    Reply::status(500, "Oops").html(&format!("<html><title>No {text}</title><p>{text}</html>"))
}

fn json(text: &str) -> Reply {
    Reply::status(500, "Oops").json(&format!(r#"{{"error":"no {text}"}}"#))
}

#[test]
fn as_it_is() {
    assert_hidden("text", &Reply::status(500, "Oops").body(ODD));
    assert_hidden("a header", &Reply::status(500, "Oops").header("x", ODD));
}

#[test]
fn as_json_writes_it() {
    let escaped = serde_json::Value::from(ODD).to_string();
    let escaped = escaped.trim_matches('"');
    assert_hidden("JSON", &json(escaped));
    assert_hidden("JSON in PHP's way", &json(&escaped.replace('/', "\\/")));
    assert_hidden(
        "JSON fit for HTML",
        &json(
            &escaped
                .replace('<', "\\u003c")
                .replace('>', "\\u003E")
                .replace('&', "\\u0026")
                .replace('\'', "\\u0027"),
        ),
    );
    assert_hidden(
        "a key that comes twice",
        &Reply::status(500, "Oops").json(&format!(r#"{{"error":"{escaped}","error":"no"}}"#)),
    );
    assert_hidden(
        "JSON in JSON",
        &json(&escaped.replace('\\', "\\\\").replace('"', "\\\"")),
    );
    let deep = format!("{}\"{escaped}\"{}", "[".repeat(200), "]".repeat(200));
    assert_hidden("deep JSON", &Reply::status(500, "Oops").json(&deep));
}

#[test]
fn as_html_writes_it() {
    let escaped = ODD
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let quoted = escaped.replace('"', "&quot;");
    assert_hidden("HTML", &html(&escaped));
    assert_hidden("HTML with quotes", &html(&quoted.replace('\'', "&#39;")));
    assert_hidden(
        "HTML with other quotes",
        &html(&quoted.replace('\'', "&#x27;")),
    );
}

#[test]
fn as_a_url_writes_it() {
    let escaped: String = ODD
        .chars()
        .map(|character| match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => character.to_string(),
            _ => format!("%{:02X}", u32::from(character)),
        })
        .collect();
    assert_hidden(
        "a URL",
        &Reply::status(500, "Oops").body(format!("/?token={escaped}")),
    );
    assert_hidden(
        "a location",
        &Reply::status(302, "Found").header("location", &format!("/?token={escaped}")),
    );
}

#[test]
fn as_the_name_of_a_header() {
    let token = "zq7xkw3vrt9ypb5nlm2jhd8g";
    for output in outputs(token, &Reply::status(500, "Oops").header(token, "1")) {
        let printed = output.stdout + &output.stderr;
        assert!(!printed.contains(&token[..20]), "{printed}");
    }
}

#[test]
fn as_a_number() {
    let token = "123456789012345678";
    for output in outputs(
        token,
        &Reply::status(500, "Oops").json(&format!(r#"{{"error":{token}}}"#)),
    ) {
        let printed = output.stdout + &output.stderr;
        assert!(!printed.contains(&token[..14]), "{printed}");
    }
}

#[test]
fn where_the_limit_of_a_body_cuts_its_spelling() {
    let token = crate::support::TOKEN;
    let characters: Vec<String> = token
        .chars()
        .map(|character| format!("\\u{:04x}", u32::from(character)))
        .collect();
    for before in [65_536 - 180, 65_536 - 100, 65_536 - 12] {
        let body = format!("{}{}", " ".repeat(before), characters.concat());
        for output in outputs(token, &Reply::status(500, "Oops").body(body)) {
            let printed = (output.stdout + &output.stderr).replace("\\\\", "\\");
            assert!(!printed.contains(&characters[..2].concat()), "{before}");
        }
    }
}
