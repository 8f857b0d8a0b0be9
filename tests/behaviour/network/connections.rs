//! One connection serves many messages, as long as the server keeps it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::example::{assert_sends_nothing, claim_input, claim_of, line};
use crate::support::{Reply, Server};

const IDS: [&str; 5] = ["m_1", "m_2", "m_3", "m_4", "m_5"];

#[test]
fn several_messages_share_one_connection() {
    let refusal = || Reply::status(400, "Bad Request").json(r#"{"error":"no"}"#);
    let server = Server::answering([
        Reply::created(),
        refusal(),
        Reply::status(204, "No Content"),
        Reply::status(503, "Service Unavailable").html("<html>"),
        Reply::created(),
    ]);
    claim_input()
        .stdin(IDS.map(line).join("\n"))
        .server(&server)
        .stdout_like(
            "201 m_1 claimed\n400 m_2 no\n204 m_3 claimed\n503 m_4 [..]\n201 m_5 claimed\n",
        )
        .stderr_like("hint: [..]\nhint: [..]\n")
        .code(5)
        .run();
    server.received(IDS.map(claim_of));
    assert_eq!(server.connections(), 1);
}

#[test]
fn an_announced_close_is_followed_by_another_connection() {
    let server = Server::always(Reply::created().header("connection", "close"));
    claim_input()
        .stdin(IDS.map(line).join("\n"))
        .server(&server)
        .stdout(IDS.map(|id| format!("201 {id} claimed\n")).concat())
        .run();
    server.received(IDS.map(claim_of));
    assert_eq!(server.connections(), 5);
}

/// Claims one message after another from a server that sends `last_words` some time after each response, and then
/// closes the connection.
#[track_caller]
fn assert_claims_after(last_words: &'static str, pause: Duration) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (closed, is_closed) = mpsc::channel();
    let server = thread::spawn(move || {
        for stream in listener.incoming().take(IDS.len()) {
            let mut stream = stream.unwrap();
            // The body has the only brace of the request, at its end.
            let mut byte = [0];
            while byte != *b"}" {
                stream.read_exact(&mut byte).unwrap();
            }
            let response = b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(response).unwrap();
            thread::sleep(pause);
            stream.write_all(last_words.as_bytes()).unwrap();
            // A drop wouldn't do: a process that another test is starting may hold a copy for a moment.
            stream.shutdown(Shutdown::Both).unwrap();
            closed.send(()).unwrap();
        }
    });
    let mut run = claim_input()
        .base_url(&url)
        .stdout(IDS.map(|id| format!("201 {id} claimed\n")).concat())
        .spawn();
    for id in IDS {
        run.write_line(&line(id));
        assert_eq!(run.read_line(), format!("201 {id} claimed"));
        is_closed.recv().unwrap();
    }
    run.finish();
    server.join().unwrap();
}

#[test]
fn an_unannounced_close_is_followed_by_another_connection() {
    assert_claims_after("", Duration::ZERO);
}

#[test]
fn a_408_on_an_idle_connection_is_not_the_response_to_the_next_request() {
    // The runs make one attempt for each message, so that it would be the last.
    let timeout = "HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    for pause in [0, 20] {
        assert_claims_after(timeout, Duration::from_millis(pause));
    }
}

#[test]
fn a_connection_that_breaks_is_followed_by_another() {
    for (reply, printed, code) in [
        (Reply::close(), "--- m_1 [..]\n", 5),
        (Reply::reset(), "--- m_1 [..]\n", 5),
        (Reply::raw("garbage\r\n\r\n"), "--- m_1 [..]\n", 5),
        (
            Reply::endless("HTTP/1.1 201 Created\r\n\r\n", "x".repeat(1000)),
            "201 m_1 claimed\n",
            0,
        ),
    ] {
        let server = Server::answering([reply, Reply::created()]);
        claim_input()
            .stdin([line("m_1"), line("m_2")].join("\n"))
            .server(&server)
            .stdout_like(format!("{printed}201 m_2 claimed\n"))
            .stderr_like(if code == 0 { "" } else { "hint: [..]\n" })
            .code(code)
            .run();
        server.received([claim_of("m_1"), claim_of("m_2")]);
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn without_a_message_no_connection_is_made() {
    let server = Server::answering([]);
    claim_input().stdin("\n").server(&server).run();
    server.received([]);
    assert_eq!(server.connections(), 0);
    assert_sends_nothing(claim_input());
}
