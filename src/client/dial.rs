//! Opens a TCP connection to the first of a host's addresses that takes it.
//!
//! ureq's own connector does the same but comes with ureq's own stream; ours is [`TcpTransport`].

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use ureq::unversioned::transport::{
    ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Error, Timeout};

use super::wire::TcpTransport;

/// Connects unless the chain before it did, by way of a proxy.
#[derive(Debug, Default)]
pub(super) struct TcpConnector;

impl<In: Transport> Connector<In> for TcpConnector {
    type Out = Either<In, TcpTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        if let Some(connected) = chained {
            return Ok(Some(Either::A(connected)));
        }
        let config = details.config;
        let stream = dial(&details.addrs, details.timeout)?;
        stream.set_nodelay(config.no_delay())?;
        let buffers = LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size());
        Ok(Some(Either::B(TcpTransport::new(stream, buffers))))
    }
}

/// Tries `addresses` in turn. Each gets half of the time that is left, so that one that swallows packets leaves
/// some for the next, and the last gets all of it.
fn dial(addresses: &[SocketAddr], timeout: NextTimeout) -> Result<TcpStream, Error> {
    let start = Instant::now();
    let mut failure = io::Error::from(ErrorKind::ConnectionRefused);
    for (number, address) in addresses.iter().enumerate() {
        let left = timeout.after.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Err(Error::Timeout(timeout.reason));
        }
        let is_last = number + 1 == addresses.len();
        let part = if is_last { left } else { left / 2 };
        match TcpStream::connect_timeout(address, part.max(MIN_TIMEOUT)) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(match failure.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Error::Timeout(Timeout::Connect),
        _ => Error::Io(failure),
    })
}

/// No address gets less: the system refuses to wait for no time at all.
const MIN_TIMEOUT: Duration = Duration::from_millis(10);

#[cfg(test)]
mod tests {
    use super::dial;
    use std::io::ErrorKind;
    use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
    use std::time::Duration;
    use ureq::unversioned::transport::NextTimeout;
    use ureq::{Error, Timeout};

    fn within(millis: u64) -> NextTimeout {
        NextTimeout {
            after: Duration::from_millis(millis).into(),
            reason: Timeout::Connect,
            ..NextTimeout::default()
        }
    }

    /// An address that takes connections and one that refuses them, for as long as the first two are kept: the
    /// second is the client's end of a connection, so nobody else can listen there.
    fn open_and_closed() -> (TcpListener, TcpStream, [SocketAddr; 2]) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let open = listener.local_addr().unwrap();
        let client = TcpStream::connect(open).unwrap();
        let closed = client.local_addr().unwrap();
        (listener, client, [open, closed])
    }

    #[test]
    fn an_address_that_refuses_leaves_it_to_the_next() {
        let (_listener, _client, [open, closed]) = open_and_closed();
        let stream = dial(&[closed, open], within(5000)).unwrap();
        assert_eq!(stream.peer_addr().unwrap(), open);
    }

    #[test]
    fn the_last_failure_is_the_one_that_is_told() {
        let (_listener, _client, [_, closed]) = open_and_closed();
        for addresses in [&[closed, closed][..], &[]] {
            match dial(addresses, within(5000)) {
                Err(Error::Io(error)) => assert_eq!(error.kind(), ErrorKind::ConnectionRefused),
                other => panic!("{other:?}"),
            }
        }
        match dial(&[closed], within(0)) {
            Err(Error::Timeout(Timeout::Connect)) => {}
            other => panic!("{other:?}"),
        }
    }
}
