//! A transport against a socket in the same process.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use ureq::unversioned::transport::{LazyBuffers, NextTimeout, Transport as _};
use ureq::{Error, Timeout};

use super::{MAX_HELD, TcpTransport, connect_any};

fn pair() -> (TcpTransport, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (far, _) = listener.accept().unwrap();
    let buffers = LazyBuffers::new(64, 64 << 10);
    (TcpTransport::new(near, buffers, Instant::now()), far)
}

fn within(time: Duration) -> NextTimeout {
    NextTimeout {
        after: time.into(),
        reason: Timeout::RecvResponse,
        ..NextTimeout::default()
    }
}

const LONG: Duration = Duration::from_secs(20);

fn write(transport: &mut TcpTransport, bytes: &[u8]) {
    transport.buffers().output()[..bytes.len()].copy_from_slice(bytes);
    transport
        .transmit_output(bytes.len(), within(LONG))
        .unwrap();
}

fn is_empty(far: &TcpStream) -> bool {
    far.set_nonblocking(true).unwrap();
    let nothing = far.peek(&mut [0]).is_err();
    far.set_nonblocking(false).unwrap();
    nothing
}

#[test]
fn parts_of_a_request_leave_in_one_write_before_the_first_read() {
    let (mut transport, mut far) = pair();
    write(&mut transport, b"head ");
    write(&mut transport, b"body");
    assert!(is_empty(&far));
    far.write_all(b"response").unwrap();
    assert!(transport.await_input(within(LONG)).unwrap());
    assert_eq!(transport.buffers().input(), b"response");
    let mut received = [0; 64];
    let count = far.read(&mut received).unwrap();
    assert_eq!(&received[..count], b"head body");
}

#[test]
fn a_request_leaves_even_if_there_is_input_already() {
    let (mut transport, mut far) = pair();
    far.write_all(b"early response").unwrap();
    assert!(transport.await_input(within(LONG)).unwrap());
    transport.buffers().input_consume(6);
    write(&mut transport, b"request");
    assert!(transport.maybe_await_input(within(LONG)).unwrap());
    assert_eq!(transport.buffers().input(), b"response");
    let mut received = [0; 7];
    far.read_exact(&mut received).unwrap();
    assert_eq!(&received, b"request");
}

#[test]
fn a_large_body_is_not_held() {
    let (mut transport, mut far) = pair();
    write(&mut transport, &vec![b'x'; MAX_HELD]);
    let mut received = vec![0; MAX_HELD];
    far.read_exact(&mut received).unwrap();
}

#[test]
fn a_connection_closed_by_the_server_is_not_open() {
    let (mut transport, mut far) = pair();
    assert!(transport.is_open());
    far.write_all(b"response").unwrap();
    transport.await_input(within(LONG)).unwrap();
    drop(far);
    // The first look, straight after the response, trusts the connection. The second must notice.
    assert!(transport.is_open());
    // Wait until the end of the stream has arrived.
    transport.stream.set_read_timeout(Some(LONG)).unwrap();
    transport.stream.peek(&mut [0]).unwrap();
    assert!(!transport.is_open());
}

#[test]
fn a_connection_with_unexpected_input_is_not_open() {
    let (mut transport, mut far) = pair();
    far.write_all(b"response").unwrap();
    transport.await_input(within(LONG)).unwrap();
    assert!(transport.is_open());
    assert!(transport.is_open());
    far.write_all(b"more").unwrap();
    transport.stream.peek(&mut [0]).unwrap();
    assert!(!transport.is_open());
}

#[test]
fn a_read_without_input_times_out_at_the_deadline() {
    let (mut transport, _far) = pair();
    let start = Instant::now();
    let error = transport
        .await_input(within(Duration::from_millis(30)))
        .unwrap_err();
    assert!(matches!(error, Error::Timeout(Timeout::RecvResponse)));
    assert!(start.elapsed() >= Duration::from_millis(30));
}

#[test]
fn debug_output_contains_no_held_bytes() {
    let (mut transport, _far) = pair();
    write(&mut transport, b"auth-api-token: secret");
    assert!(!format!("{transport:?}").contains("secret"));
}

#[cfg(not(windows))]
mod socket_timeout {
    use std::time::Duration;

    use proptest::prelude::*;

    use crate::client::transport::fit_timeout;

    #[test]
    fn is_set_once_for_requests_with_about_the_same_time() {
        let mut current = None;
        let mut set = Vec::new();
        for micros in [29_999_990, 29_999_980, 29_999_995, 29_000_000, 30_000_000] {
            fit_timeout(&mut current, Duration::from_micros(micros), |timeout| {
                set.push(timeout);
                Ok(())
            })
            .unwrap();
        }
        assert_eq!(set, [Duration::from_millis(16_384)]);
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn is_never_beyond_the_time_that_is_left(nanos in prop::collection::vec(1_u64..1 << 40, 1..20)) {
            let mut current = None;
            for nanos in nanos {
                let left = Duration::from_nanos(nanos);
                fit_timeout(&mut current, left, |_| Ok(())).unwrap();
                let set = current.unwrap();
                prop_assert!(!set.is_zero() && set <= left && set >= left / 2);
            }
        }
    }
}

#[test]
fn nothing_that_belongs_to_connecting_is_waited_for_after_its_deadline() {
    let (mut near, _far) = pair();
    let connecting = NextTimeout {
        reason: Timeout::Connect,
        ..within(Duration::from_secs(10))
    };
    let start = Instant::now();
    let waited = near.await_input(connecting);
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(matches!(waited, Err(Error::Timeout(Timeout::Connect))));
}

const TIMEOUT: Duration = Duration::from_secs(5);

/// An address that accepts connections and one that refuses them, for as long as the first two are kept: the
/// second is the client's end of a connection, so nothing else can listen there.
fn open_and_closed() -> (TcpListener, TcpStream, [SocketAddr; 2]) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let open = listener.local_addr().unwrap();
    let client = TcpStream::connect(open).unwrap();
    let closed = client.local_addr().unwrap();
    (listener, client, [open, closed])
}

#[test]
fn tries_the_next_address_after_a_refusal() {
    let (_listener, _client, [open, closed]) = open_and_closed();
    let stream = connect_any(&[closed, open], Instant::now() + TIMEOUT).unwrap();
    assert_eq!(stream.peer_addr().unwrap(), open);
}

#[test]
fn returns_the_last_error() {
    let (_listener, _client, [_, closed]) = open_and_closed();
    for (addresses, timeout, expected) in [
        (&[closed, closed][..], TIMEOUT, ErrorKind::ConnectionRefused),
        (&[], TIMEOUT, ErrorKind::ConnectionRefused),
        (&[closed], Duration::ZERO, ErrorKind::TimedOut),
    ] {
        let error = connect_any(addresses, Instant::now() + timeout).unwrap_err();
        assert_eq!(error.kind(), expected);
    }
}
