//! What follows a 429: a pause for every process with the token, and a lower rate.

use super::{assert_claims, assert_waits};
use crate::batch::{claims, lines, object, summary};
use crate::example::claim;
use crate::support::{Gate, Home, Reply, Server, lexbot};

const NOTICE: &str = "[..]Z 429: now 6.7 requests a second; is the token used elsewhere?\n";

fn slow_down(seconds: &str) -> Reply {
    Reply::status(429, "Too Many Requests").header("Retry-After", seconds)
}

/// Claims `m_1` in `home`, and gets a 429.
#[track_caller]
fn get_a_429(home: &Home, server: &Server) {
    claim()
        .home(home)
        .server(server)
        .stdout_like("429 m_1 [..]\n")
        .stderr_like(format!("{NOTICE}hint: [..]\n"))
        .code(5)
        .run();
}

#[test]
fn every_process_with_the_token_obeys_a_pause() {
    for args in [&[][..], &["--rate", "0"]] {
        let server = Server::answering([slow_down("60")]);
        let home = Home::new();
        get_a_429(&home, &server);
        assert_waits(claim().args(args).home(&home).server(&server));
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn another_token_or_server_is_not_paused() {
    let home = Home::new();
    let server = Server::answering([slow_down("60"), Reply::created()]);
    get_a_429(&home, &server);
    claim()
        .home(&home)
        .server(&server)
        .env("LEXBOT_TOKEN", "another-token-of-the-tests")
        .stdout("201 m_1 claimed\n")
        .run();
    server.ignore_requests();
    let other = Server::always(Reply::created());
    assert_claims(&home, &other);
    other.ignore_requests();
}

#[test]
fn several_refusals_lower_the_rate_once() {
    for (option, notice) in [("--color=never", NOTICE), ("-q", "")] {
        let gate = Gate::new();
        let held = gate.clone();
        let mut refusals = 3;
        let server = Server::scripted(move |_| {
            if refusals == 0 {
                return Reply::created();
            }
            refusals -= 1;
            slow_down("1").gated(&held)
        });
        let counts = if option == "-q" {
            String::new()
        } else {
            summary("3 accepted")
        };
        let run = lexbot(["claim", "-i", "-", "--rate", "100", option])
            .stdin(lines(3))
            .server(&server)
            .stdout_like("...")
            .stderr_like(notice.replace("6.7", "66.7") + &counts)
            .spawn();
        // All are on their way before the first is refused.
        server.wait_for(3);
        gate.open();
        run.wait();
        assert_eq!(server.requests().len(), 6);
    }
}

#[test]
fn without_a_rate_there_is_no_lower_one() {
    let server = Server::answering([slow_down("1"), Reply::created()]);
    claims(&[])
        .stdin(lines(1))
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .stderr_like(summary("1 accepted"))
        .run();
    server.ignore_requests();
}

#[test]
fn a_check_shows_a_lowered_rate() {
    let good =
        || Reply::status(500, "Internal Server Error").json(r#"{"error":"object_id is missing"}"#);
    let server = Server::answering([slow_down("1"), good(), good()]);
    let home = Home::new();
    get_a_429(&home, &server);
    lexbot(["check"])
        .home(&home)
        .server(&server)
        .stdout_like(
            "...\nrate        [..] requests a second, lowered after a 429; it recovers by itself\n...\nresult      ok: [..]\n",
        )
        .run();
    let output = lexbot(["check", "--json"])
        .home(&home)
        .server(&server)
        .stdout_like("{[..]}\n")
        .run();
    let rate = object(&output)["lowered_rate"].as_f64().unwrap();
    assert!(rate > 6.6 && rate < 9.0, "{rate}");
    server.ignore_requests();
}
