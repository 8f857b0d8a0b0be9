//! The harness fails where it should, and its server misbehaves as described. Without this, every other test could
//! pass without checking anything.

mod misbehaviour;
mod requests;
#[cfg(unix)]
mod runs;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::support::Server;

/// The message that `action` panics with. The test fails if it doesn't panic.
#[track_caller]
fn failure_of<T>(action: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(action)) {
        Ok(_) => panic!("this should have failed"),
        Err(message) => match message.downcast::<String>() {
            Ok(text) => *text,
            Err(message) => (*message.downcast::<&str>().expect("a text")).to_owned(),
        },
    }
}

#[track_caller]
fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing from: {text}");
    }
}

/// A connection to `server` on which `request` was sent.
fn client_of(server: &Server, request: &str) -> TcpStream {
    let mut client = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    client.write_all(request.as_bytes()).unwrap();
    client
}

/// All that comes on `client` until the server closes it.
fn rest_of(client: &mut TcpStream) -> String {
    let mut text = String::new();
    client.read_to_string(&mut text).unwrap();
    text
}
