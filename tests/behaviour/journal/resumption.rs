//! Messages that come again in the same run, and runs at the same time. `webhooks.txt` has what the next run skips.

use super::claims;
use crate::batch::lines;
use crate::example::{claim_of, line};
use crate::support::{Gate, Home, Reply, Server};

#[test]
fn a_message_accepted_in_the_same_run_is_skipped() {
    let home = Home::new();
    let server = Server::answering([Reply::created()]);
    let mut run = claims(&home)
        .args(["-v"])
        .server(&server)
        .stdout("201 m_1 claimed\n--- m_1 skipped: the journal has it as accepted\n")
        .stderr_like("...")
        .spawn();
    run.write_line(&line("m_1"));
    run.read_line();
    run.write_line(&line("m_1"));
    run.read_line();
    run.finish();
    server.received([claim_of("m_1")]);
}

#[test]
fn two_runs_can_t_share_a_journal() {
    let home = Home::new();
    let gate = Gate::new();
    let server = Server::answering([Reply::created().gated(&gate), Reply::created()]);
    let first = claims(&home)
        .stdin(lines(1))
        .server(&server)
        .stdout("201 m_1 claimed\n")
        .spawn();
    server.wait_for(1);
    claims(&home)
        .stdin(lines(1))
        .server(&server)
        .stderr(
            "error: another lexbot is using the journal journal\n\
             hint: wait for it to end, or give each run a journal of its own\n",
        )
        .code(3)
        .run();
    gate.open();
    first.wait();
    claims(&home)
        .stdin(lines(2))
        .server(&server)
        .stdout("201 m_2 claimed\n")
        .run();
    server.received(["m_1", "m_2"].map(claim_of));
}
