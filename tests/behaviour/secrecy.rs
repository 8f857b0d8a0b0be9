//! The token is only in the request: not in what is printed, not in a file that is left behind, not in the arguments
//! of a process; not even if a server sends it back.
//!
//! The harness fails every run that prints eight characters of it in a row; this looks for them in files too.

mod everywhere;
mod reflected;

use std::fs;
use std::path::Path;

use crate::example::{FLAGS, line};
use crate::support::{Home, Reply, Run, TOKEN};

/// Where a run gets the token from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Variable,
    File,
    Command,
}

const ORIGINS: [Origin; 3] = [Origin::Variable, Origin::File, Origin::Command];

/// A home whose runs have the token from `origin`, and the client ID from the file.
fn home_with_token(origin: Origin) -> Home {
    let home = Home::new();
    home.write("keys/lexer", TOKEN);
    let setting = match origin {
        Origin::Variable => String::new(),
        Origin::File => format!("token = '{TOKEN}'\n"),
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
    let run = crate::support::program("sh", ["-c", r#""$0" "$@"; exit 0"#])
        .args([env!("CARGO_BIN_EXE_lexbot")])
        .args(command.split(' '))
        .home(home)
        .env("LEXBOT_BASE_URL", url)
        .stdin(format!("{}\nno message\n", line("m_1")))
        .any_output();
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
    found.retain(|name| !name.ends_with("keys/lexer") && !name.ends_with("/config.toml"));
    found
}

/// Whether `bytes` have eight consecutive characters of the token.
fn has_token(bytes: &[u8]) -> bool {
    let mut parts = TOKEN.as_bytes().windows(8);
    parts.any(|part| bytes.windows(part.len()).any(|window| window == part))
}

/// Responses with the token in every part.
fn reflecting() -> Vec<Reply> {
    let escaped = reflected::escaped(TOKEN);
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
