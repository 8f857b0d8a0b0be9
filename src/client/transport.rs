//! A TCP stream as ureq wants it, with as few system calls as a request needs: one to send, one to receive.
//!
//! - A head and its body leave together: what is written is held until somebody wants to read.
//! - The socket's time limits are changed only when they don't fit the time that is left any more.
//! - Between two requests one call, not six, asks whether the connection is still good.

use std::fmt;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

use super::idle::is_idle;
use super::limit::Limit;

/// From so many held bytes on they are sent without waiting for the rest. No usual request comes near.
const MAX_HELD: usize = 16 << 10;

/// As good as for ever, and a time that every system can add to a clock.
const LONGEST: Duration = Duration::from_hours(24 * 365);

/// An open connection.
pub(super) struct TcpTransport {
    stream: TcpStream,
    buffers: LazyBuffers,
    /// Written, but not sent yet.
    held: Vec<u8>,
    sending: Limit,
    receiving: Limit,
    /// Whether something was read since somebody last asked whether this is open.
    was_read: bool,
}

impl TcpTransport {
    /// Nothing is sent or read yet.
    pub(super) fn new(stream: TcpStream, buffers: LazyBuffers) -> Self {
        TcpTransport {
            stream,
            buffers,
            held: Vec::new(),
            sending: Limit::default(),
            receiving: Limit::default(),
            was_read: false,
        }
    }

    fn send_held(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        let deadline = Deadline::new(timeout.for_write());
        let mut sent = 0;
        while sent < self.held.len() {
            let limit = deadline.left()?;
            self.sending
                .fit(limit, |limit| self.stream.set_write_timeout(Some(limit)))?;
            match self.stream.write(&self.held[sent..]) {
                Ok(0) => return Err(std::io::Error::from(ErrorKind::WriteZero).into()),
                Ok(count) => sent += count,
                Err(error) if is_pause(error.kind()) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.held.clear();
        Ok(())
    }
}

impl Transport for TcpTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.held
            .extend_from_slice(&self.buffers.output()[..amount]);
        if self.held.len() >= MAX_HELD {
            self.send_held(timeout)?;
        }
        Ok(())
    }

    fn maybe_await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        if self.buffers.can_use_input() {
            // Who wants to read has written all that he has to say, also where there is something to read already.
            self.send_held(timeout)?;
            return Ok(true);
        }
        self.await_input(timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.send_held(timeout)?;
        self.was_read = true;
        let deadline = Deadline::new(timeout.for_read());
        loop {
            let limit = deadline.left()?;
            self.receiving
                .fit(limit, |limit| self.stream.set_read_timeout(Some(limit)))?;
            match self.stream.read(self.buffers.input_append_buf()) {
                Ok(count) => {
                    self.buffers.input_appended(count);
                    return Ok(count > 0);
                }
                Err(error) if is_pause(error.kind()) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn is_open(&mut self) -> bool {
        // ureq asks twice between two requests: after an answer, and just before the next request. What the first
        // look would find the second finds too, so only that one, of a connection that nobody read from since,
        // looks at the socket.
        std::mem::take(&mut self.was_read) || is_idle(&self.stream)
    }
}

impl fmt::Debug for TcpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is held has the token in it.
        f.debug_tuple("TcpTransport").field(&self.stream).finish()
    }
}

/// When ureq's time for one step is over, however many reads or writes the step takes.
struct Deadline {
    at: Instant,
    timeout: NextTimeout,
}

impl Deadline {
    fn new(timeout: NextTimeout) -> Self {
        Deadline {
            at: Instant::now() + (*timeout.after).min(LONGEST),
            timeout,
        }
    }

    /// The time that is left, which is never none.
    fn left(&self) -> Result<Duration, Error> {
        match self.at.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(Error::Timeout(self.timeout.reason)),
            left => Ok(left),
        }
    }
}

/// Whether a read or write came to nothing only because a signal or the socket's time limit ended it.
fn is_pause(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Interrupted | ErrorKind::WouldBlock | ErrorKind::TimedOut
    )
}

#[cfg(test)]
mod tests;
