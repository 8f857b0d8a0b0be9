//! The harness itself: that it fails where it should, and misbehaves as it says. A check that can't fail
//! would let every other test pass.

mod misbehaviour;
mod requests;
#[cfg(unix)]
mod runs;

use std::any::Any;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::support::Server;

/// What `action` panics with. One that doesn't panic fails the test.
#[track_caller]
fn failure_of<T>(action: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(action)) {
        Ok(_) => panic!("this should have failed"),
        Err(message) => text_of(message.as_ref()),
    }
}

fn text_of(message: &(dyn Any + Send)) -> String {
    let literal = || message.downcast_ref::<&str>().map(ToString::to_string);
    message
        .downcast_ref::<String>()
        .cloned()
        .or_else(literal)
        .expect("a panic's text")
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
