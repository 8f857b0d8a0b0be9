//! Where no connection can be made, nothing can have arrived.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use super::{UNAVAILABLE, assert_unanswered};
use crate::example::{claim, claim_input, line};
use crate::support::refused_port;

#[test]
fn nobody_listens() {
    let refused = refused_port();
    assert_unanswered(
        claim,
        &refused.url(),
        "{host} refused the connection",
        "check the network, the proxy and the base URL {url}; is Lexer up? https://status.lexer.io",
        UNAVAILABLE,
    );
}

#[test]
fn the_next_message_is_tried_all_the_same() {
    let refused = refused_port();
    let host = format!("127.0.0.1:{}", refused.port());
    claim_input()
        .base_url(&refused.url())
        .stdin([line("m_1"), line("m_2")].join("\n"))
        .stdout(format!(
            "--- m_1 {host} refused the connection\n--- m_2 {host} refused the connection\n"
        ))
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
}

#[test]
fn a_host_without_an_address() {
    // A label over 63 characters can't be asked for, so that this never leaves the machine.
    let url = format!("https://{}.example", "lexer".repeat(13));
    assert_unanswered(
        claim,
        &url,
        "{host} has no address",
        "check the network and the base URL {url}",
        UNAVAILABLE,
    );
}

#[test]
fn a_server_that_speaks_no_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let mut stream = stream.unwrap();
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            // Closed only after the client has left: no reset overtakes the answer.
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    assert_unanswered(
        claim,
        &url,
        "no secure connection to {host}: the server does not speak TLS",
        "check the base URL {url}: does an https server answer there?",
        UNAVAILABLE,
    );
    server.join().unwrap();
}
