//! Settings that are missing or malformed are reported before anything is sent, with code 3 and what to do.

use serde_json::json;

use super::{check, nothing_known, with};
use crate::support::{Home, Run, Server, TOKEN};
use crate::trust::object;

/// Asserts that a check ends with code 3 and this error, in text and in JSON, and that nothing is sent. `known`
/// is what JSON has besides the error. HOME in the texts is replaced by the home.
#[track_caller]
fn assert_stops(
    run: impl Fn() -> Run,
    config: &str,
    error: &str,
    hint: &str,
    known: &serde_json::Value,
) {
    let home = Home::new();
    home.write_config(config);
    let fill = |text: &str| text.replace("HOME", &home.path().display().to_string());
    let server = Server::answering([]);
    let run = || {
        run()
            .env("LEXBOT_BASE_URL", server.url())
            .home(&home)
            .stderr(fill(&format!("error: {error}\nhint: {hint}\n")))
            .code(3)
    };
    run().stdout_like("...").run();
    let output = run().args(["--json"]).stdout_like("{[..]}\n").run();
    let mut expected = with(nothing_known(), json!({"error": fill(error)}));
    if known.is_object() {
        let base = json!({"base_url": server.url(), "config_file": home.config_path(), "profile": "default"});
        expected = with(with(expected, base), known.clone());
    }
    assert_eq!(object(&output), expected);
    server.received([]);
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_missing_token_is_reported() {
    assert_stops(
        || check().env("LEXBOT_CLIENT_ID", "123"),
        "",
        "no token: there is no profile \"default\" in HOME/.config/lexbot/config.toml",
        "store one: lexbot config set-token\n      or set LEXBOT_TOKEN",
        &json!({"client_id": 123}),
    );
}

#[test]
fn a_missing_client_id_is_reported() {
    assert_stops(
        || check().env("LEXBOT_TOKEN", TOKEN),
        "",
        "no client ID: there is no profile \"default\" in HOME/.config/lexbot/config.toml",
        "give --client-id N, set LEXBOT_CLIENT_ID, or store it: lexbot config set client_id N\n      \
         (Lexer shows the client ID beside the token)",
        &json!({}),
    );
}

#[test]
fn a_configuration_that_is_not_toml_is_reported() {
    assert_stops(
        || check().base_url("http://127.0.0.1:1"),
        "[profiles.default]\ntoken = \n",
        "HOME/.config/lexbot/config.toml:2:9: string values must be quoted, expected literal string",
        "correct the file in an editor; it is TOML: strings are quoted, and tables start with [profiles.NAME]",
        &serde_json::Value::Null,
    );
}

#[test]
fn a_missing_profile_is_reported() {
    assert_stops(
        || check().args(["--profile", "acme"]),
        "[profiles.default]\n",
        "no profile \"acme\" (--profile) in HOME/.config/lexbot/config.toml; it has default",
        "choose another, or create it: lexbot config set-token --profile acme",
        &serde_json::Value::Null,
    );
}

#[test]
fn a_token_that_cannot_be_sent_is_refused() {
    for (token, problem) in [
        (
            "t\u{f6}ken",
            "has a character that can't be sent in an HTTP header",
        ),
        ("to ken", "contains white space"),
        ("\"\"", "is empty"),
    ] {
        assert_stops(
            || {
                check()
                    .env("LEXBOT_CLIENT_ID", "123")
                    .env("LEXBOT_TOKEN", token)
            },
            "",
            &format!("LEXBOT_TOKEN: the token {problem}"),
            "set LEXBOT_TOKEN again",
            &json!({"client_id": 123}),
        );
    }
}
