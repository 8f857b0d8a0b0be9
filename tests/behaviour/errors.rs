//! What is printed and sent, in lists to read as an editor: `errors.txt` has errors, warnings and hints, each with what
//! leads to it, `config.txt` the commands that show and change the configuration file, `messages.txt` what is sent
//! of a message and how that is shown, `webhooks.txt` webhooks and the journal, and `sandbox.txt` the sandbox.
//!
//! `LEXBOT_BLESS=1 cargo test errors` writes what is printed into the lists.

use std::any::Any;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::thread;

use crate::secrecy::escaped;
use crate::support::{
    Authority, Front, Home, Reply, Server, TOKEN, TlsServer, program, refused_port, requires,
};

/// A label over 63 characters, as this one 13 times, is never looked up.
const LOST: &str = "lexer";

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
                    *printed = servers.try_out(situation, setup);
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

/// The servers that commands name in braces, such as `{404}`.
#[derive(Default)]
struct Servers {
    /// Each name and what it stands for.
    names: Vec<(String, String)>,
    /// What ends when it is dropped.
    held: Vec<Box<dyn Any + Send + Sync>>,
}

impl Servers {
    /// Starts those for `list`.
    fn start(list: &str) -> Self {
        let mut servers = Servers::default();
        let authority = Authority::new("ours");
        let host = "127.0.0.1";
        for (name, certificate) in [
            ("unknown", Authority::new("theirs").certify(host)),
            // The name of a trusted authority doesn't make another one trusted.
            ("namesake", Authority::new("ours").certify(host)),
            ("self-signed", Authority::self_signed(host, false).1),
            ("expired", authority.certify_for(host, 2000, 2001)),
            ("early", authority.certify_for(host, 3000, 4000)),
            ("elsewhere", authority.certify("elsewhere.example")),
            ("client", authority.certify_client(host)),
            ("ca", Authority::self_signed(host, true).1),
        ] {
            let server = TlsServer::start(certificate, Server::answering([]));
            server.ignore_requests();
            servers.add(name, server.url(), server);
        }
        for (name, reply) in replies() {
            let tls_name = format!("tls-{name}");
            if list.contains(&tls_name) {
                let server = Server::always(reply.clone());
                let server = TlsServer::start(authority.certify(host), server);
                server.ignore_requests();
                servers.add(&tls_name, server.url(), server);
            }
            let server = Server::always(reply);
            server.ignore_requests();
            servers.add(name, server.url(), server);
        }
        for (name, response) in [
            ("no-tls", "HTTP/1.1 400 Bad Request\r\n\r\n"),
            ("no-tls-ssh", "SSH-2.0-OpenSSH_9.9\r\n"),
        ] {
            let front = Front::start(|mut client| {
                client.read_exact(&mut [0; 5])?;
                client.write_all(response.as_bytes())?;
                // Closed only after the client has left, so that no reset overtakes the response.
                client.read_to_end(&mut Vec::new()).map(drop)
            });
            servers.add(name, format!("https://{}", front.address()), front);
        }
        let leaves = Front::start(|mut client| client.read_exact(&mut [0; 5]));
        servers.add(
            "no-tls-leaves",
            format!("https://{}", leaves.address()),
            leaves,
        );
        let refused = refused_port();
        servers.add("refused", refused.url(), refused);
        servers.add("lost", LOST.repeat(13), ());
        servers.add(
            "authority",
            authority.path().display().to_string(),
            authority,
        );
        servers
    }

    fn add(&mut self, name: &str, value: String, held: impl Any + Send + Sync) {
        self.names.push((format!("{{{name}}}"), value));
        self.held.push(Box::new(held));
    }

