//! `lexbot relay`: one stream of webhooks, claimed and echoed.

use super::{echo, message, payload};
use crate::support::{Run, Server, lexbot};

/// Relays the webhooks on stdin, one at a time and without a rate limit.
fn relay(args: &[&str]) -> Run {
    lexbot(["relay", "-i", "-", "-j", "1", "--rate", "0"]).args(args)
}

/// The same for a bot whose app is the one of [`echo`].
pub(super) fn relay_of_app_5(args: &[&str]) -> Run {
    relay(args).args(["--app-id", "5"])
}

#[test]
fn echo_stops_at_the_first_echo_of_an_unknown_app() {
    let server = Server::answering([]);
    let input = format!(
        "{}\n{}\n",
        payload(&[&message("m_1"), &echo("m_2")]),
        payload(&[&echo("m_4")])
    );
    let run = |args: &[&str]| {
        lexbot(["echo", "-i", "-", "--rate", "0", "-j", "1"])
            .args(args)
            .stdin(input.as_str())
            .server(&server)
            .code(3)
    };
    let error = "error: app 5 sent this echo, and the bot's own app isn't known\n\
        hint: if that is your bot (App ID in Meta's App Dashboard), set app_id = \"5\" in the profile, or give --app-id 5;\n      \
        if not, set your bot's: this app may be Lexer's, through which agents answer\n";
    let not_sent = "--- m_2 not sent: the bot's own app isn't known\n";
    run(&[])
        .stdout_like(format!("{not_sent}..."))
        .stderr_like(format!("stopped: [..] in [..] s[..]\n{error}"))
        .run();
    run(&["--dry-run"]).stderr_like(error).run();
    server.received([]);
}
