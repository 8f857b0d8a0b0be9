//! `--curl`: what it prints does, in a shell, what lexbot would have done; and nobody sees the token.

mod hostile;

use crate::example::{CLAIM, ECHO, FLAGS};
use crate::support::{
    CLIENT_ID, Home, Reply, Request, Run, Server, TOKEN, lexbot, program, requires,
};

/// The shells that what is printed must run in.
const SHELLS: [&str; 3] = ["bash", "zsh", "sh"];

/// What `run` prints with `--curl` for a server at `url`, in a run that has no token.
#[track_caller]
fn printed(run: Run, url: &str) -> String {
    run.args(["--curl"])
        .env("LEXBOT_BASE_URL", url)
        .env("LEXBOT_CLIENT_ID", CLIENT_ID)
        .no_env("LEXBOT_TOKEN")
        .stdout_like("...")
        .run()
        .stdout
}

/// A run of `script` as a user would paste it, with the token in the variable.
fn pasted(shell: &str, script: &str) -> Run {
    program(shell, ["-c", script]).env("LEXBOT_TOKEN", TOKEN)
}

/// Asserts that lexbot itself, and each shell that runs what `run` prints, send the same request. `path` stands
/// between the server's name and the endpoint.
#[track_caller]
fn assert_same(run: impl Fn() -> Run, path: &str) -> Vec<Request> {
    let server = Server::always(Reply::created());
    let url = format!("{}{path}", server.url());
    run().base_url(&url).args(["-q"]).stderr_like("...").run();
    let count = server.requests().len();
    let script = printed(run(), &url);
    for shell in SHELLS.into_iter().filter(|shell| requires(shell)) {
        pasted(shell, &script)
            .stdout(r#"{"status":"ok"}"#.repeat(count))
            .run();
    }
    let mut requests = server.requests();
    let rest = requests.split_off(count);
    for (number, curl) in rest.iter().enumerate() {
        let lexbot = &requests[number % count];
        assert_eq!(curl.method, lexbot.method);
        assert_eq!(curl.path, lexbot.path);
        for header in ["auth-api-token", "content-type", "user-agent"] {
            assert_eq!(curl.value_of(header), lexbot.value_of(header), "{header}");
            assert!(curl.value_of(header).is_some(), "{header}");
        }
        assert_same_json(curl, lexbot);
    }
    assert!(!rest.is_empty());
    requests
}

/// Characters that a terminal would obey are escapes in what is printed, so the bytes may differ there.
#[track_caller]
fn assert_same_json(one: &Request, other: &Request) {
    let value = |request: &Request| -> serde_json::Value {
        serde_json::from_slice(&request.body).expect("a body of JSON")
    };
    assert_eq!(value(one), value(other));
    if other.text().chars().all(|c| matches!(c, ' '..='~')) {
        assert_eq!(one.text(), other.text());
    }
}

#[test]
fn the_command_is_one_line_without_the_token() {
    lexbot(["claim", "--curl"])
        .args(FLAGS)
        .base_url("https://lexer.example/api/")
        .stdout(format!(
            "printf 'auth-api-token: %s\\n' \"$LEXBOT_TOKEN\" | curl --disable --silent --show-error --globoff --path-as-is --header @- \
             --header 'content-type: application/json' --user-agent 'lexbot/{}' \
             --data-raw '{}' 'https://lexer.example/api{CLAIM}'\n",
            env!("CARGO_PKG_VERSION"),
            crate::example::body("m_1"),
        ))
        .run();
}

#[test]
fn a_claim_and_an_echo_are_the_same_request() {
    if !requires("curl") {
        return;
    }
    for (command, path) in [("claim", CLAIM), ("echo", ECHO)] {
        let requests = assert_same(|| lexbot([command]).args(FLAGS), "");
        assert_eq!(requests[0].method, "POST");
        assert_eq!(requests[0].path, path);
        assert_eq!(requests[0].value_of("auth-api-token"), Some(TOKEN));
    }
}

#[test]
fn each_message_of_the_input_is_a_command() {
    if !requires("curl") {
        return;
    }
    let lines = [crate::example::line("m_1"), crate::example::line("m_2")].join("\n");
    let run = || lexbot(["claim", "-i", "-", "-j", "1"]).stdin(lines.clone());
    let requests = assert_same(run, "");
    assert_eq!(requests.len(), 2);
}

#[test]
fn nothing_is_sent_and_no_token_is_needed() {
    let server = Server::answering([]);
    let script = printed(lexbot(["claim"]).args(FLAGS), &server.url());
    assert!(script.starts_with("printf "), "{script}");
    server.received([]);
    assert_eq!(server.connections(), 0);
}

#[test]
fn without_a_client_id_there_is_no_url() {
    lexbot(["claim", "--curl"])
        .args(FLAGS)
        .stderr_like("error: no client ID: [..]\nhint: [..]\n...")
        .code(3)
        .run();
}

#[test]
fn a_message_that_can_t_be_sent_is_told_and_the_rest_printed() {
    let output = lexbot(["claim", "--curl", "-i", "-"])
        .base_url("https://lexer.example")
        .stdin(format!("{{}}\n{}\n", crate::example::line("m_2")))
        .stdout_like("printf [..]\"object_id\":\"m_2\"[..]\n")
        .stderr_like("--- line 1: [..]\n...")
        .code(2)
        .run();
    assert_eq!(output.stdout.lines().count(), 1);
}

/// A home with a `curl` that notes its arguments and then does what the real one does.
fn with_noting_curl() -> (Home, String) {
    let home = Home::new();
    let path = std::env::var("PATH").unwrap_or_default();
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >>'{0}/arguments'\nPATH='{path}' exec curl \"$@\"\n",
        home.path().display()
    );
    let curl = home.write("bin/curl", script);
    home.set_mode(curl, 0o755);
    let path = format!("{}/bin:{path}", home.path().display());
    (home, path)
}

#[test]
fn the_token_is_not_among_curl_s_arguments() {
    if !requires("curl") {
        return;
    }
    for shell in SHELLS.into_iter().filter(|shell| requires(shell)) {
        let server = Server::answering([Reply::created()]);
        let script = printed(lexbot(["claim"]).args(FLAGS), &server.url());
        let (home, path) = with_noting_curl();
        pasted(shell, &script)
            .home(&home)
            .env("PATH", path)
            .stdout(r#"{"status":"ok"}"#)
            .run();
        let arguments = home.read("arguments");
        assert!(arguments.contains("--header\n@-\n"), "{arguments}");
        assert!(!arguments.contains(&TOKEN[..8]), "{arguments}");
        let requests = server.requests();
        assert_eq!(requests[0].value_of("auth-api-token"), Some(TOKEN));
    }
}

#[test]
fn a_token_is_sent_as_it_is_whatever_is_in_it() {
    if !requires("curl") {
        return;
    }
    for token in [
        r#"a\n%s%d"b'c$(id)`id`;&|<>{}[]*?!~#"#,
        r"-n \\x\0",
        "@/etc/passwd",
    ] {
        for shell in ["bash", "zsh"].into_iter().filter(|shell| requires(shell)) {
            let server = Server::answering([Reply::created()]);
            let script = printed(lexbot(["claim"]).args(FLAGS), &server.url());
            pasted(shell, &script)
                .env("LEXBOT_TOKEN", token)
                .stdout(r#"{"status":"ok"}"#)
                .run();
            assert_eq!(server.requests()[0].value_of("auth-api-token"), Some(token));
        }
    }
}
