//! Opens connections: ureq's own connectors for proxies and TLS around our own for TCP, whose connections are
//! [`TcpTransport`]s.
//!
//! An error while connecting is marked as [`NotConnected`]. Such a request can't have reached Lexer; one that
//! fails later may have. ureq's errors don't tell the two apart.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, Either, LazyBuffers, RustlsConnector,
    SocksConnector, Transport,
};

use super::departure::{DepartureConnector, DepartureGate};
use super::error::NotConnected;
use super::transport::TcpTransport;
use crate::api::CONNECT_TIMEOUT;

/// No address gets less time: the system refuses a timeout of zero.
const MIN_CONNECT_TIMEOUT: Duration = Duration::from_millis(10);

/// Proxy, TCP and TLS, in the order of ureq's default connector; then the layer that asks `gate` before each request.
pub(super) fn connector(
    gate: Arc<dyn DepartureGate>,
    timeout: Duration,
    connect_time: Arc<ConnectTime>,
) -> impl Connector {
    let chain = ().chain(SocksConnector::default());
    let chain = chain
        .chain(ConnectProxyConnector::default())
        .chain(TcpConnector)
        .chain(RustlsConnector::default());
    MarkErrors {
        chain,
        connect_time,
    }
    .chain(DepartureConnector { gate, timeout })
}

/// How long it took to open the last connection, in microseconds.
#[derive(Debug, Default)]
pub(super) struct ConnectTime(AtomicU64);

impl ConnectTime {
    /// The time; zero before the first connection.
    pub(super) fn get(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }

    fn set(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.0.store(micros, Ordering::Relaxed);
    }
}

/// Marks every error of a chain of connectors as [`NotConnected`], and measures how long it takes to connect.
#[derive(Debug)]
struct MarkErrors<C> {
    chain: C,
    connect_time: Arc<ConnectTime>,
}

impl<In: Transport, C: Connector<In>> Connector<In> for MarkErrors<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<C::Out>, Error> {
        let start = Instant::now();
        let connected = self.chain.connect(details, chained);
        let connected = connected.map_err(NotConnected::Failed)?;
        self.connect_time.set(start.elapsed());
        Ok(connected)
    }
}

/// Connects, unless a connector before it in the chain has done so through a proxy.
#[derive(Debug)]
struct TcpConnector;

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
        let deadline = Instant::now() + CONNECT_TIMEOUT.min(*details.timeout.after);
        let stream = connect_any(&details.addrs, deadline)?;
        stream.set_nodelay(config.no_delay())?;
        let buffers = LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size());
        Ok(Some(Either::B(TcpTransport::new(
            stream, buffers, deadline,
        ))))
    }
}

/// Tries `addresses` in turn. Each gets half of the time that is left, so that an unreachable one leaves some for
/// the next, and the last gets all of it.
fn connect_any(addresses: &[SocketAddr], deadline: Instant) -> io::Result<TcpStream> {
    let mut failure = ErrorKind::ConnectionRefused.into();
    for (index, address) in addresses.iter().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        let is_last = index + 1 == addresses.len();
        let share = if is_last { left } else { left / 2 };
        match TcpStream::connect_timeout(address, share.max(MIN_CONNECT_TIMEOUT)) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests {
    use super::connect_any;
    use std::io::ErrorKind;
    use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
    use std::time::{Duration, Instant};

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
}
