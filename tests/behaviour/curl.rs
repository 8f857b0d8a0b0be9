//! `--curl`: in a shell, the printed command sends the request that lexbot would have sent, and hides the token.

mod hostile;

use crate::example::{CLAIM, ECHO, FLAGS};
use crate::support::{
    CLIENT_ID, Home, Reply, Request, Run, Server, TOKEN, lexbot, program, requires,
};

/// The installed shells that the printed command must work in; none without curl.
fn shells() -> impl Iterator<Item = &'static str> {
    let wanted = ["bash", "zsh", "sh"].into_iter();
    wanted.filter(|shell| requires("curl") && requires(shell))
}

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

/// What the command prints after a message was accepted.
const CREATED: &str = "{\"status\":\"ok\"}\n201\n";

/// A run of `script` as a user would paste it.
fn pasted(shell: &str, script: &str) -> Run {
    program(shell, ["-c", script]).env("LEXBOT_TOKEN", TOKEN)
}

/// Asserts that lexbot itself, and each shell that runs what `run` prints, send the same requests; gives those of
/// lexbot. `path` stands between the server's name and the endpoint.
#[track_caller]
fn assert_same(run: impl Fn() -> Run, path: &str) -> Vec<Request> {
    let server = Server::always(Reply::created());
    let url = format!("{}{path}", server.url());
    run().base_url(&url).args(["-q"]).stderr_like("...").run();
    let count = server.requests().len();
    let script = printed(run(), &url);
    let mut runs = 1;
    for shell in shells() {
        pasted(shell, &script).stdout(CREATED.repeat(count)).run();
        runs += 1;
    }
    let mut requests = server.requests();
    assert_eq!(requests.len(), runs * count);
    let rest = requests.split_off(count);
    for (curl, lexbot) in rest.iter().zip(requests.iter().cycle()) {
        assert_eq!(curl.method, lexbot.method);
        assert_eq!(curl.path, lexbot.path);
        for header in ["auth-api-token", "content-type", "user-agent"] {
            assert_eq!(curl.value_of(header), lexbot.value_of(header), "{header}");
            assert!(curl.value_of(header).is_some(), "{header}");
        }
        assert_same_json(curl, lexbot);
    }
    requests
}

/// Control characters are escaped in what is printed, so the bytes may differ there.
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
fn the_command_sends_the_same_request() {
    for (command, path) in [("claim", CLAIM), ("echo", ECHO)] {
        let requests = assert_same(|| lexbot([command]).args(FLAGS), "");
        assert_eq!(requests[0].method, "POST");
        assert_eq!(requests[0].path, path);
        assert_eq!(requests[0].value_of("auth-api-token"), Some(TOKEN));
    }
}

#[test]
fn prints_a_command_for_each_message_of_the_input() {
    let lines = [crate::example::line("m_1"), crate::example::line("m_2")].join("\n");
    let run = || lexbot(["claim", "-i", "-", "-j", "1"]).stdin(lines.clone());
    let requests = assert_same(run, "");
    assert_eq!(requests.len(), 2);
}

#[test]
fn the_command_fails_if_lexer_refuses() {
    let refusal = r#"{"error":"Cannot find an integrated account: 77"}"#;
    for shell in shells() {
        let reply = Reply::status(400, "Bad Request").json(refusal);
        let server = Server::answering([reply]);
        let script = printed(lexbot(["claim"]).args(FLAGS), &server.url());
        pasted(shell, &script)
            .stdout(format!("{refusal}\n400\n"))
            .stderr("curl: (22) The requested URL returned error: 400\n")
            .code(22)
            .run();
        server.ignore_requests();
    }
}

#[test]
fn the_body_may_be_larger_than_an_argument() {
    let note = "x".repeat(300_000);
    let message = crate::example::line("m_1").replace('}', &format!(r#","note":"{note}"}}"#));
    for shell in shells() {
        let server = Server::answering([Reply::created()]);
        let script = printed(
            lexbot(["claim", "-i", "-"]).stdin(message.clone()),
            &server.url(),
        );
        // The script itself is too large for an argument, too.
        program(shell, [] as [&str; 0])
            .env("LEXBOT_TOKEN", TOKEN)
            .stdin(script)
            .stdout(CREATED)
            .run();
        assert!(
            server.requests()[0]
                .text()
                .ends_with(&format!(r#""note":"{note}"}}"#))
        );
    }
}

/// A home with a `curl` that records its arguments and then runs the real one, and the PATH to it.
fn with_recording_curl() -> (Home, String) {
    let home = Home::new();
    let directory = home.path().display();
    let path = std::env::var("PATH").unwrap_or_default();
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >>'{directory}/arguments'\nPATH='{path}' exec curl \"$@\"\n"
    );
    home.write("bin/curl", script);
    home.set_mode("bin/curl", 0o755);
    let path = format!("{directory}/bin:{path}");
    (home, path)
}

#[test]
fn the_token_is_not_among_the_arguments_of_curl() {
    for shell in shells() {
        let server = Server::answering([Reply::created()]);
        let script = printed(lexbot(["claim"]).args(FLAGS), &server.url());
        let (home, path) = with_recording_curl();
        pasted(shell, &script)
            .home(&home)
            .env("PATH", path)
            .stdout(CREATED)
            .run();
        let arguments = home.read("arguments");
        assert!(arguments.contains("--header\n@/dev/fd/3\n"), "{arguments}");
        assert!(!arguments.contains(&TOKEN[..8]), "{arguments}");
        let requests = server.requests();
        assert_eq!(requests[0].value_of("auth-api-token"), Some(TOKEN));
    }
}

#[test]
fn any_token_is_sent_unchanged() {
    for token in [
        r#"a\n%s%d"b'c$(id)`id`;&|<>{}[]*?!~#"#,
        r"-n \\x\0",
        "@/etc/passwd",
    ] {
        // The `printf` of a plain sh may treat backslashes differently.
        for shell in shells().filter(|shell| *shell != "sh") {
            let server = Server::answering([Reply::created()]);
            let script = printed(lexbot(["claim"]).args(FLAGS), &server.url());
            pasted(shell, &script)
                .env("LEXBOT_TOKEN", token)
                .stdout(CREATED)
                .run();
            assert_eq!(server.requests()[0].value_of("auth-api-token"), Some(token));
        }
    }
}
