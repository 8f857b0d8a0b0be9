//! Which attempts are followed by another, how often, and what waits meanwhile.

mod waiting;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::batch::{claims, field, lines, results, summary};
use crate::example::claim_of;
use crate::support::{Output, Reply, Run, Server, lexbot, refused_port};

/// The statuses after which another attempt can succeed.
const TEMPORARY: [u16; 11] = [408, 425, 429, 502, 503, 504, 506, 507, 511, 520, 599];

/// A claim of `m_1` without a rate limit.
fn claim(args: &[&str]) -> Run {
    lexbot(["claim", "--rate", "0", "--json", "--object-id", "m_1"])
        .args(["--published-at", "1458692752478", "--account-id", "77"])
        .args(args)
}

/// A response after which another attempt can succeed.
fn later(status: u16) -> Reply {
    Reply::status(status, "Later")
}

/// Options, the replies to the attempts, and the outcome with the last status.
type Case<'a> = (&'a [&'a str], Vec<Reply>, &'a str, Option<u16>);

/// Asserts the result of a claim in each case. All replies are used, each for an attempt of the same message.
///
/// The runs wait for their next attempts at the same time.
#[track_caller]
fn assert_results<'a>(cases: impl IntoIterator<Item = Case<'a>>) {
    let start = |(args, replies, outcome, status): Case<'a>| {
        let (code, retryable) = match outcome {
            "accepted" => (0, false),
            "rejected" => (1, false),
            "unauthorized" => (4, false),
            _ => (5, true),
        };
        let expected = json!([outcome, status, retryable, replies.len()]);
        let server = Server::answering(replies);
        let run = claim(args)
            .server(&server)
            .stdout_like("{[..]}\n")
            .stderr_like("...")
            .code(code)
            .spawn();
        (run, server, expected)
    };
    let started: Vec<_> = cases.into_iter().map(start).collect();
    for (run, server, expected) in started {
        assert_eq!(essence(&run.wait()), expected);
        for request in server.requests() {
            assert_eq!(request.body, claim_of("m_1").body);
        }
    }
}

/// The outcome of the one result, its status, whether another run can help, and the attempts.
fn essence(output: &Output) -> Value {
    let [result] = &results(output)[..] else {
        panic!("one result");
    };
    json!(["outcome", "status", "retryable", "attempts"].map(|key| &result[key]))
}

#[test]
fn a_temporary_failure_is_retried() {
    let failures = TEMPORARY.map(later).into_iter().chain([Reply::close()]);
    let cases = failures.map(|reply| -> Case {
        let replies = vec![reply, Reply::created()];
        (&[], replies, "accepted", Some(201))
    });
    let args = ["--retries", "1", "--timeout", "0.1"];
    let silent: Case = (&args, vec![Reply::silence(); 2], "unknown", None);
    assert_results(cases.chain([silent]));
}

#[test]
fn a_refused_connection_is_retried() {
    let port = refused_port();
    let output = claim(&["--retries", "1"])
        .base_url(&port.url())
        .stdout_like("{[..]}\n")
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
    assert_eq!(essence(&output), json!(["unavailable", null, true, 2]));
}

#[test]
fn the_last_response_counts() {
    let refused = vec![later(503), later(400)];
    let refused: Case = (&[], refused, "rejected", Some(400));
    let cases = TEMPORARY.map(|status| -> Case {
        let replies = vec![later(504), later(status)];
        (&["--retries", "1"], replies, "unavailable", Some(status))
    });
    assert_results(cases.into_iter().chain([refused]));
}

#[test]
fn three_retries_are_made_unless_a_flag_says_otherwise() {
    let cases = [
        (&[][..], 4),
        (&["--retries", "0"], 1),
        (&["--retries", "1"], 2),
        (&["--retries", "2"], 3),
    ];
    assert_results(cases.map(|(args, attempts)| -> Case {
        (args, vec![later(503); attempts], "unavailable", Some(503))
    }));
}

#[test]
fn other_responses_are_final() {
    let responses = [
        (400, "rejected"),
        (401, "unauthorized"),
        (403, "unauthorized"),
        (404, "rejected"),
        (409, "rejected"),
        (500, "rejected"),
        (501, "rejected"),
        (505, "rejected"),
        (600, "rejected"),
        (307, "rejected"),
        (200, "accepted"),
    ];
    assert_results(responses.map(|(status, outcome)| -> Case {
        let reply = later(status).header("Retry-After", "0");
        (&[], vec![reply], outcome, Some(status))
    }));
}

/// A server that replies with `replies`, and when each request came.
fn timed(replies: impl IntoIterator<Item = Reply>) -> (Server, Arc<Mutex<Vec<Instant>>>) {
    let times = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&times);
    let mut replies = replies.into_iter().collect::<Vec<_>>().into_iter();
    let server = Server::scripted(move |_| {
        noted.lock().unwrap().push(Instant::now());
        replies.next().unwrap()
    });
    (server, times)
}

#[test]
fn retries_obey_the_rate() {
    // Longer than the wait before the second attempt.
    const INTERVAL: Duration = Duration::from_secs(1);
    let (server, times) = timed([later(503), later(503)]);
    lexbot(["claim", "-i", "-", "--rate", "1", "--retries", "1", "-q"])
        .stdin(lines(1))
        .server(&server)
        .stdout_like("503 m_1 [..]\n")
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
    server.received([(); 2].map(|()| claim_of("m_1")));
    let times = times.lock().unwrap();
    let between = times[1] - times[0];
    assert!(between >= INTERVAL, "{between:?}");
}

