//! `--color`: on a terminal, always, or never.

use super::answered;
use crate::example::{body, claim, claim_input};
use crate::support::{Reply, lexbot, refused_port};

#[test]
fn without_a_terminal_there_is_no_colour_unless_asked_for() {
    for args in [&[][..], &["--color", "auto"], &["--color", "never"]] {
        answered(
            claim()
                .args(args)
                .stdout("404 m_1 Not Found (empty response)\n")
                .stderr_like("hint: check[..]\n")
                .code(1),
            Reply::status(404, "Not Found"),
        );
    }
}

#[test]
fn each_kind_of_status_has_its_colour() {
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
            .code(1),
    ] {
        run.args(["--color", "always"])
            .stdout_like("\u{1b}[33m---\u{1b}[0m [..]\n")
            .stderr_like("...")
            .run();
    }
}

#[test]
fn hints_and_errors_have_colours() {
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
fn the_flag_takes_precedence_over_no_color() {
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

/// On a terminal, which `script` makes.
#[cfg(target_os = "linux")]
mod on_a_terminal {
    use crate::example::FLAGS;
    use crate::results::in_a_terminal;
    use crate::support::{Reply, Server, requires};

    #[test]
    fn results_have_colour_unless_the_environment_says_no() {
        if !requires("script") {
            return;
        }
        let colour = "\u{1b}[32m201\u{1b}[0m m_1 claimed\r\n";
        let plain = "201 m_1 claimed\r\n";
        for (variable, value, printed) in [
            ("NO_COLOR", "", colour),
            ("NO_COLOR", "1", plain),
            ("TERM", "xterm", colour),
            ("TERM", "dumb", plain),
        ] {
            let server = Server::answering([Reply::created()]);
            server.ignore_requests();
            in_a_terminal(&format!("lexbot claim {}", FLAGS.join(" ")))
                .server(&server)
                .env(variable, value)
                .stdout(printed)
                .run();
        }
    }
}
