//! The servers of the printed lists.

use std::any::Any;
use std::io::{Read as _, Write as _};

use crate::secrecy::escaped;
use crate::support::{Authority, Front, Reply, Server, TOKEN, TlsServer, refused_port};

/// A label over 63 characters, as this one 13 times, is never looked up.
pub(super) const LOST: &str = "lexer";

/// The servers that commands name in braces, such as `{404}`.
#[derive(Default)]
pub(super) struct Servers {
    /// Each name and what it stands for.
    names: Vec<(String, String)>,
    /// What ends when it is dropped.
    held: Vec<Box<dyn Any + Send + Sync>>,
}

impl Servers {
    /// Starts those for `list`.
    pub(super) fn start(list: &str) -> Self {
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

    /// `command` with what the names in it stand for.
    pub(super) fn replace_names(&self, command: String) -> String {
        let replace =
            |command: String, (name, value): &(String, String)| command.replace(name, value);
        self.names.iter().fold(command, replace)
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
