//! Each kind of reply, as a plain client sees it.

use std::io::{ErrorKind, Read as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{client_of, rest_of};
use crate::support::{Gate, Reply, Request, Server, refused_port};

const POST: &str = "POST /p HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";

/// After this time without a byte, the server counts as silent.
const SILENCE: Duration = Duration::from_millis(50);

fn server_that(reply: Reply) -> Server {
    let server = Server::answering([reply]);
    server.ignore_requests();
    server
}

#[track_caller]
fn assert_comes(client: &mut TcpStream, text: &str) {
    let mut bytes = vec![0; text.len()];
    client.read_exact(&mut bytes).unwrap();
    assert_eq!(bytes, text.as_bytes());
}

#[track_caller]
fn assert_silent(client: &mut TcpStream) {
    client.set_read_timeout(Some(SILENCE)).unwrap();
    let kind = client.read(&mut [0]).unwrap_err().kind();
    assert!(matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut));
    client.set_read_timeout(None).unwrap();
}

#[test]
fn a_reply_is_sent_as_it_is_and_not_too_early() {
    let truncated = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf";
    let pause = Duration::from_millis(10);
    for (reply, text, time) in [
        (Reply::close(), "", Duration::ZERO),
        (Reply::close().after(SILENCE), "", SILENCE),
        (Reply::raw(truncated), truncated, Duration::ZERO),
        (Reply::drip("slow", pause), "slow", 4 * pause),
    ] {
        let server = server_that(reply);
        let start = Instant::now();
        assert_eq!(rest_of(&mut client_of(&server, POST)), text);
        assert!(start.elapsed() >= time);
        server.received([Request::bare("POST", "/p").json("body")]);
    }
}

#[test]
fn silence_lasts_until_the_server_is_dropped() {
    for (reply, text) in [
        (Reply::silence(), ""),
        (Reply::raw_open("half"), "half"),
        (Reply::drip("slow", Duration::from_hours(1)), "s"),
    ] {
        let server = server_that(reply);
        let mut client = client_of(&server, POST);
        assert_comes(&mut client, text);
        assert_silent(&mut client);
        drop(server);
        assert_eq!(rest_of(&mut client), "");
    }
}

#[test]
fn a_reset_has_its_own_error() {
    for request in [POST, "GET /p HTTP/1.1\r\n\r\n"] {
        let server = server_that(Reply::reset());
        let error = client_of(&server, request).read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn an_endless_reply_continues_until_the_server_is_dropped() {
    let server = server_that(Reply::endless("head:", "xy".repeat(1000)));
    let mut client = client_of(&server, POST);
    assert_comes(&mut client, &format!("head:{}", "xy".repeat(1 << 19)));
    // The server has filled all buffers by now or soon, and still has to be able to end.
    drop(server);
}

#[test]
fn a_gated_reply_waits_for_the_test_or_the_end_of_the_server() {
    for opened in [true, false] {
        let gate = Gate::new();
        let server = server_that(Reply::created().gated(&gate));
        let mut client = client_of(&server, POST);
        server.wait_for(1);
        assert_silent(&mut client);
        if opened {
            gate.open();
            assert_comes(&mut client, "HTTP/1.1 201 Created");
        } else {
            drop(server);
            // A close or a reset, depending on how far the server had read.
            let mut rest = Vec::new();
            let _ = client.read_to_end(&mut rest);
            assert_eq!(rest, b"");
        }
    }
}

#[test]
fn a_client_that_leaves_early_is_not_a_failure() {
    let server = Server::answering([]);
    server.received([]);
    let body = "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbo";
    for beginning in ["", "POST / HTTP/1.1\r\nContent-Le", body] {
        drop(client_of(&server, beginning));
    }
}

#[test]
fn a_refused_port_refuses_connections() {
    let refused = refused_port();
    let address = format!("127.0.0.1:{}", refused.port());
    assert_eq!(refused.url(), format!("http://{address}"));
    let error = TcpStream::connect(address).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}