    /// The `situation` with what its command prints now, and its exit code if that isn't 0.
    fn try_out(&self, situation: &str, setup: &str) -> String {
        let mut lines = situation.lines().peekable();
        let mut head = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with(['#', '$'])) {
            head.push(line);
        }
        let command = head.iter().filter_map(|line| line.strip_prefix('$'));
        let mut command = command.collect::<Vec<_>>().join("\n");
        if command.is_empty() {
            return situation.to_owned();
        }
        for (name, value) in &self.names {
            command = command.replace(name, value);
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
}

/// Text for a terminal: a title for the window, a colour, a bell, an 8-bit escape, text backwards, an invisible mark, a tag.
const NASTY: &str = "a\u{1b}]0;b\u{7}\u{1b}[31m\u{9b}0m\u{7f}\u{202e}c\u{2066}\u{200f}\u{e0041}";

/// What the servers reply. With `tls-` before their names, they have a good certificate.
fn replies() -> Vec<(&'static str, Reply)> {
    let page = |status| Reply::status(status, "Oops").html("<title>Sorry</title>");
    let error = |status, text: &str| {
        Reply::status(status, "Oops").json(&format!(r#"{{"error":"{text}"}}"#))
    };
    vec![
        ("307", page(307).header("location", "https://login.example")),
        ("400", error(400, "Cannot find an integrated account: 77")),
        ("401", error(401, "token is wrong")),
        ("404", page(404)),
        ("407", page(407)),
        ("418", page(418)),
        ("429", page(429)),
        ("500", error(500, "published_at is wrong")),
        ("503", page(503)),
        ("lines", Reply::status(404, "Oops").body("two\r\nlines\n")),
        (
            "cut",
            Reply::raw("HTTP/1.1 201 Created\r\ncontent-length: 15\r\n\r\n{\"status\""),
        ),
        (
            "digits",
            Reply::status(201, "Oops")
                .body(r#"{"z": 1.50, "a": 12345678901234567890123, "a": 1e400}"#),
        ),
        ("command", error(400, r"100% ##[add-mask]x\r\n::stop::")),
        ("red", error(400, r"\u001b[31mred \u202edesrever")),
        ("missing", error(500, "object_id is missing")),
        ("reflects", error(400, &format!("{TOKEN} is wrong"))),
        (
            "reflects-201",
            Reply::created().json(&format!(r#"{{"token":"{TOKEN}"}}"#)),
        ),
        (
            "reflects-text",
            Reply::status(500, "Oops").body(format!("bad token {TOKEN} {TOKEN}")),
        ),
        (
            "reflects-page",
            page(500).html(&format!("<html><title>No {TOKEN}</title></html>")),
        ),
        ("reflects-json", error(401, &format!("bad token {TOKEN}"))),
        (
            "reflects-escaped",
            error(401, &format!("bad token {}", escaped(TOKEN))),
        ),
        (
            "reflects-head",
            Reply::created()
                .header("x-token", TOKEN)
                .header("location", &format!("/?t={TOKEN}")),
        ),
        (
            "reflects-raw",
            Reply::raw(format!("{TOKEN} {TOKEN}\r\n\r\n")),
        ),
        ("test", Reply::status(201, "Created").body("test")),
        (
            "nasty",
            page(404).header("x-nasty", "\u{202e}\u{9b}31m").body(NASTY),
        ),
        (
            "nasty-page",
            page(404).html(&format!("<title>{NASTY}</title>")),
        ),
        (
            "nasty-json",
            page(404).json(&serde_json::json!({"error": NASTY}).to_string()),
        ),
        (
            "large",
            page(500).html(&format!("<title>Sorry</title>{}", "x".repeat(1 << 20))),
        ),
        ("half", Reply::raw("HTTP/1.1 201 Cre")),
        ("closes", Reply::close()),
        ("resets", Reply::reset()),
        ("endless", Reply::endless("", "x".repeat(1000))),
        (
            "endless-head",
            Reply::endless("HTTP/1.1 200 OK\r\n", "a: b\r\n".repeat(1000)),
        ),
        ("silent", Reply::silence()),
        ("ssh", Reply::raw("SSH-2.0-OpenSSH_9.9\r\n")),
    ]
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
