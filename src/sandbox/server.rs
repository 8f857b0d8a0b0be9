//! Connections to the sandbox: one thread each, on loopback only.
//!
//! `http` reads requests and writes responses; the inbox decides on the response.

use std::io::{self, BufReader, Read as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::http::{self, Connection, Request, Unreadable};
use super::inbox::Inbox;
use super::log::RequestLog;
use super::response::Response;
use crate::error::CliError;
use crate::output::Console;

/// How much of a refused body is read, and for how long, so that the client gets to read the response.
const LINGER_BYTES: u64 = 64 * 1024 * 1024;
const LINGER_TIME: Duration = Duration::from_secs(2);

/// How long to wait when the system can't open another connection.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// What every connection shares.
#[derive(Debug)]
pub(crate) struct Service {
    /// The inbox and what it received.
    pub(crate) inbox: Mutex<(Inbox, RequestLog)>,
    /// The time before each response.
    pub(crate) latency: Duration,
    /// Where each request is listed as it arrives, if anywhere.
    pub(crate) live: Option<Console>,
}

impl Service {
    /// The lines of the log's summary.
    pub(crate) fn summary(&self) -> Vec<String> {
        self.lock().1.summary()
    }

    /// The response to a request, which is logged first: a client that has its response is in the log.
    fn respond(&self, request: Result<&Request, Response>) -> Response {
        let mut guard = self.lock();
        let (inbox, log) = &mut *guard;
        let (request, response) = match request {
            Ok(request) => (Some(request), inbox.respond(request, Instant::now())),
            Err(response) => (None, response),
        };
        let line = log.add(request, &response);
        if let Some(console) = self.live {
            console.eprint_line(&line);
        }
        drop(guard);
        thread::sleep(self.latency);
        response
    }

    fn lock(&self) -> MutexGuard<'_, (Inbox, RequestLog)> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens on `port` of 127.0.0.1, or on a free port.
pub(crate) fn listen(port: Option<u16>) -> Result<TcpListener, CliError> {
    let port = port.unwrap_or(0);
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let reason = error.kind();
        CliError::configuration(format!("cannot listen on 127.0.0.1:{port}: {reason}"))
            .hint("leave --port out to take a free port")
    })
}

/// Serves every connection, for as long as the process lives.
pub(crate) fn serve(listener: &TcpListener, service: &Arc<Service>) -> ! {
    loop {
        let Ok((stream, _)) = listener.accept() else {
            thread::sleep(ACCEPT_RETRY_DELAY);
            continue;
        };
        let service = Arc::clone(service);
        // If no thread can be started, the connection is dropped, which to its client is an outage. An error of
        // the connection means that the client has gone.
        let _ = thread::Builder::new().spawn(move || serve_connection(stream, &service));
    }
}

fn serve_connection(stream: TcpStream, service: &Service) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut connection = BufReader::new(stream);
    loop {
        match http::read_request(&mut connection) {
            Ok(request) => {
                let response = service.respond(Ok(&request));
                http::write_response(connection.get_ref(), Some(&request), &response)?;
                if request.connection == Connection::Close {
                    return Ok(());
                }
            }
            Err(Unreadable::Gone) => return Ok(()),
            Err(Unreadable::Refused(response)) => {
                let response = service.respond(Err(response));
                http::write_response(connection.get_ref(), None, &response)?;
                return linger(connection.get_ref());
            }
        }
    }
}

/// Reads what the client still sends. Closing a connection with unread bytes resets it, and the response is lost.
fn linger(stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(LINGER_TIME))?;
    io::copy(&mut stream.take(LINGER_BYTES), &mut io::sink())?;
    Ok(())
}
