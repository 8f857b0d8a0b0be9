//! A CONNECT proxy that records everything it could read.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread;

use super::front::Front;
use super::watched::Watched;

/// A proxy whose tunnels all lead to one port of this machine, whichever host is asked for.
#[derive(Debug)]
pub(crate) struct Tunnel {
    front: Front,
    seen: Arc<Watched<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    heads: Vec<String>,
    passed_on: Vec<u8>,
}

impl Tunnel {
    /// A proxy to `port`.
    pub(crate) fn to(port: u16) -> Self {
        let seen: Arc<Watched<Seen>> = Arc::default();
        let front = Front::start({
            let seen = Arc::clone(&seen);
            move |client| serve(client, port, &seen)
        });
        Tunnel { front, seen }
    }

    /// Its URL, such as `http://127.0.0.1:40123`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.authority())
    }

    /// Its host and port.
    pub(crate) fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.front.port())
    }

    /// The heads of the requests for a tunnel.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.seen.lock().heads.clone()
    }

    /// Everything that its clients sent through the tunnels.
    pub(crate) fn passed_on(&self) -> Vec<u8> {
        self.seen.lock().passed_on.clone()
    }
}

fn serve(mut client: &TcpStream, port: u16, seen: &Watched<Seen>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.extend(byte);
    }
    seen.lock()
        .heads
        .push(String::from_utf8_lossy(&head).into_owned());
    let server = TcpStream::connect(("127.0.0.1", port))?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    thread::scope(|scope| {
        scope.spawn(|| {
            let _ = pass_on(client, &server, |bytes| seen.lock().passed_on.extend(bytes));
            server.shutdown(Shutdown::Write)
        });
        let _ = pass_on(&server, client, |_| {});
        client.shutdown(Shutdown::Write)
    })
}

fn pass_on(
    mut from: &TcpStream,
    mut to: &TcpStream,
    mut seen: impl FnMut(&[u8]),
) -> io::Result<()> {
    let mut chunk = [0; 16 * 1024];
    loop {
        match from.read(&mut chunk)? {
            0 => return Ok(()),
            length => {
                seen(&chunk[..length]);
                to.write_all(&chunk[..length])?;
            }
        }
    }
}
