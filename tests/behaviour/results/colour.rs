//! Colour on a terminal, which `script` makes. `messages.txt` has what `--color` does.

use crate::example::FLAGS;
use crate::support::{Reply, Server, in_a_terminal, requires};

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
        let server = Server::always(Reply::created());
        in_a_terminal(&format!("lexbot claim {}", FLAGS.join(" ")))
            .server(&server)
            .env(variable, value)
            .stdout(printed)
            .run();
        assert_eq!(server.requests().len(), 1);
    }
}
