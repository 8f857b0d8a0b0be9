//! A server that counts strictly sees no request too many.

use std::time::Duration;

use crate::batch::{lines, summary};
use crate::example::line;
use crate::support::{Authority, Home, Run, Server, StrictCount, TlsServer, lexbot};

/// Asserts that `case` ends with at most `most` requests refused.
///
/// A busy machine can delay an arrival by more than the 50 ms that the schedule allows for, so a case has three tries.
#[track_caller]
fn assert_refused_at_most(most: usize, case: impl Fn() -> StrictCount) {
    let mut refused = Vec::new();
    for _ in 0..3 {
        refused.push(case().refused());
        if refused.last().is_some_and(|refused| *refused <= most) {
            return;
        }
    }
    panic!("requests refused in three tries: {refused:?}");
}

/// Claims the messages of standard input, at the default rate.
fn claims() -> Run {
    lexbot(["claim", "-i", "-", "--retries", "50"]).stderr_like("...")
}

/// A server that counts strictly; after the tenth request, somebody else makes `strays`.
fn counting(strays: usize) -> (Server, StrictCount) {
    let count = StrictCount::default();
    let counted = count.clone();
    let mut number = 0;
    let server = Server::scripted(move |_| {
        let reply = counted.reply();
        number += 1;
        if number == 10 {
            counted.add_strays(strays);
        }
        reply
    });
    server.ignore_requests();
    (server, count)
}

// Windows trusts only the authorities that it knows.
#[cfg(unix)]
#[test]
fn connections_that_open_slowly_make_no_burst() {
    const MESSAGES: u32 = 30;
    let authority = Authority::new("ours");
    assert_refused_at_most(0, || {
        let (server, count) = counting(0);
        let certificate = authority.certify("127.0.0.1");
        let handshake = Duration::from_millis(150);
        let server = TlsServer::start_slow(certificate, server, handshake);
        claims()
            .base_url(&server.url())
            .env("SSL_CERT_FILE", authority.path())
            .stdin(lines(MESSAGES as usize))
            .stdout_like("...")
            .stderr_like(format!("...\n{}", summary("30 accepted")))
            .run();
        // A tenth of a second between two requests, and something for the delays between departure and arrival.
        let span = count.span();
        let minimum = Duration::from_millis(100) * (MESSAGES - 1);
        assert!(span >= minimum, "{MESSAGES} requests within {span:?}");
        count
    });
}

#[test]
fn requests_that_take_a_different_time_to_arrive_make_no_burst() {
    assert_refused_at_most(0, || {
        let count = StrictCount::default();
        let counted = count.clone();
        let mut number = 0;
        // The first of eleven takes longer than the others, so that all of them arrive closer together.
        let server = Server::scripted(move |_| {
            let delay = if number % 11 == 0 { 40 } else { 0 };
            number += 1;
            counted.reply_delayed(Duration::from_millis(delay))
        });
        server.ignore_requests();
        claims().args(["-q"]).server(&server).stdin(lines(23)).run();
        count
    });
}

#[test]
fn processes_with_the_same_token_make_no_burst_together() {
    assert_refused_at_most(0, || {
        let (server, count) = counting(0);
        let home = Home::new();
        let runs = [(); 4].map(|()| {
            let run = claims().args(["-q"]).home(&home).server(&server);
            run.stdin(lines(6)).spawn()
        });
        for run in runs {
            run.wait();
        }
        assert_eq!(server.requests().len(), 24 + count.refused());
        count
    });
}

#[test]
fn single_claims_make_no_burst_together() {
    // Like `xargs -P 8`.
    assert_refused_at_most(0, || {
        let (server, count) = counting(0);
        let home = Home::new();
        for _ in 0..2 {
            let runs = [(); 8].map(|()| {
                let run = claims().args(["-q"]).home(&home).server(&server);
                run.stdin(line("m_1")).spawn()
            });
            for run in runs {
                run.wait();
            }
        }
        count
    });
}

#[test]
fn three_strays_cost_at_most_three_refusals() {
    assert_refused_at_most(3, || {
        let (server, count) = counting(3);
        let refused = claims()
            .server(&server)
            .stdin(lines(20))
            .stdout_like("...")
            .run();
        assert!(refused.stderr.contains("20 accepted in "));
        count
    });
}

#[test]
fn without_a_state_file_the_rate_is_kept_all_the_same() {
    // The cache directory can't be made, and then nothing can be written to the file in it, as on a full disk.
    #[cfg(unix)]
    let full = || {
        const FULL: &str = r#"trap '' XFSZ; ulimit -f 0; exec "$0" claim -i - -q --retries 50"#;
        crate::support::program("sh", ["-c", FULL, env!("CARGO_BIN_EXE_lexbot")])
    };
    let cases: &[(&str, &dyn Fn() -> Run, &str)] = &[
        (".cache", &|| claims().args(["-q"]), "cannot create [..]"),
        #[cfg(unix)]
        ("file", &full, "cannot write [..]: file too large"),
    ];
    for (place, run, problem) in cases {
        assert_refused_at_most(0, || {
            let (server, count) = counting(0);
            let home = Home::new();
            home.write(place, "");
            let warning = format!(
                "warning: {problem}; the rate limit isn't shared with other lexbot processes\n"
            );
            run()
                .home(&home)
                .server(&server)
                .stdin(lines(14))
                .stderr_like(format!("{warning}..."))
                .run();
            count
        });
    }
}
