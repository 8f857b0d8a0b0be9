//! How many requests at once.

use crate::batch::{claims, ids, lines, summary};
use crate::example::{claim_of, line};
use crate::support::{Gate, Reply, Server, lexbot};

#[test]
fn every_job_has_one_request_in_flight() {
    for (args, jobs) in [(&[][..], 8), (&["--jobs", "3"], 3), (&["-j", "1"], 1)] {
        let gate = Gate::new();
        let server = Server::always(Reply::created().gated(&gate));
        let run = claims(args)
            .args(["-q"])
            .stdin(lines(40))
            .server(&server)
            .spawn();
        server.wait_for(jobs);
        gate.open();
        run.wait();
        // Each worker keeps its connection, so an extra worker would open an extra connection.
        assert_eq!(server.connections(), jobs);
        server.received_in_any_order(ids(40).iter().map(|id| claim_of(id)));
    }
}

#[test]
fn one_job_keeps_the_order() {
    let server = Server::always(Reply::created());
    let results: Vec<_> = ids(20)
        .iter()
        .map(|id| format!("201 {id} claimed\n"))
        .collect();
    claims(&["-j", "1"])
        .stdin(lines(20))
        .server(&server)
        .stdout(results.concat())
        .stderr_like(summary("20 accepted"))
        .run();
    server.received(ids(20).iter().map(|id| claim_of(id)));
}

#[test]
fn a_line_is_processed_while_an_earlier_request_is_in_flight() {
    let gate = Gate::new();
    let server = Server::answering([Reply::created().gated(&gate), Reply::created()]);
    let mut run = claims(&[])
        .server(&server)
        .stdout("201 m_2 claimed\n--- line 3: this is not JSON: expected value at column 1\n201 m_1 claimed\n")
        .stderr_like(summary("2 accepted, 1 invalid"))
        .code(1)
        .spawn();
    run.write_line(&line("m_1"));
    server.wait_for(1);
    run.write_line(&line("m_2"));
    assert_eq!(run.read_line(), "201 m_2 claimed");
    run.write_line("garbage");
    assert_eq!(
        run.read_line(),
        "--- line 3: this is not JSON: expected value at column 1"
    );
    gate.open();
    assert_eq!(run.read_line(), "201 m_1 claimed");
    run.finish();
    server.received([claim_of("m_1"), claim_of("m_2")]);
}

#[test]
fn a_rate_sends_every_message_once() {
    let server = Server::always(Reply::created());
    lexbot(["claim", "-i", "-", "-q", "--rate", "500"])
        .stdin(lines(40))
        .server(&server)
        .run();
    server.received_in_any_order(ids(40).iter().map(|id| claim_of(id)));
}
