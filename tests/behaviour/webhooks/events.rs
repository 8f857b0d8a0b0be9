//! Which event is sent: the page's or another's, the bot's or a person's.

use super::{claim_of, echo_of, event, payload};
use crate::batch::summary;
use crate::support::{Reply, Run, Server, lexbot};
use crate::table::rows;

/// A command, the list of a payload that holds an event, its sender, its recipient, its message, and the result.
const EVENTS: &str = r#"
claim | messaging | "7"  | "42" | "mid":"m_1"                              | sent
claim | messaging | 7    | 42   | "mid":"m_1"                              | sent
claim | messaging | "42" | "7"  | "mid":"m_1"                              | m_1 skipped: its recipient is not the page
claim | messaging | "42" | "42" | "mid":"m_1"                              | m_1 skipped: its sender is the page itself
echo --app-id any | messaging | "7"  | "42" | "mid":"m_1","is_echo":true               | m_1 skipped: its sender is not the page

claim --account-id 99 --published-at now | messaging | "7" | "42" | "mid":"m_1" | sent
claim --account-id 42 | messaging | "7"  | null | "mid":"m_1"              | m_1 skipped: its recipient is not the page

claim           | standby | "7"  | "42" | "mid":"m_1"                      | line 1: skipped: in standby: another app has the conversation
claim --standby | standby | "7"  | "42" | "mid":"m_1"                      | sent
echo --standby --app-id any | standby | "42" | "7"  | "mid":"m_1","is_echo":true,"app_id":5 | sent

echo --app-id any | messaging | "42" | "7" | "mid":"m_1","is_echo":true      | sent
echo --app-id any | messaging | "42" | "7" | "mid":"m_1","is_echo":true,"app_id":5 | sent
echo --app-id any | messaging | "42" | "7" | "mid":"m_1","is_echo":true,"app_id":"6" | sent
echo --app-id 5 | messaging | "42" | "7" | "mid":"m_1","is_echo":true,"app_id":5   | sent
echo --app-id 5 | messaging | "42" | "7" | "mid":"m_1","is_echo":true,"app_id":"5" | sent
echo --app-id 5 | messaging | "42" | "7" | "mid":"m_1","is_echo":true,"app_id":"6" | line 1: skipped: the app 6 sent it
echo --app-id 5 | messaging | "42" | "7" | "mid":"m_1","is_echo":true      | line 1: skipped: it doesn't say which app sent it

echo | messaging | "42" | "7" | "mid":"m_1","is_echo":true,"app_id":263902037430900 | line 1: skipped: a person sent it in Meta's Page Inbox
echo | messaging | "42" | "7" | "mid":"m_1","is_echo":true,"app_id":"263902037430900" | line 1: skipped: a person sent it in Meta's Page Inbox
echo --app-id 263902037430900 | messaging | "42" | "7" | "mid":"m_1","is_echo":true,"app_id":263902037430900 | line 1: skipped: a person sent it in Meta's Page Inbox
echo --app-id any | messaging | "42" | "7" | "mid":"m_1","is_echo":true,"app_id":"263902037430900" | line 1: skipped: a person sent it in Meta's Page Inbox
echo | messaging | "42" | "7" | "mid":"m_1","is_echo":true,"is_deleted":true | line 1: skipped: a notice that an earlier message was unsent
"#;

/// The same for `echo` with this `app_id` in the profile.
const PROFILE: &str = r#"
5   |            | 5   | sent
5   |            | "6" | line 1: skipped: the app 6 sent it
5   | --app-id 6 | "6" | sent
"5" |            | 5   | sent
"5" |            | "6" | line 1: skipped: the app 6 sent it
"5" | --app-id 6 | "6" | sent
"#;

/// Asserts that `run`, whose input has one event, sends `m_1` of page 42, or prints why it is skipped.
#[track_caller]
fn assert_result(run: Run, action: &str, expected: &str) {
    let is_sent = expected == "sent";
    let server = Server::answering(is_sent.then(Reply::created));
    let (printed, counts) = match (is_sent, action) {
        (true, "claim") => ("201 m_1 claimed\n".to_owned(), "1 accepted"),
        (true, _) => ("201 m_1 echoed\n".to_owned(), "1 accepted"),
        (false, _) => (format!("--- {expected}\n"), "0 accepted, 1 skipped"),
    };
    // A message that is sent is shown with its exchange, too.
    run.args(if is_sent { &[][..] } else { &["-v"] })
        .server(&server)
        .stdout(printed)
        .stderr_like(summary(counts))
        .run();
    let request = if action == "claim" { claim_of } else { echo_of };
    server.received(is_sent.then(|| request("m_1")));
}

#[test]
fn only_messages_of_the_page_and_the_bot_are_sent() {
    for [command, list, sender, recipient, content, expected] in rows(EVENTS) {
        let event = event(sender, recipient, &format!(r#""message":{{{content}}}"#));
        let payload = payload(&[&event]).replace("messaging", list);
        let run = lexbot(command.split(' '))
            .args(["-i", "-", "--rate", "0"])
            .stdin(payload);
        assert_result(run, command.split(' ').next().unwrap(), expected);
    }
}

#[test]
fn the_profile_names_the_app_unless_a_flag_names_another() {
    for [id, flag, app, expected] in rows(PROFILE) {
        let content = format!(r#""message":{{"mid":"m_1","is_echo":true,"app_id":{app}}}"#);
        let run = lexbot(["echo", "-i", "-", "--rate", "0"])
            .args(flag.split_whitespace())
            .config(&format!("[profiles.default]\napp_id = {id}\n"))
            .stdin(payload(&[&event("\"42\"", "\"7\"", &content)]));
        assert_result(run, "echo", expected);
    }
}
