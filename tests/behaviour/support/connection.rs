//! One connection of a scripted server: reads its requests and does with each what the script says.

use std::io::{self, ErrorKind, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::PATIENCE;
use super::reply::{End, Reply};
use super::shared::Shared;
use super::wire;

/// How often a connection that waits for a request checks whether its server is being dropped.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Serves `stream` until either side ends it. A client may do that at any time; only a malformed request counts
/// as its failure.
pub(super) fn serve(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    let served = serve_requests(stream, shared);
    if let Err(error) = &served
        && error.kind() == ErrorKind::InvalidData
    {
        shared.complain(format!("a malformed request: {error}"));
    }
    served
}

fn serve_requests(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    // On Windows a shutdown doesn't end a write that waits, and under Wine even a reset by the client may not.
    stream.set_write_timeout(Some(PATIENCE))?;
    while wait_for_input(stream, shared)?
        && let Some(request) = wire::read(stream)?
    {
        let client_closes = request.value_of("connection") == Some("close");
        let stays_open = perform(&shared.reply_to(request), stream, shared)?;
        if client_closes || !stays_open {
            break;
        }
    }
    Ok(())
}

/// Waits for the next bytes or the end of the connection; false once the server is dropped. On Windows a shutdown
/// doesn't end a read that waits.
fn wait_for_input(stream: &TcpStream, shared: &Shared) -> io::Result<bool> {
    stream.set_read_timeout(Some(POLL_INTERVAL))?;
    loop {
        match stream.peek(&mut [0]) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                if shared.stop.is_open() {
                    return Ok(false);
                }
            }
            peeked => {
                stream.set_read_timeout(Some(PATIENCE))?;
                return peeked.map(|_| true);
            }
        }
    }
}

/// Does what `reply` says; true if another request can follow.
fn perform(reply: &Reply, mut stream: &TcpStream, shared: &Shared) -> io::Result<bool> {
    if let Some(gate) = &reply.gate {
        shared.wait_at(gate);
    }
    if shared.stop.opens_within(reply.delay) {
        return Ok(false);
    }
    if matches!(reply.end, End::Reset) {
        // A byte of the request is still unread, so that the close is a reset.
        return Ok(false);
    }
    wire::finish(stream)?;
    let bytes = reply.to_bytes();
    if reply.pause.is_zero() {
        stream.write_all(&bytes)?;
    } else {
        for byte in bytes {
            stream.write_all(&[byte])?;
            if shared.stop.opens_within(reply.pause) {
                return Ok(false);
            }
        }
    }
    match &reply.end {
        End::KeptAlive => Ok(true),
        End::Closed | End::Reset => Ok(false),
        End::Silent => {
            shared.stop.wait();
            Ok(false)
        }
        End::Repeated(chunk) => loop {
            stream.write_all(chunk)?;
        },
    }
}
