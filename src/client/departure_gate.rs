//! The last layer of a connection: asks for permission right before the first byte of each request.
//!
//! The rate limit counts requests that leave on an open connection, so its turn comes after resolving, connecting and
//! the TLS handshake, which take an unknown time.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ureq::unversioned::transport::time::Instant;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use ureq::{Error, Timeout};

/// Decides when a request may leave.
pub(crate) trait DepartureGate: fmt::Debug + Send + Sync {
    /// Records that it took `time` to open a connection.
    fn connected(&self, time: Duration);

    /// Waits, on the thread that sends the request, until it may leave.
    fn depart(&self) -> Result<(), NotDeparted>;
}

/// Why a request did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotDeparted {
    /// The run stopped.
    Stopped,
    /// The message is no longer to be sent.
    Withdrawn,
    /// Its turn is too far away to keep the connection open.
    Later,
    /// The server closed the connection while the request waited.
    Closed,
}

impl fmt::Display for NotDeparted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only `Closed` is ever shown.
        f.write_str("the server closed the connection before the request was sent")
    }
}

impl std::error::Error for NotDeparted {}

/// How a request left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Departure {
    /// When it left.
    pub(crate) at: SystemTime,
    /// How long it had waited on its connection before that.
    pub(crate) waited: Duration,
}

thread_local! {
    /// How the calling thread's request left, if it has.
    pub(super) static DEPARTURE: Cell<Option<Departure>> = const { Cell::new(None) };
}

/// Adds the layer to connections to Lexer.
#[derive(Debug)]
pub(super) struct DepartureConnector {
    pub(super) gate: Arc<dyn DepartureGate>,
    /// How long a request may take to be written, once it may leave.
    pub(super) timeout: Duration,
    /// Whether requests go through a proxy.
    pub(super) has_proxy: bool,
}

impl<In: Transport> Connector<In> for DepartureConnector {
    type Out = DepartureTransport<In>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        // ureq connects to a proxy with a configuration without proxy. The CONNECT request, which asks for the way to
        // Lexer, needs no permission.
        let is_request = details.config.proxy().is_some() == self.has_proxy;
        let gate = is_request.then(|| Arc::clone(&self.gate));
        if let (Some(gate), Instant::Exact(start)) = (&gate, details.now) {
            gate.connected(start.elapsed());
        }
        Ok(chained.map(|inner| DepartureTransport {
            inner,
            gate,
            timeout: self.timeout,
            is_sending: false,
        }))
    }
}

/// A connection whose requests wait for permission to leave.
#[derive(Debug)]
pub(super) struct DepartureTransport<In> {
    inner: In,
    gate: Option<Arc<dyn DepartureGate>>,
    timeout: Duration,
    /// Whether the current request may leave; reset once its response is awaited.
    is_sending: bool,
}

/// A wait this short doesn't give a server time to close an idle connection.
const SHORT_WAIT: Duration = Duration::from_millis(20);

impl<In: Transport> DepartureTransport<In> {
    fn depart(&mut self) -> Result<(), Error> {
        let Some(gate) = &self.gate else {
            return Ok(());
        };
        let start = std::time::Instant::now();
        let mut departed = gate.depart();
        let waited = start.elapsed();
        // Asked twice because the first answer after a read is always yes.
        if departed.is_ok()
            && waited > SHORT_WAIT
            && !(self.inner.is_open() && self.inner.is_open())
        {
            departed = Err(NotDeparted::Closed);
        }
        departed.map_err(|reason| Error::Other(Box::new(reason)))?;
        let at = SystemTime::now();
        DEPARTURE.set(Some(Departure { at, waited }));
        Ok(())
    }
}

impl<In: Transport> Transport for DepartureTransport<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, mut timeout: NextTimeout) -> Result<(), Error> {
        if !self.is_sending {
            self.depart()?;
            self.is_sending = true;
        }
        // ureq's own time has run while the request waited.
        timeout.after = self.timeout.into();
        timeout.reason = Timeout::SendRequest;
        self.inner.transmit_output(amount, timeout)
    }

    fn maybe_await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.is_sending = false;
        self.inner.maybe_await_input(timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.is_sending = false;
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
