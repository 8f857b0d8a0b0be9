//! Whether a connection that waits for its next request can take one.

use std::net::TcpStream;

/// Whether there is nothing to read from `stream`: neither the server's goodbye nor bytes that nobody asked for.
///
/// One call, and the stream stays as it is.
#[cfg(unix)]
pub(super) fn is_idle(stream: &TcpStream) -> bool {
    use rustix::io::Errno;
    use rustix::net::{RecvFlags, recv};

    let nothing = recv(stream, &mut [0_u8], RecvFlags::DONTWAIT);
    matches!(nothing, Err(Errno::AGAIN))
}

/// The same where a single read can't be told not to wait.
#[cfg(not(unix))]
pub(super) fn is_idle(stream: &TcpStream) -> bool {
    use std::io::ErrorKind;

    let looked = stream
        .set_nonblocking(true)
        .map(|()| stream.peek(&mut [0_u8]));
    let restored = stream.set_nonblocking(false);
    restored.is_ok() && matches!(looked, Ok(Err(error)) if error.kind() == ErrorKind::WouldBlock)
}
