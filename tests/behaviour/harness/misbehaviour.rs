//! What a server does to those who hope for an answer, seen by a plain client.

use std::io::{ErrorKind, Read as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{client_of, rest_of};
use crate::support::{Gate, Reply, Request, Server, refused_port};

const POST: &str = "POST /p HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";

/// How long nothing has to come for it to count as silence.
const SILENCE: Duration = Duration::from_millis(50);

fn server_that(reply: Reply) -> Server {
    let server = Server::answering([reply]);
    server.ignore_requests();
    server
}

#[track_caller]
fn assert_silent(client: &mut TcpStream) {
    client.set_read_timeout(Some(SILENCE)).unwrap();
    let kind = client.read(&mut [0]).unwrap_err().kind();
    assert!(matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut));
    client.set_read_timeout(None).unwrap();
}

#[test]
fn close_ends_the_connection_without_a_byte() {
    let server = server_that(Reply::close());
    assert_eq!(rest_of(&mut client_of(&server, POST)), "");
    server.received([Request::bare("POST", "/p").json("body")]);
}

#[test]
fn reset_tears_the_connection_down() {
    for request in [POST, "GET /p HTTP/1.1\r\n\r\n"] {
        let server = server_that(Reply::reset());
        let error = client_of(&server, request).read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn silence_lasts_until_the_server_is_dropped() {
    let server = server_that(Reply::silence());
    let mut client = client_of(&server, POST);
    assert_silent(&mut client);
    drop(server);
    assert_eq!(rest_of(&mut client), "");
}

#[test]
fn raw_bytes_are_sent_as_they_are() {
    let server = server_that(Reply::raw(
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
    ));
    assert_eq!(
        rest_of(&mut client_of(&server, POST)),
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"
    );
}

#[test]
fn raw_open_bytes_are_followed_by_silence() {
    let server = server_that(Reply::raw_open("half"));
    let mut client = client_of(&server, POST);
    client.read_exact(&mut [0; 4]).unwrap();
    assert_silent(&mut client);
}

#[test]
fn a_drip_comes_byte_by_byte() {
    let server = server_that(Reply::drip("slow", Duration::from_millis(10)));
    let start = Instant::now();
    assert_eq!(rest_of(&mut client_of(&server, POST)), "slow");
    assert!(start.elapsed() >= Duration::from_millis(40));
}

#[test]
fn a_drip_ends_with_the_server() {
    let server = server_that(Reply::drip("slow", Duration::from_hours(1)));
    let mut client = client_of(&server, POST);
    client.read_exact(&mut [0]).unwrap();
    drop(server);
    assert_eq!(rest_of(&mut client), "");
}

#[test]
fn an_endless_reply_goes_on() {
    let server = server_that(Reply::endless("head:", "xy"));
    let mut client = client_of(&server, POST);
    let mut much = vec![0; 1 << 20];
    client.read_exact(&mut much).unwrap();
    assert!(much.starts_with(b"head:xyxyxy"));
    // The server has filled all buffers by now or soon, and still has to be able to end.
    drop(server);
}

#[test]
fn a_gated_reply_waits_for_the_test() {
    let gate = Gate::new();
    let server = server_that(Reply::created().gated(&gate));
    let mut client = client_of(&server, POST);
    server.wait_for(1);
    assert_silent(&mut client);
    gate.open();
    let mut answer = [0; 20];
    client.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 201 Created");
}

#[test]
fn a_gate_that_stays_closed_doesn_t_keep_the_server() {
    let server = server_that(Reply::created().gated(&Gate::new()));
    let mut client = client_of(&server, POST);
    server.wait_for(1);
    drop(server);
    // Whether this ends by a close or a reset depends on how far the server had read.
    let mut rest = Vec::new();
    let _ = client.read_to_end(&mut rest);
    assert_eq!(rest, b"");
}

#[test]
fn a_late_reply_is_late() {
    let server = server_that(Reply::created().after(SILENCE));
    let start = Instant::now();
    client_of(&server, POST).read_exact(&mut [0; 20]).unwrap();
    assert!(start.elapsed() >= SILENCE);
}

#[test]
fn a_client_that_leaves_is_no_failure() {
    let server = Server::answering([]);
    server.received([]);
    drop(client_of(&server, "POST / HTTP/1.1\r\nContent-Le"));
    drop(client_of(
        &server,
        "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbo",
    ));
    drop(client_of(&server, ""));
}

#[test]
fn a_refused_port_refuses() {
    let refused = refused_port();
    assert_eq!(
        refused.url(),
        format!("http://127.0.0.1:{}", refused.port())
    );
    let error = TcpStream::connect(("127.0.0.1", refused.port())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}
