//! An address that refuses connections for as long as a test needs it.

use std::net::{SocketAddr, TcpListener, TcpStream};

/// A loopback port on which nothing listens.
///
/// It is the client's end of a connection: in use, so that no other listener gets it, but not listening. A port that
/// was bound and released could belong to another test's server a moment later.
#[derive(Debug)]
pub(crate) struct RefusedPort {
    address: SocketAddr,
    _connection: (TcpStream, TcpListener),
}

/// Takes a port that refuses connections until the value is dropped.
pub(crate) fn refused_port() -> RefusedPort {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port on the loopback interface");
    let client = listener
        .local_addr()
        .and_then(TcpStream::connect)
        .expect("a connection on the loopback interface");
    RefusedPort {
        address: client.local_addr().expect("the address of a connection"),
        _connection: (client, listener),
    }
}

impl RefusedPort {
    /// The base URL, such as `http://127.0.0.1:40123`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port's number.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }
}