#[test]
fn retry_after_lengthens_the_wait_and_never_shortens_it() {
    // Half of the 0.5 s before the second attempt is random.
    let backoff = Duration::from_millis(250);
    let second = Duration::from_secs(1);
    let cases = [
        ("0", backoff),
        (" 0 ", backoff),
        ("Fri, 02 Jan 2015 03:04:05 GMT", backoff),
        ("soon", backoff),
        ("-1", backoff),
        ("1", second),
    ];
    let runs = cases.map(|(value, minimum)| {
        let first = later(503).header("Retry-After", value);
        let (server, times) = timed([first, Reply::created()]);
        let run = claim(&["--retries", "1"]).server(&server);
        let run = run.stdout_like("{[..]}\n").spawn();
        (value, minimum, run, server, times)
    });
    for (value, minimum, run, server, times) in runs {
        run.wait();
        assert_eq!(server.requests().len(), 2);
        let times = times.lock().unwrap();
        // The first time was taken before the response was sent.
        let between = times[1] - times[0];
        assert!(between >= minimum, "{value}: {between:?}");
    }
}

#[test]
fn attempts_are_counted_for_each_message() {
    let mut failures = ["m_1", "m_2", "m_1"].to_vec();
    let server = Server::scripted(move |request| {
        let failure = failures.iter().position(|id| request.text().contains(id));
        match failure {
            Some(index) => {
                failures.remove(index);
                later(503)
            }
            None => Reply::created(),
        }
    });
    let output = claims(&["-j", "1", "--retries", "2", "--json"])
        .stdin(lines(2))
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("2 accepted"))
        .run();
    let mut results = results(&output);
    results.sort_by_key(|result| result["line"].as_u64());
    assert_eq!(field(&results, "attempts"), [3, 2]);
    let sent = ["m_1", "m_2", "m_1", "m_2", "m_1"];
    server.received_in_any_order(sent.map(claim_of));
}

mod pauses {
    use std::time::Duration;

    use super::{Reply, Server, claim_of, claims, lines, results};
    use crate::batch::{stopped, with_outcome};
    use crate::support::Gate;

    /// Lexer's response to too many requests.
    fn slow_down() -> Reply {
        Reply::status(429, "Too Many Requests").header("Retry-After", "60")
    }

    #[cfg(unix)]
    #[test]
    fn a_signal_ends_the_wait_for_a_retry() {
        let server = Server::answering([Reply::status(503, "Later").header("Retry-After", "60")]);
        let run = claims(&[])
            .stdin(lines(1))
            .server(&server)
            .stdout("503 m_1 Service Unavailable (empty response)\n")
            .stderr_like(format!(
                "hint: [..]\n{}",
                stopped("0 accepted, 1 unavailable")
            ))
            .code(130)
            .spawn();
        server.wait_for(1);
        run.signal("INT");
        run.wait();
        server.received([claim_of("m_1")]);
    }

    #[cfg(unix)]
    #[test]
    fn a_429_pauses_every_worker() {
        let (refused, accepted) = (Gate::new(), Gate::new());
        let replies = [
            ("m_1", slow_down().gated(&refused)),
            // No event shows that the pause has begun: it is given a moment.
            (
                "m_2",
                Reply::created()
                    .gated(&accepted)
                    .after(Duration::from_millis(100)),
            ),
        ];
        let server = Server::scripted(move |request| {
            let reply = replies.iter().find(|(id, _)| request.text().contains(id));
            reply.map_or_else(Reply::created, |(_, reply)| reply.clone())
        });
        let run = claims(&["-j", "2", "-v", "--json"])
            .stdin(format!("{}garbage\n", lines(3)))
            .server(&server)
            .any_output()
            .code(130)
            .spawn();
        server.wait_for(2);
        assert!(run.read_line().contains("not JSON"));
        refused.open();
        while !run.read_stderr_line().starts_with("< 429") {}
        accepted.open();
        assert!(run.read_line().contains("m_2"));
        run.signal("INT");
        let results = results(&run.wait());
        assert_eq!(with_outcome(&results, "accepted"), ["m_2"]);
        assert_eq!(with_outcome(&results, "unavailable"), ["m_1"]);
        assert_eq!(with_outcome(&results, "not_sent"), ["m_3"]);
        server.received_in_any_order(["m_1", "m_2"].map(claim_of));
    }

    #[test]
    fn a_429_on_the_last_attempt_pauses_the_next_message() {
        let server = Server::answering([slow_down()]);
        let run = claims(&["-j", "1", "--retries", "0"])
            .stdin(format!("{}garbage\n", lines(2)))
            .server(&server)
            .stdout_in_any_order(
                "429 m_1 Too Many Requests (empty response)\n\
                 --- line 3: this is not JSON: expected value at column 1\n",
            )
            .stderr_like("...")
            .spawn();
        run.wait_for_stderr("waiting for the pause after 429");
        run.kill();
        server.received([claim_of("m_1")]);
    }
}
