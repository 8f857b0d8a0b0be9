//! `token_command`: how often it is run, and what signals do to it. `errors.txt` has what is reported when it fails.

#[cfg(unix)]
mod on_unix;

use crate::example::{claim_of, line};
use crate::support::{Home, Reply, Run, Server, TOKEN, lexbot};

/// A run whose profile has this `token_command`, for `server`.
pub(crate) fn with_command(run: Run, command: &str, server: &Server) -> Run {
    // A JSON string is also a TOML string.
    let command = serde_json::Value::from(command);
    run.config(&format!(
        "[profiles.default]\nclient_id = 123\ntoken_command = {command}\n"
    ))
    .env("LEXBOT_BASE_URL", server.url())
}

/// A command that prints the token and counts its runs in the file `runs`.
fn counting() -> String {
    let next = if cfg!(windows) { "&" } else { ";" };
    format!("echo run >>runs{next} echo {TOKEN}{next} echo login: ana")
}

/// How often [`counting`] was run.
fn runs(home: &Home) -> usize {
    if home.path().join("runs").exists() {
        home.read("runs").lines().count()
    } else {
        0
    }
}

#[test]
fn it_runs_once_for_all_messages_and_attempts() {
    let home = Home::new();
    let server = Server::answering([
        Reply::status(503, "Down").header("retry-after", "0"),
        Reply::created(),
        Reply::created(),
        Reply::created(),
    ]);
    let run = lexbot(["claim", "-i", "-", "-j", "1", "-q"]);
    with_command(run, &counting(), &server)
        .home(&home)
        .stdin([line("m_1"), line("m_2"), line("m_3")].join("\n"))
        .run();
    // The others don't wait for the second attempt.
    server.received_in_any_order(["m_1", "m_1", "m_2", "m_3"].map(claim_of));
    assert_eq!(runs(&home), 1);
}
