//! One connection of a scripted server: reads its requests and does to each what the script says.

use std::io::{self, ErrorKind, Write as _};
use std::net::TcpStream;

use super::reply::{Act, End, Reply};
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
    if !matches!(reply.act, Act::Reset) {
        wire::finish(stream)?;
    }
    match &reply.act {
        Act::Reset => Ok(false),
        Act::Answer(answer) => {
            stream.write_all(&answer.to_bytes())?;
            Ok(!answer.closes())
        }
        Act::Bytes(bytes, None, end) => {
            stream.write_all(bytes)?;
            follow(end, stream, shared)
        }
        Act::Bytes(bytes, Some(pause), end) => {
            for byte in bytes {
                stream.write_all(&[*byte])?;
                if shared.stop.opens_within(*pause) {
                    return Ok(false);
                }
            }
            follow(end, stream, shared)
        }
    }
}

fn follow(end: &End, mut stream: &TcpStream, shared: &Shared) -> io::Result<bool> {
    match end {
        End::Closed => Ok(false),
        End::Silent => {
            shared.stop.wait();
            Ok(false)
        }
        End::Repeated(chunk) => loop {
            stream.write_all(chunk)?;
        },
    }
}
