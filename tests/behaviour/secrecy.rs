//! The token is only in the request: not in what is printed, not in a file that is left behind, not in the arguments
//! of a process; not even if a server sends it back.
//!
//! The harness fails every run that prints eight characters of it in a row; this looks for them in files, too, after every
//! command with every option that changes what is written, with the token from each of its sources.

mod reflected;

use std::fs;
use std::path::Path;

use crate::example::{FLAGS, line};
use crate::support::{
    Authority, Home, Reply, Run, Running, Server, TOKEN, TlsServer, lexbot, refused_port,
};

/// Where a run gets the token from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Variable,
    File,
    Command,
}

const ORIGINS: [Origin; 3] = [Origin::Variable, Origin::File, Origin::Command];

/// `text` with each character as a JSON escape.
pub(crate) fn escaped(text: &str) -> String {
    let escapes = text
        .chars()
        .map(|character| format!("\\u{:04x}", u32::from(character)));
    escapes.collect::<Vec<_>>().concat()
}

/// A home whose runs have the token from `origin`, and the client ID from the file.
fn home_with_token(origin: Origin) -> Home {
    let home = Home::new();
    home.write("keys/lexer", TOKEN);
    let setting = match origin {
        Origin::Variable => String::new(),
        Origin::File => format!("token = '{TOKEN}'\n"),
        Origin::Command if cfg!(windows) => "token_command = 'type keys\\lexer'\n".to_owned(),
        Origin::Command => "token_command = 'cat keys/lexer'\n".to_owned(),
    };
    // Fast, and with a state file all the same.
    home.write_config(&format!(
        "[profiles.default]\nclient_id = 123\nrate = 1000\n{setting}"
    ));
    home
}

/// A run of `command` in `home`, with the token from `origin`, that may end with any code. `M` is a message in flags.
fn run_in(home: &Home, origin: Origin, command: &str, url: &str) -> Run {
    let command = command.replace('M', &FLAGS.join(" "));
    let run = lexbot(command.split(' '))
        .home(home)
        .env("LEXBOT_BASE_URL", url)
        .stdin(format!("{}\nno message\n", line("m_1")))
        .any_output()
        .any_code();
    match origin {
        Origin::Variable => run.env("LEXBOT_TOKEN", TOKEN),
        Origin::File | Origin::Command => run,
    }
}

/// Every file below `directory` that has a part of the token, except for those of the test.
fn files_with_token(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with_token(&path));
        } else {
            let name = path.to_string_lossy().into_owned();
            let content = fs::read(&path).unwrap_or_default();
            if has_token(&content) || has_token(name.as_bytes()) {
                found.push(name);
            }
        }
    }
    let of_the_test = ["keys/lexer", "config.toml"];
    found.retain(|name| !of_the_test.iter().any(|end| Path::new(name).ends_with(end)));
    found
}

/// Whether `bytes` have eight consecutive characters of the token.
fn has_token(bytes: &[u8]) -> bool {
    let mut parts = TOKEN.as_bytes().windows(8);
    parts.any(|part| bytes.windows(part.len()).any(|window| window == part))
}

