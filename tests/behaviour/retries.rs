//! What is sent again, how often, and who waits meanwhile.

use serde_json::{Value, json};

use crate::batch::{claims, field, lines, results, summary};
use crate::example::{claim_of, line};
use crate::support::{Reply, Run, Server, lexbot, refused_port};

/// The statuses that another try can mend.
const TEMPORARY: [u16; 4] = [429, 502, 503, 504];

/// A claim of `m_1` without a rate.
fn claim(args: &[&str]) -> Run {
    lexbot(["claim", "--rate", "0", "--json", "--object-id", "m_1"])
        .args(["--published-at", "1458692752478", "--account-id", "77"])
        .args(args)
}

/// An answer that asks for another try at once.
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
fn what_can_be_mended_is_tried_again() {
    for status in TEMPORARY {
        let result = result(claim(&[]), [again(status), Reply::created()], 0);
        assert_eq!(essence(&result), json!(["accepted", 201, false, 2]));
    }
}

#[test]
fn the_last_answer_counts() {
    let replies = [again(503), again(429), Reply::status(400, "Bad Request")];
    let result = result(claim(&[]), replies, 1);
    assert_eq!(essence(&result), json!(["rejected", 400, false, 3]));
}

#[test]
fn three_more_attempts_are_made_unless_a_flag_says_otherwise() {
    for (args, attempts) in [
        (&[][..], 4),
        (&["--retries", "0"], 1),
        (&["--retries", "1"], 2),
        (&["--retries", "9"], 10),
    ] {
        let replies = vec![again(503); attempts];
        let result = result(claim(args), replies, 5);
        assert_eq!(
            essence(&result),
            json!(["unavailable", 503, true, attempts])
        );
    }
}

#[test]
fn every_temporary_answer_is_unavailable_in_the_end() {
    for status in TEMPORARY {
        let result = result(claim(&["--retries", "1"]), vec![again(status); 2], 5);
        assert_eq!(essence(&result), json!(["unavailable", status, true, 2]));
    }
}

#[test]
fn other_answers_are_final() {
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
fn a_connection_that_breaks_is_tried_again() {
    let result = result(claim(&[]), [Reply::close(), Reply::created()], 0);
    assert_eq!(essence(&result), json!(["accepted", 201, false, 2]));
}

#[test]
fn an_answer_that_does_not_come_in_time_is_tried_again() {
    let run = claim(&["--retries", "1", "--timeout", "0.1"]);
    let result = result(run, [Reply::silence(), Reply::silence()], 5);
    assert_eq!(essence(&result), json!(["unknown", null, true, 2]));
}

#[test]
fn a_refused_connection_is_tried_again() {
    let port = refused_port();
    let output = claim(&["--retries", "1"])
        .base_url(&port.url())
        .stdout_like("{[..]}\n")
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
    assert_eq!(
        essence(&results(&output)[0]),
        json!(["unavailable", null, true, 2])
    );
}

#[test]
fn retry_after_is_obeyed_in_every_form_that_means_now() {
    // With lexbot's own waits, nine attempts would take more than a minute.
    for now in ["0", " 0 ", "Fri, 02 Jan 2015 03:04:05 GMT"] {
        let mut replies = vec![Reply::status(503, "Later").header("Retry-After", now); 8];
        replies.push(Reply::created());
        let run = claim(&["--retries", "8"]).limit(std::time::Duration::from_secs(10));
        assert_eq!(result(run, replies, 0)["attempts"], 9, "{now}");
    }
}

#[test]
fn each_message_has_its_own_attempts() {
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
fn the_same_line_twice_is_two_messages() {
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
mod held_back {
    use std::time::Duration;

    use super::{Reply, Server, claim_of, claims, lines, results, summary};
    use crate::batch::with_outcome;
    use crate::support::Gate;

    /// Lexer's way to say that there were too many requests.
    fn slow_down() -> Reply {
        Reply::status(429, "Too Many Requests").header("Retry-After", "60")
    }

    #[test]
    fn a_message_that_waits_for_another_try_is_given_up_at_a_signal() {
        let server = Server::answering([Reply::status(503, "Later").header("Retry-After", "60")]);
        let run = claims(&[])
            .stdin(lines(1))
            .server(&server)
            .stdout("503 m_1 Service Unavailable (empty answer)\n")
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
    fn a_429_holds_every_worker_back() {
        let (refused, accepted) = (Gate::new(), Gate::new());
        let replies = [
            ("m_1", slow_down().gated(&refused)),
            // Nothing shows that the worker which was refused has told the others: it has a moment for that.
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
    fn a_429_on_the_last_attempt_holds_the_next_message_back() {
        let server = Server::answering([slow_down()]);
        let run = claims(&["-j", "1", "--retries", "0"])
            .stdin(format!("{}garbage\n", lines(2)))
            .server(&server)
            .stdout_like("[..]\n[..]\n--- m_2 not sent: the run was stopped\n")
            .stderr_like("...")
            .code(130)
            .spawn();
        let mut told = [run.read_line(), run.read_line()];
        told.sort();
        assert_eq!(
            told,
            [
                "--- line 3: this is not JSON",
                "429 m_1 Too Many Requests (empty answer)"
            ]
        );
        run.signal("INT");
        run.wait();
        server.received([claim_of("m_1")]);
    }
}
