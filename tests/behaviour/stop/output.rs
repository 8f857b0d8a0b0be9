//! A standard output that nobody reads, or that takes nothing more.

use crate::batch::{claims, lines};
use crate::support::{Home, Reply, Server};

#[test]
fn a_reader_that_leaves_ends_the_run_quietly() {
    for args in [&[][..], &["--json"], &["-j", "1"]] {
        let server = Server::always(Reply::created());
        claims(args)
            .stdin(lines(2000))
            .server(&server)
            .reader_leaves_after(1)
            .stdout_like("[..]\n")
            .run();
        let sent = server.requests().len();
        assert!(sent < 2000, "{sent}");
    }
}

#[test]
fn a_reader_that_leaves_ends_a_run_that_waits_for_input() {
    let server = Server::always(Reply::created());
    let mut run = claims(&[]).server(&server).reader_leaves_after(0).spawn();
    run.write_line(&crate::example::line("m_1"));
    run.wait();
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn what_was_accepted_is_in_the_journal_though_nobody_read_of_it() {
    let server = Server::always(Reply::created());
    let home = Home::new();
    claims(&["--journal", "journal"])
        .home(&home)
        .stdin(lines(500))
        .server(&server)
        .reader_leaves_after(1)
        .stdout_like("[..]\n")
        .run();
    let journal = home.read("journal");
    let accepted = journal.matches(r#""outcome":"accepted""#).count();
    assert_eq!(accepted, server.requests().len());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_the_run() {
    use crate::support::program;

    let server = Server::always(Reply::created());
    program(
        "sh",
        ["-c", r#"exec "$0" claim -i - --rate 0 -j 1 > /dev/full"#],
    )
    .args([env!("CARGO_BIN_EXE_lexbot")])
    .stdin(lines(50))
    .server(&server)
    .stderr_like(
        "1 accepted[..] in [..]\nerror: cannot write to standard output: no space left on device\n",
    )
    .code(3)
    .run();
    assert_eq!(server.requests().len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_a_run_that_waits_for_input() {
    use crate::support::program;

    let server = Server::always(Reply::created());
    let mut run = program(
        "sh",
        ["-c", r#"exec "$0" claim -i - --rate 0 -q > /dev/full"#],
    )
    .args([env!("CARGO_BIN_EXE_lexbot")])
    .server(&server)
    .stderr("error: cannot write to standard output: no space left on device\n")
    .code(3)
    .spawn();
    run.write_line("garbage");
    run.wait();
    server.received([]);
}
