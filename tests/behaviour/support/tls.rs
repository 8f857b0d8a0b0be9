//! TLS in front of a scripted server, which gets the decrypted HTTP.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::ops::Deref;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::crypto::ring::default_provider;
use rustls::{ServerConfig, ServerConnection};

use super::authority::Certificate;
use super::front::Front;
use super::server::Server;
use super::watched::Watched;

/// A server that speaks TLS, with a [`Server`] behind it.
pub(crate) struct TlsServer {
    front: Front,
    server: Server,
}

impl TlsServer {
    /// Puts TLS with this certificate in front of `server`.
    pub(crate) fn start(certificate: Certificate, server: Server) -> Self {
        Self::start_slow(certificate, server, Duration::ZERO)
    }

    /// The same, but every handshake takes `delay` longer.
    pub(crate) fn start_slow(certificate: Certificate, server: Server, delay: Duration) -> Self {
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der], certificate.key)
            .expect("a certificate and its key");
        let (config, port) = (Arc::new(config), server.port());
        TlsServer {
            front: Front::start(move |client| {
                thread::sleep(delay);
                let connection = ServerConnection::new(Arc::clone(&config));
                serve(connection.map_err(io::Error::other)?, client, port)
            }),
            server,
        }
    }

    /// The base URL, such as `https://127.0.0.1:40123`.
    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port())
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.front.port()
    }

    /// How many connections were made so far, including failed handshakes.
    pub(crate) fn connections(&self) -> usize {
        self.front.connections()
    }
}

impl Deref for TlsServer {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

fn serve(mut tls: ServerConnection, mut client: &TcpStream, port: u16) -> io::Result<()> {
    while tls.is_handshaking() {
        tls.complete_io(&mut client)?;
    }
    let server = TcpStream::connect(("127.0.0.1", port))?;
    let tls = Watched::new(tls);
    thread::scope(|scope| {
        scope.spawn(|| {
            let _ = decrypt(&tls, client, &server);
            server.shutdown(Shutdown::Write)
        });
        let _ = encrypt(&tls, &server, client);
        client.shutdown(Shutdown::Write)
    })
}

/// Decrypts what the client sends until it ends, and passes it on.
fn decrypt(
    tls: &Watched<ServerConnection>,
    mut client: &TcpStream,
    mut server: &TcpStream,
) -> io::Result<()> {
    let mut chunk = [0; 16 * 1024];
    // The end of the handshake may already have brought some of it.
    let mut length = 0;
    loop {
        let mut text = Vec::new();
        let mut rest = &chunk[..length];
        let mut tls = tls.lock();
        loop {
            match tls.reader().read_to_end(&mut text) {
                Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
                _ if rest.is_empty() => break,
                _ => tls.read_tls(&mut rest)?,
            };
            tls.process_new_packets().map_err(io::Error::other)?;
        }
        drop(tls);
        server.write_all(&text)?;
        length = client.read(&mut chunk)?;
        if length == 0 {
            return Ok(());
        }
    }
}

/// Encrypts what the server sends until it ends, and passes it on. A reset by the server ends TLS without a close.
fn encrypt(
    tls: &Watched<ServerConnection>,
    mut server: &TcpStream,
    mut client: &TcpStream,
) -> io::Result<()> {
    let mut chunk = [0; 16 * 1024];
    loop {
        let length = server.read(&mut chunk)?;
        let mut tls = tls.lock();
        if length == 0 {
            tls.send_close_notify();
        }
        tls.writer().write_all(&chunk[..length])?;
        while tls.wants_write() {
            tls.write_tls(&mut client)?;
        }
        if length == 0 {
            return Ok(());
        }
    }
}
