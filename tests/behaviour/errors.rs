//! What is printed and sent, in lists to read as an editor: `errors.txt` has errors, warnings and hints, each with what
//! leads to it, `config.txt` the commands that show and change the configuration file, `messages.txt` what is sent
//! of a message and how that is shown, `webhooks.txt` webhooks and the journal, and `sandbox.txt` the sandbox.
//!
//! `LEXBOT_BLESS=1 cargo test errors` writes what is printed into the lists.

mod servers;

use std::path::Path;
use std::thread;

use crate::support::{Home, Reply, Server, TOKEN, program, requires};
use servers::{LOST, Servers};

/// How many situations are tried at the same time.
const THREADS: usize = 4;

/// What every command may use. `claim` claims a message in one attempt, `write` writes the configuration file.
const PRELUDE: &str = r#"
exec 2>&1
lexbot() { "$LEXBOT" "$@"; }
claim() { lexbot claim --retries 0 --object-id m_1 --published-at 1458692752478 "$@"; }
write() { (umask 077; cat > config.toml); }
"#;

/// Prints webhooks of page 42: a payload with these events, a customer's message, what the bot's app 5 sent, and a read
/// report; and a message body. `claims` is a claim of one message after the other.
const WEBHOOKS: &str = r#"
payload() { echo '{"object":"page","entry":[{"id":"42","messaging":['"$1"']}]}'; }
event() { echo '{"sender":{"id":"'$1'"},"recipient":{"id":"'$2'"},"timestamp":1458692752478,'"$3}"; }
message() { event "${2-7}" 42 '"message":{"mid":"'$1'"}'; }
reply() { event 42 7 '"message":{"mid":"'$1'","is_echo":true,"app_id":'${2-5}'}'; }
read_report() { event 7 42 '"read":{}'; }
body() { echo '{"object_id":"'$1'","published_at":1458692752478,"account_id":"77"}'; }
claims() { lexbot claim -j 1 --rate 0 --input - "$@"; }
"#;

#[test]
fn errors_say_what_is_wrong_and_what_to_do() {
    if requires("flock") {
        assert_printed("errors.txt", include_str!("errors.txt"), "");
    }
}

#[test]
fn config_commands_say_what_they_did() {
    let bare = "unset LEXBOT_BASE_URL LEXBOT_TOKEN LEXBOT_CLIENT_ID LEXBOT_ACCOUNT_ID\n";
    assert_printed("config.txt", include_str!("config.txt"), bare);
}

#[test]
fn messages_are_sent_and_shown_in_many_ways() {
    assert_printed("messages.txt", include_str!("messages.txt"), "");
}

#[test]
fn webhooks_and_journals_decide_what_is_sent() {
    assert_printed("webhooks.txt", include_str!("webhooks.txt"), WEBHOOKS);
}

#[cfg(feature = "sandbox")]
#[test]
fn the_sandbox_serves_commands() {
    assert_printed("sandbox.txt", include_str!("sandbox.txt"), "");
}

/// Asserts that each command of `list`, after `setup`, prints what follows it; or writes that into the `file`.
#[track_caller]
fn assert_printed(file: &str, list: &str, setup: &str) {
    let servers = Servers::start(list);
    let situations = situations(list);
    let mut printed = vec![String::new(); situations.len()];
    let share = situations.len().div_ceil(THREADS);
    thread::scope(|scope| {
        for (situations, printed) in situations.chunks(share).zip(printed.chunks_mut(share)) {
            let servers = &servers;
            scope.spawn(move || {
                for (situation, printed) in situations.iter().zip(printed) {
                    *printed = try_out(situation, servers, setup);
                }
            });
        }
    });
    if std::env::var_os("LEXBOT_BLESS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/behaviour")
            .join(file);
        let list = printed.join("\n\n") + "\n";
        return std::fs::write(path, list).expect("the list can be written");
    }
    let differences: Vec<_> = situations
        .iter()
        .zip(&printed)
        .filter(|(expected, printed)| expected != printed)
        .map(|(expected, printed)| format!("expected:\n{expected}\nprinted:\n{printed}\n"))
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The `situation` with what its command prints now, and its exit code if that isn't 0.
fn try_out(situation: &str, servers: &Servers, setup: &str) -> String {
    let mut lines = situation.lines().peekable();
    let mut head = Vec::new();
    while let Some(line) = lines.next_if(|line| line.starts_with(['#', '$'])) {
        head.push(line);
    }
    let command = head.iter().filter_map(|line| line.strip_prefix('$'));
    let command = servers.replace_names(command.collect::<Vec<_>>().join("\n"));
    if command.is_empty() {
        return situation.to_owned();
    }
    let home = Home::new();
    let script =
        format!("{PRELUDE}{setup}{command}\ncode=$?; [ $code = 0 ] || echo \"exit $code\"");
    let server = Server::always(Reply::created());
    let output = program("sh", ["-c", &script])
        .home(&home)
        .server(&server)
        .env("LEXBOT", env!("CARGO_BIN_EXE_lexbot"))
        .env("LEXBOT_CONFIG", "config.toml")
        .env("LEXBOT_ACCOUNT_ID", "77")
        .stdout_like("...")
        .run();
    let mut printed = masked(output.stdout.trim_end(), &home);
    for request in server.requests() {
        let token = request.value_of("auth-api-token");
        let note = if token == Some(TOKEN) {
            ""
        } else {
            " with another token"
        };
        printed.extend(["\nsent", note, " ", &request.path, " ", request.text()]);
    }
    let printed = printed.trim_start_matches('\n');
    format!("{}\n{printed}", head.join("\n"))
}

/// The paragraphs of the list. In one, an empty line is followed by another line of output.
fn situations(list: &str) -> Vec<String> {
    let mut situations: Vec<String> = Vec::new();
    for part in list.trim_end().split("\n\n") {
        match situations.last_mut() {
            Some(previous) if !part.starts_with(['#', '$']) => {
                previous.push_str("\n\n");
                previous.push_str(part);
            }
            _ => situations.push(part.to_owned()),
        }
    }
    situations
}

/// `text` without what differs from run to run.
fn masked(text: &str, home: &Home) -> String {
    let mut text = text
        .replace(&*home.path().to_string_lossy(), "HOME")
        .replace(&LOST.repeat(13), "lost")
        .replace(
            concat!("lexbot/", env!("CARGO_PKG_VERSION")),
            "lexbot/VERSION",
        );
    for (before, punctuation) in [
        ("127.0.0.1:", ""),
        ("lexbot-sandbox-", ""),
        ("\"at\":\"", "-:."),
    ] {
        let varies = |c: char| c.is_ascii_alphanumeric() || punctuation.contains(c);
        let mut parts = text.split(before);
        let start = parts.next().unwrap_or_default().to_owned();
        text = parts.fold(start, |text, part| {
            format!("{text}{before}…{}", part.trim_start_matches(varies))
        });
    }
    text.lines()
        .filter(|line| {
            // The summary of a batch has a time in it.
            !(line.starts_with(|start: char| start.is_ascii_digit()) && line.contains(" accepted"))
        })
        .map(|line| match line.split_once(" 429: ") {
            Some((_, rest)) => format!("TIME 429: {rest}"),
            None if line.starts_with("round trip") => "round trip  … ms".to_owned(),
            None if line.starts_with("* ") && line.ends_with(" ms") => "* … ms".to_owned(),
            None => match line.split_once("\"elapsed_ms\":") {
                Some((rest, _)) => format!("{rest}\"elapsed_ms\":…}}"),
                None => line.to_owned(),
            },
        })
        .collect::<Vec<_>>()
        .join("\n")
}
