//! A server that records when each request arrives, and can count strictly: with a limit for any one second.

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::certificates::Certificates;

/// A running server; it ends with the process.
#[derive(Debug)]
pub(crate) struct StrictServer {
    /// Its base URL.
    pub(crate) base_url: String,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
}

/// A request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival {
    /// When it was there.
    pub(crate) at: Instant,
    /// Whether it was within the limit.
    pub(crate) accepted: bool,
}

/// How the server treats its clients.
#[derive(Debug, Clone)]
struct Behaviour {
    /// How many requests it accepts in any one second; none: all.
    limit: Option<usize>,
    /// How long a client waits until its connection is open.
    handshake: Duration,
    tls: Option<Arc<ServerConfig>>,
}

impl StrictServer {
    /// A server without TLS that accepts everything at once.
    pub(crate) fn http() -> anyhow::Result<Self> {
        Self::start(Behaviour {
            limit: None,
            handshake: Duration::ZERO,
            tls: None,
        })
    }

    /// A server that accepts `limit` requests in any one second, and whose TLS handshakes take `handshake`.
    pub(crate) fn https(
        limit: usize,
        handshake: Duration,
        certificates: &Certificates,
    ) -> anyhow::Result<Self> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let chain: Vec<_> =
            CertificateDer::pem_file_iter(&certificates.server)?.collect::<Result<_, _>>()?;
        let key = PrivateKeyDer::from_pem_file(&certificates.key)?;
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        Self::start(Behaviour {
            limit: Some(limit),
            handshake,
            tls: Some(Arc::new(tls)),
        })
    }

    fn start(behaviour: Behaviour) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let scheme = if behaviour.tls.is_some() {
            "https"
        } else {
            "http"
        };
        let base_url = format!("{scheme}://127.0.0.1:{}", listener.local_addr()?.port());
        let arrivals = Arc::<Mutex<Vec<Arrival>>>::default();
        let recorded = Arc::clone(&arrivals);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (behaviour, arrivals) = (behaviour.clone(), Arc::clone(&recorded));
                // A client that leaves ends its connection.
                thread::spawn(move || serve(stream, &behaviour, &arrivals));
            }
        });
        Ok(StrictServer { base_url, arrivals })
    }

    /// The requests so far.
    pub(crate) fn arrivals(&self) -> Vec<Arrival> {
        lock(&self.arrivals).clone()
    }
}

fn lock(arrivals: &Mutex<Vec<Arrival>>) -> std::sync::MutexGuard<'_, Vec<Arrival>> {
    arrivals.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(
    stream: TcpStream,
    behaviour: &Behaviour,
    arrivals: &Mutex<Vec<Arrival>>,
) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    thread::sleep(behaviour.handshake);
    match &behaviour.tls {
        None => converse(&mut BufReader::new(stream), behaviour, arrivals)?,
        Some(tls) => {
            let connection = ServerConnection::new(Arc::clone(tls))?;
            let stream = StreamOwned::new(connection, stream);
            converse(&mut BufReader::new(stream), behaviour, arrivals)?;
        }
    }
    Ok(())
}

fn converse<S: Read + Write>(
    connection: &mut BufReader<S>,
    behaviour: &Behaviour,
    arrivals: &Mutex<Vec<Arrival>>,
) -> io::Result<()> {
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if connection.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line.is_empty() {
                break;
            }
        }
        io::copy(&mut connection.by_ref().take(length), &mut io::sink())?;
        let at = Instant::now();
        let mut arrivals = lock(arrivals);
        // Arrivals count, whether they are accepted or not.
        let recent = arrivals
            .iter()
            .rev()
            .take_while(|arrival| at - arrival.at < Duration::from_secs(1))
            .count();
        let accepted = behaviour.limit.is_none_or(|limit| recent < limit);
        arrivals.push(Arrival { at, accepted });
        drop(arrivals);
        let response = if accepted {
            "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{\"status\":\"ok\"}"
        } else {
            "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n"
        };
        connection.get_mut().write_all(response.as_bytes())?;
    }
}
