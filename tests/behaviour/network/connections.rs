//! One connection serves many messages, as long as the server keeps it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

use crate::example::{claim_input, claim_of, line};
use crate::support::{Reply, Server};

const IDS: [&str; 5] = ["m_1", "m_2", "m_3", "m_4", "m_5"];

#[test]
fn several_messages_go_over_one_connection() {
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
fn a_server_may_say_that_it_closes_the_connection() {
    let server = Server::always(Reply::created().header("connection", "close"));
    claim_input()
        .stdin(IDS.map(line).join("\n"))
        .server(&server)
        .stdout(IDS.map(|id| format!("201 {id} claimed\n")).concat())
        .run();
    server.received(IDS.map(claim_of));
    assert_eq!(server.connections(), 5);
}

#[test]
fn a_server_may_close_the_connection_unsaid() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (closed, is_closed) = mpsc::channel();
    let server = thread::spawn(move || {
        for stream in listener.incoming().take(IDS.len()) {
            let stream = stream.unwrap();
            take_request(&stream);
            let answer = b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n";
            (&stream).write_all(answer).unwrap();
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
    run.close_stdin();
    run.wait();
    server.join().unwrap();
}

/// Reads a request with a body.
fn take_request(stream: &TcpStream) {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        match line.to_lowercase().split_once(':') {
            Some(("content-length", value)) => length = value.trim().parse().unwrap(),
            Some(_) => {}
            None if line.starts_with("POST") => {}
            None => break,
        }
    }
    stream.read_exact(&mut vec![0; length]).unwrap();
}
