//! Messages that wait for another attempt: they hold up no others, and their number is limited.

use std::collections::HashSet;

use super::later;
use crate::batch::{claims, lines, results, stopped, summary, with_outcome};
use crate::support::{Home, Reply, Request, Server, lexbot};

/// The message that a request names.
fn id_of(request: &Request) -> String {
    let body: serde_json::Value = serde_json::from_str(request.text()).unwrap();
    body["object_id"].as_str().unwrap().to_owned()
}

#[test]
fn messages_that_always_fail_hold_up_no_others() {
    // As many as there are workers.
    const FAILING: [&str; 8] = ["m_1", "m_2", "m_3", "m_4", "m_5", "m_6", "m_7", "m_8"];
    let server = Server::scripted(|request| {
        if FAILING.contains(&&*id_of(request)) {
            later(504)
        } else {
            Reply::created()
        }
    });
    let run = claims(&["--retries", "1000", "--json"])
        .stdin(lines(50))
        .server(&server)
        .stdout_like("...")
        .stderr_like(format!(
            "hint: [..]\n{}",
            stopped("42 accepted, 8 unavailable")
        ))
        .code(143)
        .spawn();
    for _ in 0..42 {
        assert!(run.read_line().contains(r#""outcome":"accepted""#));
    }
    run.signal("TERM");
    let mut failed = with_outcome(&results(&run.wait()), "unavailable");
    failed.sort();
    assert_eq!(failed, FAILING);
    server.ignore_requests();
}

#[test]
fn an_outage_costs_only_time() {
    const MESSAGES: usize = 30;
    let mut seen = HashSet::new();
    // More messages in a row get no final response than would stop a run whose attempts are used up.
    let server = Server::scripted(move |request| {
        if seen.insert(id_of(request)) {
            later(503)
        } else {
            Reply::created()
        }
    });
    claims(&["--retries", "1000"])
        .stdin(lines(MESSAGES))
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("30 accepted"))
        .run();
    assert_eq!(server.requests().len(), 2 * MESSAGES);
}

#[test]
fn reading_pauses_while_a_thousand_messages_wait() {
    const MOST: usize = 1000;
    let server = Server::always(later(503));
    let home = Home::new();
    home.write("in.json", lines(4 * MOST));
    let run = lexbot(["claim", "-i", "in.json", "--rate", "0", "--json"])
        .args(["--retries", "1000"])
        .home(&home)
        .server(&server)
        .stdout_like("...")
        .stderr_like(format!(
            "hint: [..]\n{}",
            stopped("0 accepted, [..] lines left")
        ))
        .code(143)
        .spawn();
    // By then, some have made their second or third attempt.
    server.wait_for(MOST + MOST / 2);
    run.signal("TERM");
    let results = results(&run.wait());
    let sent: HashSet<_> = server.requests().iter().map(id_of).collect();
    assert!(sent.len() <= MOST, "{}", sent.len());
    // At most a buffer full of others was read.
    assert!(results.len() < 2 * MOST, "{}", results.len());
    assert_eq!(with_outcome(&results, "unavailable").len(), sent.len());
}
