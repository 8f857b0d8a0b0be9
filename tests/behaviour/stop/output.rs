//! A stdout that is closed or full.

use crate::batch::{claims, lines, stopped};
use crate::example::{FLAGS, claim_input, line};
use crate::support::{Home, Reply, Server, lexbot};

#[test]
fn a_closed_stdout_ends_the_run_quietly() {
    for args in [&[][..], &["--json"], &["-j", "1"]] {
        let server = Server::always(Reply::created());
        claims(args)
            .stdin(lines(2000))
            .server(&server)
            .reader_leaves_after(1)
            .stdout_like("[..]\n")
            .stderr_like(stopped("[..] accepted, [..] not sent"))
            .code(141)
            .run();
        let sent = server.requests().len();
        assert!(sent < 2000, "{sent}");
    }
    for (args, reply, sent) in [
        (&[][..], Reply::created(), 1),
        (&[], Reply::status(404, "Not Found"), 1),
        (&["--json"], Reply::created(), 1),
        (&["--dry-run"], Reply::created(), 0),
    ] {
        let server = Server::always(reply);
        claim_input()
            .args(args)
            .stdin(lines(2))
            .server(&server)
            .reader_leaves_after(0)
            .code(141)
            .run();
        assert_eq!(server.requests().len(), sent);
    }
}

#[test]
fn a_closed_stdout_changes_no_exit_code_once_everything_was_sent() {
    let home = Home::new();
    home.write("in.json", lines(1));
    for (reply, code) in [
        (Reply::created(), 0),
        (Reply::status(404, "Not Found"), 1),
        (Reply::status(401, "Unauthorized"), 4),
    ] {
        for args in [&["--input", "in.json"][..], &FLAGS] {
            let server = Server::answering([reply.clone()]);
            lexbot(["claim"])
                .args(args)
                .home(&home)
                .server(&server)
                .reader_leaves_after(0)
                .summary_aside()
                .code(code)
                .run();
            assert_eq!(server.requests().len(), 1);
        }
    }
}

#[test]
fn a_closed_stdout_ends_a_run_that_waits_for_input() {
    let server = Server::always(Reply::created());
    let mut run = claims(&[])
        .server(&server)
        .reader_leaves_after(0)
        .stderr_like(stopped("1 accepted"))
        .code(141)
        .spawn();
    run.write_line(&line("m_1"));
    run.wait();
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn the_journal_has_the_results_that_a_closed_stdout_misses() {
    let server = Server::always(Reply::created());
    let home = Home::new();
    claims(&["--journal", "journal"])
        .home(&home)
        .stdin(lines(500))
        .server(&server)
        .reader_leaves_after(1)
        .stdout_like("[..]\n")
        .stderr_like(stopped("[..] accepted, [..] not sent"))
        .code(141)
        .run();
    let journal = home.read("journal");
    let accepted = journal.matches(r#""outcome":"accepted""#).count();
    assert_eq!(accepted, server.requests().len());
}

#[cfg(target_os = "linux")]
mod full_disk {
    use super::{Reply, Server, lines};
    use crate::support::{Run, program};

    const ERROR: &str = "error: cannot write to standard output: no space left on device\n";

    /// A run of this shell script, in which `"$0"` is lexbot.
    fn script(script: &str) -> Run {
        program("sh", ["-c", script, env!("CARGO_BIN_EXE_lexbot")])
    }

    #[test]
    fn a_full_disk_ends_a_batch() {
        let server = Server::always(Reply::created());
        script(r#"exec "$0" claim -i - --rate 0 -j 1 > /dev/full"#)
            .stdin(lines(50))
            .server(&server)
            .stderr_like(format!(
                "stopped: 1 accepted, [..] not sent in [..]\n{ERROR}"
            ))
            .code(3)
            .run();
        assert_eq!(server.requests().len(), 1);
    }

    #[test]
    fn a_full_disk_ends_a_run_that_waits_for_input() {
        let server = Server::always(Reply::created());
        let mut run = script(r#"exec "$0" claim -i - --rate 0 -q > /dev/full"#)
            .server(&server)
            .stderr(ERROR)
            .code(3)
            .spawn();
        run.write_line("garbage");
        run.wait();
        server.received([]);
    }

    #[test]
    fn a_full_stderr_stops_nothing() {
        let server = Server::answering([Reply::status(404, "Not Found"), Reply::created()]);
        script(r#"exec "$0" claim --input - -v 2> /dev/full"#)
            .stdin(lines(2))
            .server(&server)
            .stdout("404 m_1 Not Found (empty response)\n201 m_2 claimed\n")
            .code(1)
            .run();
        assert_eq!(server.requests().len(), 2);
    }
}