/// Responses with the token in every part.
fn reflecting() -> Vec<Reply> {
    let escaped = escaped(TOKEN);
    vec![
        Reply::created().json(&format!(r#"{{"status":"{TOKEN}"}}"#)),
        Reply::status(400, TOKEN).body(TOKEN),
        Reply::status(401, "No").json(&format!(
            r#"{{"error":"bad token {TOKEN}","{TOKEN}":["{TOKEN}"]}}"#
        )),
        Reply::status(500, "Oops").json(&format!(r#"{{"error":"bad token {escaped}"}}"#)),
        Reply::status(500, "Oops").html(&format!("<html><title>{TOKEN}</title><p>{TOKEN}</html>")),
        Reply::status(503, "Down")
            .header("retry-after", TOKEN)
            .header("x-token", TOKEN)
            .body(format!("{}{TOKEN}", "x".repeat(65_520))),
        Reply::status(307, "Away").header("location", &format!("/?token={TOKEN}")),
        Reply::raw(format!("HTTP/1.1 {TOKEN}\r\n\r\n")),
        Reply::raw(format!("{TOKEN}\r\n\r\n")),
        Reply::raw(format!("HTTP/1.1 400 Bad\r\n{TOKEN}\r\n\r\n")),
        Reply::raw(format!(
            "HTTP/1.1 400 Bad\r\ncontent-length: {TOKEN}\r\n\r\n"
        )),
        Reply::raw(format!(
            "HTTP/1.1 400 Bad\r\ncontent-length: 99\r\n\r\n{TOKEN}"
        )),
    ]
}

/// The commands that send something; `M` is a message in flags.
const SENDING: [&str; 11] = [
    "claim M --retries 0",
    "claim M --retries 0 -v",
    "claim M --retries 0 --json -v --color always",
    "echo M --retries 0 -q",
    "claim M --retries 0 --json --journal journal",
    "claim -i - --retries 0 -v -j 1",
    "echo -i - --retries 0 --json",
    "claim -i - --retries 0 --no-validate --rate 0",
    "check --retries 0",
    "check --retries 0 --json",
    "check --retries 0 -v",
];

/// The commands that only look at the settings, or not even at them.
const OTHERS: [&str; 16] = [
    "claim M --dry-run",
    "claim M --dry-run --json -v",
    "claim M --curl",
    "claim --curl -i -",
    "echo --dry-run -i - --no-validate",
    "config show",
    "config show --json",
    "config path",
    "completions bash",
    "--help",
    "claim --help",
    "claim",
    "claim --object-id",
    "check --config keys/lexer",
    "check --profile other",
    "check --base-url http://lexer.example",
];

/// Runs these commands at a server that gives `reply`, and asserts that no file has the token.
#[track_caller]
fn assert_secret(origin: Origin, commands: &[&str], reply: &Reply) {
    let home = home_with_token(origin);
    let server = Server::always(reply.clone());
    for command in commands {
        run_in(&home, origin, command, &server.url()).run();
    }
    server.ignore_requests();
    let found = files_with_token(home.path());
    assert_eq!(found, [""; 0], "{origin:?} {reply:?}");
}

#[test]
fn the_token_stays_secret_whatever_a_server_sends() {
    // Its origin makes no difference to a response: that is for the next test.
    for reply in reflecting() {
        assert_secret(Origin::Command, &SENDING, &reply);
    }
}

#[test]
fn the_token_stays_secret_wherever_it_comes_from() {
    let reply = Reply::status(500, "Oops").json(&format!(r#"{{"error":"{TOKEN}"}}"#));
    for origin in ORIGINS {
        assert_secret(origin, &SENDING, &reply);
        assert_secret(origin, &OTHERS, &Reply::close());
    }
}

#[test]
fn the_token_stays_secret_whatever_the_network_does() {
    let home = home_with_token(Origin::File);
    let authority = Authority::new("ours");
    let certificate = authority.certify("elsewhere.example");
    let tls = TlsServer::start(certificate, Server::answering([]));
    tls.ignore_requests();
    let refused = refused_port();
    let no_address = format!("https://{}.example", "lexer".repeat(13));
    for url in [refused.url(), tls.url(), no_address] {
        for command in SENDING {
            run_in(&home, Origin::File, command, &url)
                .env("SSL_CERT_FILE", authority.path())
                .run();
        }
    }
    assert_eq!(files_with_token(home.path()), [""; 0]);
}

/// A claim that waits for its response, with the token from a command, in this home.
fn waiting(home: &Home) -> (Server, Running) {
    let server = Server::always(Reply::silence());
    let run = lexbot(["claim", "--journal", "journal"])
        .args(FLAGS)
        .home(home)
        .env("LEXBOT_BASE_URL", server.url())
        .spawn();
    server.wait_for(1);
    server.ignore_requests();
    (server, run)
}

#[test]
fn a_killed_run_leaves_no_token_behind() {
    let home = home_with_token(Origin::Command);
    let (_server, run) = waiting(&home);
    run.kill();
    assert_eq!(files_with_token(home.path()), [""; 0]);
}

#[test]
fn set_token_stores_the_token_only_in_the_file() {
    let home = Home::new();
    for options in ["--client-id 1", "-p acme --base-url https://lexer.example"] {
        lexbot(["config", "set-token"])
            .args(options.split(' '))
            .home(&home)
            .stdin(format!("{TOKEN}\nsecond line\n"))
            .any_output()
            .run();
    }
    assert_eq!(files_with_token(home.path()), [""; 0]);
    let config = home.read(home.config_path());
    assert_eq!(config.matches(TOKEN).count(), 2, "{config}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_token_is_in_no_process_s_arguments() {
    let home = home_with_token(Origin::Command);
    let (_server, run) = waiting(&home);
    let mine = home.path().as_os_str().as_encoded_bytes();
    let mut seen = 0;
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(arguments) = std::fs::read(entry.path().join("cmdline")) else {
            continue;
        };
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        if environment.windows(mine.len()).any(|part| part == mine) {
            seen += 1;
            assert!(!has_token(&arguments));
        }
    }
    assert!(seen > 0, "the run itself");
    run.kill();
}
