//! Which attempts are followed by another, how often, and what waits meanwhile.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::batch::{claims, field, lines, results, summary};
use crate::example::{claim_of, line};
use crate::support::{Reply, Run, Server, lexbot, refused_port};

/// The statuses after which another attempt can succeed.
const TEMPORARY: [u16; 4] = [429, 502, 503, 504];

/// A claim of `m_1` without a rate limit.
fn claim(args: &[&str]) -> Run {
    lexbot(["claim", "--rate", "0", "--json", "--object-id", "m_1"])
        .args(["--published-at", "1458692752478", "--account-id", "77"])
        .args(args)
}

/// A response that asks for another attempt at once.
fn again(status: u16) -> Reply {
    Reply::status(status, "Later").header("Retry-After", "0")
}

/// Runs `run` against these replies, all of which are used, and gives the one result.
#[track_caller]
fn result(run: Run, replies: impl IntoIterator<Item = Reply>, code: i32) -> Value {
    let server = Server::answering(replies);
    let output = run
        .server(&server)
        .stdout_like("{[..]}\n")
        .stderr_like("...")
        .code(code)
        .run();
    for request in server.requests() {
        assert_eq!(request.body, claim_of("m_1").body);
    }
    results(&output).remove(0)
}

/// `result`'s outcome, status, whether another run can help, and attempts.
fn essence(result: &Value) -> Value {
    json!([
        result["outcome"],
        result["status"],
        result["retryable"],
        result["attempts"]
    ])
}

#[test]
fn a_temporary_failure_is_retried() {
    for reply in TEMPORARY.map(again).into_iter().chain([Reply::close()]) {
        let result = result(claim(&[]), [reply, Reply::created()], 0);
        assert_eq!(essence(&result), json!(["accepted", 201, false, 2]));
    }
    let run = claim(&["--retries", "1", "--timeout", "0.1"]);
    let result = result(run, [Reply::silence(), Reply::silence()], 5);
    assert_eq!(essence(&result), json!(["unknown", null, true, 2]));
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
    let result = &results(&output)[0];
    assert_eq!(essence(result), json!(["unavailable", null, true, 2]));
}

#[test]
fn the_last_response_counts() {
    let replies = [again(503), again(429), Reply::status(400, "Bad Request")];
    let last = result(claim(&[]), replies, 1);
    assert_eq!(essence(&last), json!(["rejected", 400, false, 3]));
    for status in TEMPORARY {
        let last = result(claim(&["--retries", "1"]), vec![again(status); 2], 5);
        assert_eq!(essence(&last), json!(["unavailable", status, true, 2]));
    }
}

#[test]
fn three_retries_are_made_unless_a_flag_says_otherwise() {
    for (args, attempts) in [
        (&[][..], 4),
        (&["--retries", "0"], 1),
        (&["--retries", "1"], 2),
        (&["--retries", "9"], 10),
    ] {
        let result = result(claim(args), vec![again(503); attempts], 5);
        let expected = json!(["unavailable", 503, true, attempts]);
        assert_eq!(essence(&result), expected);
    }
}

#[test]
fn other_responses_are_final() {
    for (status, outcome, code) in [
        (400, "rejected", 1),
        (401, "unauthorized", 4),
        (403, "unauthorized", 4),
        (404, "rejected", 1),
        (408, "rejected", 1),
        (409, "rejected", 1),
        (425, "rejected", 1),
        (500, "rejected", 1),
        (501, "rejected", 1),
        (505, "rejected", 1),
        (307, "rejected", 1),
        (200, "accepted", 0),
    ] {
        let result = result(claim(&[]), [again(status)], code);
        assert_eq!(essence(&result), json!([outcome, status, false, 1]));
    }
}

#[test]
fn retries_obey_the_rate() {
    const ATTEMPTS: u32 = 4;
    const RATE: u32 = 4;
    let start = Instant::now();
    let last = Arc::new(Mutex::new(Duration::ZERO));
    let noted = Arc::clone(&last);
    let server = Server::scripted(move |_| {
        *noted.lock().unwrap() = start.elapsed();
        again(503)
    });
    lexbot(["claim", "-i", "-", "--rate", &RATE.to_string(), "-q"])
        .stdin(lines(1))
        .server(&server)
        .stdout_like("503 m_1 [..]\n")
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
    server.received((0..ATTEMPTS).map(|_| claim_of("m_1")));
    // An interval lies between two attempts, and the first one came after `start`.
    let minimum = Duration::from_secs(1) / RATE * (ATTEMPTS - 1);
    let last = *last.lock().unwrap();
    assert!(last >= minimum, "{ATTEMPTS} attempts within {last:?}");
}

#[test]
fn retry_after_is_obeyed_in_every_form_that_means_now() {
    // With lexbot's own waits, nine attempts would take more than a minute.
    for now in ["0", " 0 ", "Fri, 02 Jan 2015 03:04:05 GMT"] {
        let mut replies = vec![Reply::status(503, "Later").header("Retry-After", now); 8];
        replies.push(Reply::created());
        let run = claim(&["--retries", "8"]).limit(Duration::from_secs(10));
        assert_eq!(result(run, replies, 0)["attempts"], 9, "{now}");
    }
}

#[test]
fn attempts_are_counted_for_each_message() {
    let server = Server::answering([
        again(503),
        again(503),
        Reply::created(),
        again(503),
        Reply::created(),
    ]);
    let output = claims(&["-j", "1", "--retries", "2", "--json"])
        .stdin(lines(2))
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("2 accepted"))
        .run();
    assert_eq!(field(&results(&output), "attempts"), [3, 2]);
    server.received(["m_1", "m_1", "m_1", "m_2", "m_2"].map(claim_of));
}

#[test]
fn a_repeated_line_is_another_message() {
    let server = Server::answering([Reply::created(), Reply::created()]);
    claims(&["-j", "1"])
        .stdin(format!("{0}\n{0}\n", line("m_1")))
        .server(&server)
        .stdout("201 m_1 claimed\n201 m_1 claimed\n")
        .stderr_like(summary("2 accepted"))
        .run();
    server.received(["m_1", "m_1"].map(claim_of));
}

#[cfg(unix)]
mod pauses {
    use std::time::Duration;

    use super::{Reply, Server, claim_of, claims, lines, results, summary};
    use crate::batch::with_outcome;
    use crate::support::Gate;

    /// Lexer's response to too many requests.
    fn slow_down() -> Reply {
        Reply::status(429, "Too Many Requests").header("Retry-After", "60")
    }

    #[test]
    fn a_signal_ends_the_wait_for_a_retry() {
        let server = Server::answering([Reply::status(503, "Later").header("Retry-After", "60")]);
        let run = claims(&[])
            .stdin(lines(1))
            .server(&server)
            .stdout("503 m_1 Service Unavailable (empty response)\n")
            .stderr_like(format!(
                "hint: [..]\n{}",
                summary("0 accepted, 1 unavailable")
            ))
            .code(130)
            .spawn();
        server.wait_for(1);
        run.signal("INT");
        run.wait();
        server.received([claim_of("m_1")]);
    }

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
            .stdout_like("...")
            .stderr_like("...")
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
            .stdout_like("[..]\n[..]\n--- m_2 not sent: the run was stopped\n")
            .stderr_like("...")
            .code(130)
            .spawn();
        let mut reported = [run.read_line(), run.read_line()];
        reported.sort();
        assert_eq!(
            reported,
            [
                "--- line 3: this is not JSON: expected value at column 1",
                "429 m_1 Too Many Requests (empty response)"
            ]
        );
        run.signal("INT");
        run.wait();
        server.received([claim_of("m_1")]);
    }
}
