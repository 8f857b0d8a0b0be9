//! The contents of a journal, and how a dry run uses it.

use super::{JOURNAL, claims};
use crate::batch::lines;
use crate::example::line;
use crate::support::{Home, Reply, Server, TOKEN, lexbot};

#[test]
fn lines_are_those_of_json_without_skipped_messages() {
    for quiet in [&[][..], &["-q"]] {
        let home = Home::new();
        let server = Server::answering([
            Reply::created(),
            Reply::status(500, "Oops").html("<h1>no</h1>"),
        ]);
        let output = claims(&home)
            .args(["--json"])
            .args(quiet)
            .stdin(format!("{}garbage\n{{\"error\":1}}\n", lines(2)))
            .server(&server)
            .any_output()
            .code(1)
            .run();
        let mut printed: Vec<&str> = output.stdout.lines().collect();
        printed.retain(|line| !line.contains("skipped"));
        let journal = home.read(JOURNAL);
        let mut recorded: Vec<&str> = journal.lines().collect();
        assert_eq!(recorded.len(), 3);
        if !quiet.is_empty() {
            // `-q` doesn't print accepted messages, but the journal has them.
            recorded.retain(|line| !line.contains("accepted"));
            assert_eq!(recorded.len(), 2);
        }
        printed.sort_unstable();
        recorded.sort_unstable();
        assert_eq!(recorded, printed);
        server.ignore_requests();
    }
}

#[test]
fn the_token_is_not_in_it() {
    let reflected = format!(r#"{{"error":"{TOKEN} is wrong","token":"{TOKEN}"}}"#);
    for (reply, code) in [
        (Reply::status(400, "Bad Request"), 1),
        (Reply::created(), 0),
    ] {
        let home = Home::new();
        let server = Server::answering([reply.json(&reflected)]);
        claims(&home)
            .stdin(lines(1))
            .server(&server)
            .stdout_like("[..] m_1 [..]\n")
            .stderr_like("...")
            .code(code)
            .run();
        let journal = home.read(JOURNAL);
        assert!(journal.contains("(redacted)"), "{journal}");
        for part in TOKEN.as_bytes().windows(8) {
            let part = str::from_utf8(part).unwrap();
            assert!(!journal.contains(part), "{journal}");
        }
        #[cfg(unix)]
        assert_eq!(home.mode(JOURNAL), 0o600, "only its owner can read it");
        server.ignore_requests();
    }
}

#[test]
fn a_very_long_message_leaves_a_readable_journal() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    let long = "x".repeat((1 << 20) - 100);
    let invalid = line("m_1").replace("1458692752478", &format!("\"{}\"", "\\\"".repeat(400_000)));
    for _ in 0..2 {
        claims(&home)
            .args(["-q"])
            .stdin(format!("{}\n{invalid}\n", line(&long)))
            .server(&server)
            .stdout_like("--- line 2: published_at [..]\n")
            .code(1)
            .run();
    }
    server.ignore_requests();
}

#[test]
fn the_help_says_what_it_contains() {
    lexbot(["claim", "--help"])
        .stdout_like("...\n[..]--journal <FILE>\n...\n[..]message and page IDs[..]\n...")
        .run();
}
