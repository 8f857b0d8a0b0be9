//! The output: every setting with its value, JSON with all its keys, and the effect of -q and -v.

use serde_json::json;

use super::{BODY, answered, check, good, nothing_known, with};
use crate::support::{Home, Output, Reply, Request, Server, TOKEN};
use crate::trust::object;

/// The JSON object, without the time that the check took.
#[track_caller]
fn timeless(output: &Output) -> serde_json::Value {
    let object = object(output);
    assert!(object["elapsed_ms"].is_u64(), "{object}");
    with(object, json!({"elapsed_ms": null}))
}

#[test]
fn prints_every_setting_in_use_and_the_result() {
    let home = Home::new();
    let server = Server::answering([good()]);
    check()
        .home(&home)
        .server(&server)
        .stdout_like(format!(
            "profile     default\n\
             config file {}\n\
             base URL    {}\n\
             client ID   123\n\
             page        none is set: messages must name theirs\n\
             token       …{} (LEXBOT_TOKEN)\n\
             round trip  [..] ms\n\
             result      ok: Lexer is reachable and accepts the token (it answered 500, as expected)\n",
            home.config_path().display(),
            server.url(),
            &TOKEN[28..],
        ))
        .run();
    server.received([super::request()]);
}

#[test]
fn uses_the_settings_of_the_profile() {
    let server = Server::answering([good()]);
    let body = BODY.replacen('{', r#"{"account_id":"77","#, 1);
    check()
        .args(["-p", "acme"])
        .config(&format!(
            "[profiles.acme]\ntoken = '{TOKEN}'\nclient_id = 7\naccount_id = 77\nbase_url = '{}'\n",
            server.url()
        ))
        .stdout_like(
            "profile     acme\n...\npage        77 (not tested)\n\
             token       …[..] (token in the profile)\n...\nresult      ok: [..]\n",
        )
        .run();
    server.received([Request::post("/7/bots/objects/claim").json(&body)]);
}

#[test]
fn json_always_has_the_same_keys() {
    let home = Home::new();
    let known = |server: &Server| {
        json!({
            "profile": "default",
            "config_file": home.config_path(),
            "base_url": server.url(),
            "client_id": 123,
            "token": format!("…{}", &TOKEN[28..]),
            "token_origin": "LEXBOT_TOKEN",
            "attempts": 1,
        })
    };
    for (reply, code, expected) in [
        (
            good(),
            0,
            json!({"ok": true, "outcome": "accepted", "status": 500, "body": {"error": "object_id is missing"}}),
        ),
        (
            Reply::status(401, "Unauthorized").body("who?"),
            4,
            json!({"outcome": "unauthorized", "status": 401, "body": "who?", "error": "who?"}),
        ),
        (
            Reply::status(503, "Down").json(r#"{"error":"down"}"#),
            5,
            json!({
                "outcome": "unavailable", "status": 503, "body": {"error": "down"}, "error": "down", "retryable": true
            }),
        ),
        (
            Reply::created(),
            1,
            json!({
                "outcome": "rejected", "status": 201, "body": {"status": "ok"}, "error": r#"{"status":"ok"}"#
            }),
        ),
    ] {
        let server = Server::answering([reply]);
        let output = check()
            .args(["--json"])
            .home(&home)
            .server(&server)
            .stdout_like("{[..]}\n")
            .stderr_like("...")
            .code(code)
            .run();
        let expected = with(with(nothing_known(), known(&server)), expected);
        assert_eq!(timeless(&output), expected);
        server.received([super::request()]);
    }
}

#[test]
fn quiet_hides_only_a_good_result_in_text() {
    answered(check().args(["-q"]), good());
    answered(
        check()
            .args(["--quiet"])
            .stdout_like("...\nresult      401 Unauthorized (empty response)\n")
            .stderr_like("hint: [..]\n[..]\n")
            .code(4),
        Reply::status(401, "Unauthorized"),
    );
    let json = check().args(["--json", "-q"]).stdout_like("{[..]}\n");
    assert_eq!(object(&answered(json, good()))["ok"], true);
}

#[test]
fn verbose_shows_the_exchange_without_the_token() {
    let server = Server::answering([good()]);
    check()
        .args(["-v"])
        .server(&server)
        .stdout_like("profile [..]\n...\nresult      ok: [..]\n")
        .stderr_like(format!(
            "> POST {}/123/bots/objects/claim\n\
             > content-type: application/json\n\
             > auth-api-token: (redacted)\n\
             > user-agent: lexbot/[..]\n\
             > {BODY}\n\
             < 500\n\
             < content-type: application/json\n\
             < content-length: 32\n\
             < {{\"error\":\"object_id is missing\"}}\n\
             * [..] ms\n",
            server.url()
        ))
        .run();
    server.received([super::request()]);
}

#[test]
fn control_characters_from_the_server_are_escaped() {
    let reply = Reply::status(400, "Bad").json("{\"error\":\"\\u001b[31mred \u{202e}desrever\"}");
    answered(
        check()
            .stdout_like("...\nresult      400 \\u{1b}[31mred \\u{202e}desrever\n")
            .stderr_like("hint: [..]\n")
            .code(1),
        reply,
    );
}

#[test]
fn color_option_decides_whether_the_hint_is_coloured() {
    for (when, label) in [
        ("always", "\u{1b}[1m\u{1b}[36mhint:\u{1b}[0m"),
        ("auto", "hint:"),
        ("never", "hint:"),
    ] {
        answered(
            check()
                .args(["--color", when])
                .stdout_like("...\nresult      400 who?\n")
                .stderr_like(format!("{label} [..]\n"))
                .code(1),
            Reply::status(400, "Bad").json(r#"{"error":"who?"}"#),
        );
    }
}
