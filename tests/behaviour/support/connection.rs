//! One connection of a scripted server: reads its requests and does with each what the script says.

use std::io::{self, ErrorKind, Write as _};
use std::net::TcpStream;

use super::reply::{End, Reply};
use super::shared::Shared;
use super::wire;

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
    while let Some(request) = wire::read(stream)? {
        let client_closes = request.value_of("connection") == Some("close");
        let stays_open = perform(&shared.reply_to(request), stream, shared)?;
        if client_closes || !stays_open {
            break;
        }
    }
    Ok(())
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
