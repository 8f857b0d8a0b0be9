//! A wire against a socket in the same process.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use ureq::unversioned::transport::{LazyBuffers, NextTimeout, Transport as _};
use ureq::{Error, Timeout};

use super::{MAX_HELD, TcpTransport};

fn pair() -> (TcpTransport, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (far, _) = listener.accept().unwrap();
    (TcpTransport::new(near, LazyBuffers::new(64, 64 << 10)), far)
}

fn within(time: Duration) -> NextTimeout {
    NextTimeout {
        after: time.into(),
        reason: Timeout::RecvResponse,
        ..NextTimeout::default()
    }
}

const LONG: Duration = Duration::from_secs(20);

fn write(wire: &mut TcpTransport, bytes: &[u8]) {
    wire.buffers().output()[..bytes.len()].copy_from_slice(bytes);
    wire.transmit_output(bytes.len(), within(LONG)).unwrap();
}

fn is_empty(far: &TcpStream) -> bool {
    far.set_nonblocking(true).unwrap();
    let nothing = far.peek(&mut [0]).is_err();
    far.set_nonblocking(false).unwrap();
    nothing
}

#[test]
fn what_is_written_in_parts_leaves_as_one_before_the_first_read() {
    let (mut wire, mut far) = pair();
    write(&mut wire, b"head ");
    write(&mut wire, b"body");
    assert!(is_empty(&far));
    far.write_all(b"answer").unwrap();
    assert!(wire.await_input(within(LONG)).unwrap());
    assert_eq!(wire.buffers().input(), b"answer");
    let mut received = [0; 64];
    let count = far.read(&mut received).unwrap();
    assert_eq!(&received[..count], b"head body");
}

#[test]
fn it_leaves_also_where_there_is_something_to_read_already() {
    let (mut wire, mut far) = pair();
    far.write_all(b"early answer").unwrap();
    assert!(wire.await_input(within(LONG)).unwrap());
    wire.buffers().input_consume(6);
    write(&mut wire, b"request");
    assert!(wire.maybe_await_input(within(LONG)).unwrap());
    assert_eq!(wire.buffers().input(), b"answer");
    let mut received = [0; 7];
    far.read_exact(&mut received).unwrap();
    assert_eq!(&received, b"request");
}

#[test]
fn a_large_body_is_not_held() {
    let (mut wire, mut far) = pair();
    write(&mut wire, &vec![b'x'; MAX_HELD]);
    let mut received = vec![0; MAX_HELD];
    far.read_exact(&mut received).unwrap();
}

#[test]
fn a_connection_that_the_server_closed_is_not_open() {
    let (mut wire, mut far) = pair();
    assert!(wire.is_open());
    far.write_all(b"answer").unwrap();
    wire.await_input(within(LONG)).unwrap();
    drop(far);
    // ureq's first look, straight after the answer, is taken on trust, and the second must find it out.
    assert!(wire.is_open());
    // The goodbye is on its way: wait for it, as somebody would who reads.
    wire.stream.set_read_timeout(Some(LONG)).unwrap();
    wire.stream.peek(&mut [0]).unwrap();
    assert!(!wire.is_open());
}

#[test]
fn neither_is_one_on_which_the_server_says_more_than_it_was_asked() {
    let (mut wire, mut far) = pair();
    far.write_all(b"answer").unwrap();
    wire.await_input(within(LONG)).unwrap();
    assert!(wire.is_open());
    assert!(wire.is_open());
    far.write_all(b"more").unwrap();
    wire.stream.peek(&mut [0]).unwrap();
    assert!(!wire.is_open());
}

#[test]
fn an_answer_that_does_not_come_is_waited_for_as_long_as_was_said() {
    let (mut wire, _far) = pair();
    let start = Instant::now();
    let error = wire
        .await_input(within(Duration::from_millis(30)))
        .unwrap_err();
    assert!(matches!(error, Error::Timeout(Timeout::RecvResponse)));
    assert!(start.elapsed() >= Duration::from_millis(30));
}

#[test]
fn debug_output_has_nothing_of_what_is_held() {
    let (mut wire, _far) = pair();
    write(&mut wire, b"auth-api-token: secret");
    assert!(!format!("{wire:?}").contains("secret"));
}
