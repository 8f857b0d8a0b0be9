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
fn messages_that_fail_hold_up_no_others() {
    // As many as there are workers.
    const FAILING: [&str; 8] = ["m_1", "m_2", "m_3", "m_4", "m_5", "m_6", "m_7", "m_8"];
    let mut accepted = 0;
    // They fail until all others are accepted.
    let server = Server::scripted(move |request| {
        if accepted < 42 && FAILING.contains(&&*id_of(request)) {
            return later(504);
        }
        accepted += 1;
        Reply::created()
    });
    claims(&["--retries", "1000"])
        .stdin(lines(50))
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("50 accepted"))
        .run();
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

#[cfg(unix)]
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
