//! A standard output that is closed or full.

use crate::example::{claim_input, line};
use crate::support::{Reply, Server};

#[test]
fn a_reader_that_leaves_ends_the_run_quietly() {
    let server = Server::always(Reply::created());
    let messages = [line("m_1"), line("m_2")].join("\n");
    for args in [&[][..], &["--json"], &["--dry-run"]] {
        claim_input()
            .args(args)
            .stdin(messages.as_str())
            .server(&server)
            .reader_leaves_after(0)
            .run();
    }
    // The first result of each run that sends already found no reader, so nothing more was sent.
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_reader_that_left_hears_of_no_failure() {
    let server = Server::answering([Reply::status(404, "Not Found")]);
    claim_input()
        .stdin(line("m_1"))
        .server(&server)
        .reader_leaves_after(0)
        .run();
    assert_eq!(server.requests().len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    use crate::example::FLAGS;
    use crate::support::program;

    for option in ["--color=never", "--json", "--dry-run"] {
        let server = Server::always(Reply::created());
        server.ignore_requests();
        let script = format!(r#"exec "$0" claim "$@" {option} > /dev/full"#);
        program("sh", ["-c", &script, env!("CARGO_BIN_EXE_lexbot")])
            .args(FLAGS)
            .server(&server)
            .stderr("error: cannot write to standard output: no space left on device\n")
            .code(3)
            .run();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_error_stops_nothing() {
    use crate::support::program;

    let server = Server::answering([Reply::status(404, "Not Found"), Reply::created()]);
    program("sh", ["-c", r#"exec "$0" claim --input - -v 2> /dev/full"#])
        .args([env!("CARGO_BIN_EXE_lexbot")])
        .stdin([line("m_1"), line("m_2")].join("\n"))
        .server(&server)
        .stdout("404 m_1 Not Found (empty answer)\n201 m_2 claimed\n")
        .code(1)
        .run();
    assert_eq!(server.requests().len(), 2);
}
