//! Ten messages in a row without a final response stop the run.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use crate::batch::{claims, lines, results, summary, with_outcome};
use crate::example::line;
use crate::support::{Reply, Server};

const HINT: &str = "hint: 10 messages in a row got no final response, so the run stopped: [..]\n";

fn down() -> Reply {
    Reply::status(503, "Service Unavailable")
}

/// Asserts how a run over this number of messages ends, and how many requests it makes.
#[track_caller]
fn assert_ends(server: &Server, retries: &str, messages: usize, counts: &str, requests: usize) {
    let hint = if counts.contains("not sent") {
        HINT
    } else {
        ""
    };
    claims(&["-j", "1", "--retries", retries])
        .stdin(lines(messages))
        .server(server)
        .stdout_like("...")
        .stderr_like(format!("hint: [..]\n{}{hint}", summary(counts)))
        .code(5)
        .run();
    assert_eq!(server.requests().len(), requests);
}

/// `errors.txt` has what is printed of the messages after them.
#[test]
fn ten_failures_in_a_row_stop_the_run() {
    let counts = "0 accepted, 10 unavailable, 3 not sent";
    assert_ends(&Server::always(down()), "0", 13, counts, 10);
}

#[test]
fn nine_failures_are_not_enough_and_a_final_response_resets_the_count() {
    let counts = "1 accepted, 18 unavailable";
    let server = Server::by_text("\"m_10\"", Reply::created(), down());
    assert_ends(&server, "0", 19, counts, 19);
}

#[test]
fn attempts_are_not_counted_as_messages() {
    let counts = "0 accepted, 9 unavailable";
    assert_ends(&Server::always(down()), "1", 9, counts, 18);
}

#[test]
fn a_server_that_goes_away_after_a_response_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        drop(listener);
        let mut request = Vec::new();
        while !request.contains(&b'}') {
            let mut part = [0; 1024];
            let count = stream.read(&mut part).unwrap();
            request.extend_from_slice(&part[..count]);
        }
        let reply = b"HTTP/1.1 201 Created\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(reply).unwrap();
    });
    claims(&["-j", "1", "--retries", "0"])
        .stdin(lines(2))
        .base_url(&format!("http://{address}"))
        .stdout(format!(
            "201 m_1 claimed\n--- m_2 {address} refused the connection\n"
        ))
        .stderr_like(format!(
            "hint: [..]\n{}",
            summary("1 accepted, 1 unavailable")
        ))
        .code(5)
        .run();
    server.join().unwrap();
}

#[test]
fn workers_finish_the_messages_that_they_have() {
    let server = Server::always(down());
    let output = claims(&["--retries", "0", "--json"])
        .stdin(lines(100))
        .server(&server)
        .stdout_like("...")
        .stderr_like(format!("hint: [..]\n[..]\n{HINT}"))
        .code(5)
        .run();
    let results = results(&output);
    let unavailable = with_outcome(&results, "unavailable").len();
    assert!((10..10 + 8).contains(&unavailable), "{unavailable}");
    assert_eq!(with_outcome(&results, "not_sent").len(), 100 - unavailable);
    assert_eq!(server.requests().len(), unavailable);
}

#[test]
fn an_open_pipe_does_not_keep_the_run_alive() {
    let server = Server::always(down());
    let mut run = claims(&["-j", "1", "--retries", "0"])
        .server(&server)
        .stdout_like("...")
        .stderr_like(format!(
            "hint: [..]\n{}{HINT}",
            summary("0 accepted, 10 unavailable")
        ))
        .code(5)
        .spawn();
    for number in 1..=10 {
        run.write_line(&line(&format!("m_{number}")));
    }
    run.wait();
    assert_eq!(server.requests().len(), 10);
}
