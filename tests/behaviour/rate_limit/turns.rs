//! The turns that processes with the same token take.

use std::time::Duration;

use super::{
    IDLE, SECOND, State, assert_claims, assert_waits, home_after_a_run, last_slot, start_waiting,
    state_file, wait_for_change,
};
use crate::batch::lines;
use crate::example::{claim, claim_of, now_millis};
use crate::support::{Gate, Home, Reply, Server, lexbot};

#[test]
fn a_clock_that_was_set_back_delays_no_run() {
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    let hour = 3600 * SECOND;
    let written = |time, state| State {
        written: Some(time),
        ..state
    };
    for state in [
        written(hour, State::reserved(hour)),
        written(-hour, State::reserved(hour)),
        State::reserved(1_000 * hour),
        written(20 * SECOND, State::reserved(20 * SECOND)),
        written(20 * SECOND, State::paused(20 * SECOND)),
        State::paused(hour),
        State {
            lowered_until: Some(hour),
            ..IDLE
        },
    ] {
        std::fs::write(&file, state.text()).unwrap();
        assert_claims(&home, &server);
    }
    server.ignore_requests();
}

#[cfg(unix)]
#[test]
fn a_run_waits_for_the_turn_of_another_process() {
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    std::fs::write(&file, State::reserved(50 * SECOND).text()).unwrap();
    let run = claim()
        .home(&home)
        .server(&server)
        .stdout("--- m_1 not sent: the run was stopped\n")
        .code(130);
    let run = start_waiting(run, &file);
    run.signal("INT");
    run.wait();
    server.received([claim_of("m_1")]);
}

#[test]
fn a_process_killed_while_it_waits_blocks_no_other() {
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    std::fs::write(&file, State::reserved(50 * SECOND).text()).unwrap();
    assert_waits(claim().home(&home).server(&server));
    assert_eq!(server.requests().len(), 1);
    // The test took the turn far ahead, and gives it up.
    std::fs::write(&file, IDLE.text()).unwrap();
    assert_claims(&home, &server);
    server.received([claim_of("m_1"), claim_of("m_1")]);
}

#[cfg(unix)]
#[test]
fn a_stopped_run_leaves_at_most_one_turn_unused() {
    // (1 s + 50 ms + 2 ms) / 50
    const INTERVAL: u128 = 21_040_000;
    let gate = Gate::new();
    let server = Server::always(Reply::created().gated(&gate));
    let home = Home::new();
    let run = lexbot(["claim", "-i", "-", "--rate", "50", "-q"])
        .home(&home)
        .stdin(lines(30))
        .server(&server)
        .stdout_like("...")
        .code(130)
        .spawn();
    server.wait_for(8);
    // All eight workers send now, and will ask for a turn together.
    let file = state_file(&home);
    let taken = State::reserved(15 * SECOND).text();
    std::fs::write(&file, &taken).unwrap();
    gate.open();
    wait_for_change(&file, &taken);
    run.signal("INT");
    run.wait();
    let unused = (last_slot(&home.read(&file)) - last_slot(&taken)) / INTERVAL;
    assert_eq!(unused, 1);
    assert_eq!(server.requests().len(), 8);
}

#[cfg(unix)]
#[test]
fn a_late_turn_moves_the_schedule() {
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    std::fs::write(&file, State::reserved(2 * SECOND).text()).unwrap();
    let run = claim().home(&home).server(&server);
    let run = start_waiting(run.stdout("201 m_1 claimed\n"), &file);
    // Stopped until its turn is over, so that its request is late.
    run.signal("STOP");
    let missed = last_slot(&home.read(&file)) / 1_000_000 + 50;
    while u128::from(now_millis()) < missed {
        std::thread::sleep(Duration::from_millis(10));
    }
    run.signal("CONT");
    run.wait();
    assert!(last_slot(&home.read(&file)) / 1_000_000 >= missed);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_tiny_rate_is_accepted() {
    let start = |rate| {
        let server = Server::answering([Reply::created()]);
        let run = lexbot(["claim", "-i", "-", "-j", "1", "--rate", rate])
            .stdin(format!("{}garbage\n", lines(2)))
            .server(&server)
            .stdout_in_any_order(
                "201 m_1 claimed\n--- line 3: this is not JSON: expected value at column 1\n",
            )
            .spawn();
        (server, run)
    };
    for (server, run) in ["0.000001", "1e-12", "1e-300"].map(start) {
        run.wait_for_stderr("waiting for the rate limit");
        run.kill();
        server.received([claim_of("m_1")]);
    }
}
