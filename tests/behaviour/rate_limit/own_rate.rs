//! A rate of one process, and the rate that a profile gives a token.

use std::time::Duration;

use super::{assert_waits, home_after_a_run};
use crate::batch::lines;
use crate::example::{FLAGS, claim, line};
use crate::support::{Home, Reply, Run, Server, TOKEN, lexbot};

/// Far less than the 50 s between two requests at a rate of 0.02.
const SOON: Duration = Duration::from_secs(15);

#[test]
fn a_process_with_a_low_rate_delays_no_other() {
    let server = Server::always(Reply::created());
    let home = Home::new();
    let mut slow = lexbot(["claim", "-i", "-", "--rate", "0.02"])
        .home(&home)
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .spawn();
    slow.write_line(&line("m_1"));
    slow.write_line(&line("m_2"));
    slow.read_line();
    let by_hand = claim().home(&home).server(&server);
    by_hand.stdout("201 m_1 claimed\n").limit(SOON).run();
    lexbot(["claim", "-i", "-", "-q"])
        .home(&home)
        .stdin(lines(5))
        .server(&server)
        .limit(SOON)
        .run();
    slow.wait_for_stderr("waiting for the rate limit");
    slow.kill();
    assert_eq!(server.requests().len(), 7);
}

#[test]
fn profiles_with_the_same_token_keep_their_own_intervals() {
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    let profile = |name, rate| {
        format!("[profiles.{name}]\ntoken = '{TOKEN}'\nclient_id = 123\nrate = {rate}\n")
    };
    home.write_config(&(profile("slow", "0.02") + &profile("fast", "10")));
    let claim = |profile: &str| -> Run {
        lexbot(["claim", "-p", profile])
            .args(FLAGS)
            .env("LEXBOT_BASE_URL", server.url())
            .home(&home)
    };
    // Less than 50 s have passed since the last request, which a profile without a rate made.
    assert_waits(claim("slow"));
    assert_eq!(server.requests().len(), 1);
    std::fs::remove_file(&file).unwrap();
    for profile in ["slow", "fast", "fast"] {
        let run = claim(profile).stdout("201 m_1 claimed\n");
        run.limit(SOON).run();
    }
    assert_eq!(server.requests().len(), 4);
}
