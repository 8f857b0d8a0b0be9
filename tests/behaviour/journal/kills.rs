//! Killed at any moment and run again until it exits 0: every message is accepted, and few are sent twice.

use std::collections::BTreeMap;

use super::JOURNAL;
use crate::batch::{ids, lines};
use crate::support::{Gate, Home, Reply, Run, Server, lexbot};

const MESSAGES: usize = 60;
const JOBS: usize = 4;

/// Claims the messages in the home's file.
fn claims(home: &Home, server: &Server) -> Run {
    lexbot(["claim", "-i", "in.json", "--rate", "0", "-q"])
        .args(["--jobs", &JOBS.to_string(), "--journal", JOURNAL])
        .home(home)
        .server(server)
}

fn home() -> Home {
    let home = Home::new();
    home.write("in.json", lines(MESSAGES));
    home
}

/// A server that accepts this number of messages at once, and the others when `gate` is open.
fn answering(at_once: usize, gate: &Gate) -> Server {
    let gate = gate.clone();
    let mut count = 0;
    Server::scripted(move |_| {
        count += 1;
        if count <= at_once {
            Reply::created()
        } else {
            Reply::created().gated(&gate)
        }
    })
}

/// How often each message was sent.
fn times_sent(server: &Server) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for request in server.requests() {
        let body: serde_json::Value = serde_json::from_str(request.text()).unwrap();
        let id = body["object_id"].as_str().unwrap().to_owned();
        *times.entry(id).or_default() += 1;
    }
    times
}

/// Asserts that all messages are accepted, and that no more of them than `kills` allow were sent more than once.
#[track_caller]
fn assert_all_accepted(home: &Home, server: &Server, kills: usize) {
    let times = times_sent(server);
    let mut expected = ids(MESSAGES);
    expected.sort();
    assert!(times.keys().eq(&expected), "{times:?}");
    let too_many: usize = times.values().map(|times| times - 1).sum();
    assert!(
        too_many <= kills * JOBS,
        "{too_many} after {kills} kills: {times:?}"
    );
    let journal = home.read(JOURNAL);
    for id in ids(MESSAGES) {
        let accepted = journal.lines().filter(|line| {
            line.contains(&format!(r#""object_id":"{id}""#))
                && line.contains(r#""outcome":"accepted""#)
        });
        assert_eq!(accepted.count(), 1, "{id}");
    }
}

#[test]
fn only_messages_in_flight_are_sent_twice() {
    for answered in [0, 1, JOBS, JOBS + 1, 23, MESSAGES - JOBS] {
        let home = home();
        let gate = Gate::new();
        let server = answering(answered, &gate);
        let run = claims(&home, &server).spawn();
        // Now all workers wait for a response, and have recorded the previous ones.
        server.wait_for(answered + JOBS);
        run.kill();
        gate.open();
        claims(&home, &server).run();
        assert_eq!(server.requests().len(), MESSAGES + JOBS);
        assert_all_accepted(&home, &server, 1);
    }
}

#[test]
fn a_run_killed_at_any_moment_loses_no_message() {
    for sent in [1, 2, 3, 7, 20, 31, 40] {
        let home = home();
        let gate = Gate::new();
        // The kill comes after `sent` requests, before the rest.
        let server = answering(sent + 12, &gate);
        let run = claims(&home, &server).spawn();
        server.wait_for(sent);
        run.kill();
        gate.open();
        claims(&home, &server).run();
        assert_all_accepted(&home, &server, 1);
    }
}

#[test]
fn a_run_killed_again_and_again_loses_no_message() {
    let home = home();
    let gate = Gate::new();
    let held = gate.clone();
    let mut count = 0;
    // Every run gets a response to the first six of ten requests, and waits for the others.
    let server = Server::scripted(move |_| {
        count += 1;
        match count % 10 {
            1..=6 => Reply::created(),
            _ => Reply::created().gated(&held),
        }
    });
    for kill in 1..=5 {
        let run = claims(&home, &server).spawn();
        server.wait_for(kill * 10);
        run.kill();
    }
    gate.open();
    claims(&home, &server).run();
    assert_eq!(server.requests().len(), MESSAGES + 5 * JOBS);
    assert_all_accepted(&home, &server, 5);
}
