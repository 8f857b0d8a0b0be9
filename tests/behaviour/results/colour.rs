//! `--color`: on a terminal, always, or never.

use super::answered;
use crate::example::{body, claim, claim_input};
use crate::support::{Reply, lexbot, refused_port};

#[test]
fn nothing_that_is_no_terminal_gets_colour_unasked() {
    for args in [&[][..], &["--color", "auto"], &["--color", "never"]] {
        answered(
            claim()
                .args(args)
                .stdout("404 m_1 Not Found (empty answer)\n")
                .stderr_like("hint: check[..]\n")
                .code(1),
            Reply::status(404, "Not Found"),
        );
    }
}

#[test]
fn the_status_has_a_colour_of_its_own() {
    for (status, colour, code) in [(201, 32, 0), (400, 31, 1), (401, 31, 4), (503, 33, 5)] {
        answered(
            claim()
                .args(["--color", "always"])
                .stdout_like(format!("\u{1b}[{colour}m{status}\u{1b}[0m m_1 [..]\n"))
                .stderr_like("...")
                .code(code),
            Reply::status(status, "Whatever"),
        );
    }
    let refused = refused_port();
    for run in [
        claim().base_url(&refused.url()).code(5),
        claim_input()
            .stdin("garbage")
            .base_url(&refused.url())
            .code(2),
    ] {
        run.args(["--color", "always"])
            .stdout_like("\u{1b}[33m---\u{1b}[0m [..]\n")
            .stderr_like("...")
            .run();
    }
}

#[test]
fn hints_and_errors_have_colour() {
    answered(
        claim()
            .args(["--color", "always"])
            .stdout_like("[..]\n")
            .stderr_like("\u{1b}[1m\u{1b}[36mhint:\u{1b}[0m check[..]\n")
            .code(1),
        Reply::status(404, "Not Found"),
    );
    lexbot(["claim", "--color", "always"])
        .code(2)
        .stderr_like("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m nothing to claim[..]\n...\n")
        .run();
}

#[test]
fn what_the_command_line_says_counts_before_the_environment() {
    answered(
        claim()
            .args(["--color", "always"])
            .env("NO_COLOR", "1")
            .stdout("\u{1b}[32m201\u{1b}[0m m_1 claimed\n"),
        Reply::created(),
    );
}

#[test]
fn json_and_bodies_have_no_colour() {
    answered(
        claim()
            .args(["--color", "always", "--json"])
            .stdout_like("{\"action\":[..]}\n"),
        Reply::created(),
    );
    claim()
        .args(["--color", "always", "--dry-run"])
        .base_url(&refused_port().url())
        .stdout(format!("{}\n", body("m_1")))
        .run();
}

/// Runs in a terminal that `script` makes; where that is missing there is nothing to test it with.
#[cfg(target_os = "linux")]
mod on_a_terminal {
    use crate::example::FLAGS;
    use crate::support::{Reply, Server, program};

    /// Claims `m_1` in a terminal and asserts what appears there.
    #[track_caller]
    fn assert_appears(variables: &[(&str, &str)], text: &str) {
        let server = Server::answering([Reply::created()]);
        server.ignore_requests();
        let command = format!(
            "'{}' claim {}",
            env!("CARGO_BIN_EXE_lexbot"),
            FLAGS.join(" ")
        );
        let run = program("script", ["-qec", &command, "/dev/null"])
            .server(&server)
            .env("TERM", "xterm")
            .stdout(text);
        variables
            .iter()
            .fold(run, |run, (name, value)| run.env(name, value))
            .run();
    }

    fn script_is_here() -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|directory| directory.join("script").is_file())
    }

    #[test]
    fn results_have_colour_unless_no_color_is_set() {
        if !script_is_here() {
            return;
        }
        let coloured = "\u{1b}[32m201\u{1b}[0m m_1 claimed\r\n";
        assert_appears(&[], coloured);
        assert_appears(&[("NO_COLOR", "")], coloured);
        assert_appears(&[("NO_COLOR", "1")], "201 m_1 claimed\r\n");
    }

    #[test]
    fn a_dumb_terminal_gets_no_colour() {
        if script_is_here() {
            assert_appears(&[("TERM", "dumb")], "201 m_1 claimed\r\n");
        }
    }
}
