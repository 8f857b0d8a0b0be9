//! A TCP connection for ureq that makes two system calls per request: one to send, one to receive.
//!
//! - Written bytes are held until ureq wants to read, so that the head and the body leave in one write.
//! - The socket's timeouts change only when they no longer fit the time that is left. A deadline bounds each
//!   step, so a server that sends byte by byte can't extend it.
//! - Before a kept connection is used again, one call finds out whether the server closed it.

use std::fmt;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Error, Timeout};

/// The longest time to open a connection.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The least time for a step: a process that was stopped for a while finds what has arrived meanwhile.
const MIN_STEP_TIMEOUT: Duration = Duration::from_millis(1);

/// Once this many bytes are held, they are sent without waiting for the rest. Usual requests are far smaller.
const MAX_HELD: usize = 16 << 10;

/// Stands for "no time limit": every system's clock can add it.
const MAX_WAIT: Duration = Duration::from_hours(24 * 365);

/// No address gets less time: the system refuses a timeout of zero.
const MIN_CONNECT_TIMEOUT: Duration = Duration::from_millis(10);

/// Connects, unless a connector before it in the chain has done so through a proxy.
#[derive(Debug)]
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

/// An open connection.
pub(super) struct TcpTransport {
    stream: TcpStream,
    buffers: LazyBuffers,
    /// Written by ureq, but not sent yet.
    held: Vec<u8>,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
    /// Whether anything was read since the last call of [`Transport::is_open`].
    was_read: bool,
    /// When connecting must be over, whatever a proxy or a TLS handshake does. ureq limits each of their reads by
    /// itself.
    connect_deadline: Instant,
}

impl TcpTransport {
    /// Takes over a fresh `stream`, on which connecting must be over by `connect_deadline`.
    pub(super) fn new(stream: TcpStream, buffers: LazyBuffers, connect_deadline: Instant) -> Self {
        TcpTransport {
            stream,
            buffers,
            held: Vec::new(),
            read_timeout: None,
            write_timeout: None,
            was_read: false,
            connect_deadline,
        }
    }

    /// `timeout`, or the time until the deadline while connecting, if that is less.
    fn bounded(&self, mut timeout: NextTimeout) -> NextTimeout {
        if timeout.reason == Timeout::Connect {
            let deadline = self.connect_deadline;
            let left = deadline.saturating_duration_since(Instant::now());
            timeout.after = left.min(*timeout.after).into();
        }
        timeout
    }

    fn send_held(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        let mut unsent = self.held.as_slice();
        if unsent.is_empty() {
            return Ok(());
        }
        repeat(self.bounded(timeout).for_write(), |left| {
            fit_timeout(&mut self.write_timeout, left, |timeout| {
                self.stream.set_write_timeout(Some(timeout))
            })?;
            let count = self.stream.write(unsent)?;
            if count == 0 {
                return Err(ErrorKind::WriteZero.into());
            }
            unsent = &unsent[count..];
            Ok(unsent.is_empty().then_some(()))
        })?;
        self.held.clear();
        Ok(())
    }
}

impl Transport for TcpTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let output = &self.buffers.output()[..amount];
        self.held.extend_from_slice(output);
        if self.held.len() >= MAX_HELD {
            self.send_held(timeout)?;
        }
        Ok(())
    }

    fn maybe_await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        if !self.buffers.can_use_input() {
            return self.await_input(timeout);
        }
        // The request is complete once ureq reads, even if there is input already.
        self.send_held(timeout)?;
        Ok(true)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.send_held(timeout)?;
        self.was_read = true;
        let count = repeat(self.bounded(timeout).for_read(), |left| {
            fit_timeout(&mut self.read_timeout, left, |timeout| {
                self.stream.set_read_timeout(Some(timeout))
            })?;
            self.stream.read(self.buffers.input_append_buf()).map(Some)
        })?;
        self.buffers.input_appended(count);
        Ok(count > 0)
    }

    fn is_open(&mut self) -> bool {
        // ureq asks twice between two requests: after a response and right before the next request. The second
        // look finds all that the first would, so only the second costs a system call.
        std::mem::take(&mut self.was_read) || is_idle(&self.stream)
    }
}

impl fmt::Debug for TcpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The buffers contain the token.
        f.debug_tuple("TcpTransport").field(&self.stream).finish()
    }
}

/// Calls `step` with the time that is left until it has a result, however many reads or writes that takes.
fn repeat<T>(
    timeout: NextTimeout,
    mut step: impl FnMut(Duration) -> io::Result<Option<T>>,
) -> Result<T, Error> {
    let deadline = Instant::now() + (*timeout.after).min(MAX_WAIT);
    let mut is_last = false;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() && is_last {
            return Err(Error::Timeout(timeout.reason));
        }
        is_last = left.is_zero();
        match step(left.max(MIN_STEP_TIMEOUT)) {
            Ok(Some(result)) => return Ok(result),
            Ok(None) => {}
            Err(error) if is_interruption(error.kind()) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether a read or write ended early because of a signal or the socket's timeout.
fn is_interruption(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Interrupted | ErrorKind::WouldBlock | ErrorKind::TimedOut
    )
}

/// Makes a socket's timeout, which is `current`, fit the time that is `left`.
///
/// It is rounded down to a power of two in milliseconds, so that it stays the same for most requests. When it is
/// over too early, the caller tries again with the rest of the time.
fn fit_timeout(
    current: &mut Option<Duration>,
    left: Duration,
    set: impl FnOnce(Duration) -> io::Result<()>,
) -> io::Result<()> {
    let timeout = match left.as_millis().checked_ilog2() {
        // On Windows a socket is unusable after a timeout, so there it is exact.
        Some(exponent) if cfg!(not(windows)) => Duration::from_millis(1 << exponent),
        _ => left,
    };
    if *current == Some(timeout) {
        return Ok(());
    }
    match set(timeout) {
        Ok(()) => *current = Some(timeout),
        // macOS refuses once the server has closed its side, but its last bytes can still be read.
        Err(error) if error.kind() == ErrorKind::InvalidInput => {}
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Whether there is nothing to read from `stream`: neither its end nor unexpected bytes.
#[cfg(unix)]
fn is_idle(stream: &TcpStream) -> bool {
    use rustix::io::Errno;
    use rustix::net::{RecvFlags, recv};

    recv(stream, &mut [0_u8], RecvFlags::DONTWAIT) == Err(Errno::AGAIN)
}

/// The same where a single read can't be non-blocking.
#[cfg(not(unix))]
fn is_idle(stream: &TcpStream) -> bool {
    let peeked = stream
        .set_nonblocking(true)
        .and_then(|()| stream.peek(&mut [0_u8]));
    stream.set_nonblocking(false).is_ok()
        && peeked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests;
