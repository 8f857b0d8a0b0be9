//! Connections to the sandbox: one thread each, on loopback only.
//!
//! Which answer a request gets is the inbox's business, and how it is read and written that of `http`.

use std::io::{self, BufReader, Read as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::http::{self, Request, Unreadable};
use super::inbox::Inbox;
use super::log::RequestLog;
use super::response::Response;
use crate::error::CliError;
use crate::output::Console;

/// How much of a refused body is read, and how long it is waited for, so that its sender gets to read the answer.
const LINGER_BYTES: u64 = 64 * 1024 * 1024;
const LINGER_TIME: Duration = Duration::from_secs(2);

/// How long to leave connections waiting when the system has no room for another one.
const PAUSE_WITHOUT_ROOM: Duration = Duration::from_millis(100);

/// What every connection shares.
#[derive(Debug)]
pub(crate) struct Service {
    inbox: Mutex<(Inbox, RequestLog)>,
    latency: Duration,
    /// Where requests are told of as they arrive, if anywhere.
    log: Option<Console>,
}

impl Service {
    /// Serves `inbox`, each answer `latency` after the request.
    pub(crate) fn new(inbox: Inbox, latency: Duration, log: Option<Console>) -> Self {
        Service {
            inbox: Mutex::new((inbox, RequestLog::default())),
            latency,
            log,
        }
    }

    /// What the inbox received so far, line by line.
    pub(crate) fn summary(&self) -> Vec<String> {
        self.lock().1.summary()
    }

    /// Answers and takes note. The note comes first: who has the answer finds it in the log.
    fn answer(&self, request: Result<&Request, Response>) -> Response {
        let mut guard = self.lock();
        let (inbox, received) = &mut *guard;
        let (request, answer) = match request {
            Ok(request) => (Some(request), inbox.answer(request, Instant::now())),
            Err(answer) => (None, answer),
        };
        let line = received.add(request, &answer);
        if let Some(console) = self.log {
            console.eprint_line(line);
        }
        drop(guard);
        thread::sleep(self.latency);
        answer
    }

    fn lock(&self) -> MutexGuard<'_, (Inbox, RequestLog)> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens `port` on 127.0.0.1, or a free one.
pub(crate) fn listen(port: Option<u16>) -> Result<TcpListener, CliError> {
    let port = port.unwrap_or(0);
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => "the port is in use".to_owned(),
            kind => kind.to_string(),
        };
        CliError::configuration(format!("cannot listen on 127.0.0.1:{port}: {why}"))
            .hint("leave --port out to take a free port")
    })
}

/// Serves every connection, for as long as the process lives.
pub(crate) fn serve(listener: &TcpListener, service: &Arc<Service>) -> ! {
    loop {
        let Ok((stream, _)) = listener.accept() else {
            thread::sleep(PAUSE_WITHOUT_ROOM);
            continue;
        };
        let service = Arc::clone(service);
        // Without room for a thread the connection is dropped, which its client takes for an outage.
        let _ = thread::Builder::new().spawn(move || {
            // A client that went away is its own affair.
            let _ = converse(stream, &service);
        });
    }
}

fn converse(stream: TcpStream, service: &Service) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut connection = BufReader::new(stream);
    loop {
        match http::read_request(&mut connection) {
            Ok(request) => {
                let answer = service.answer(Ok(&request));
                http::write_answer(connection.get_ref(), Some(&request), &answer)?;
                if !request.keep_alive {
                    return Ok(());
                }
            }
            Err(Unreadable::Gone) => return Ok(()),
            Err(Unreadable::Refused(answer)) => {
                let answer = service.answer(Err(answer));
                let stream = connection.get_ref();
                http::write_answer(stream, None, &answer)?;
                return linger(stream);
            }
        }
    }
}

/// Takes in what the client still sends. Disconnected with bytes unread, a connection is reset, and the answer lost.
fn linger(stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(LINGER_TIME))?;
    io::copy(&mut stream.take(LINGER_BYTES), &mut io::sink())?;
    Ok(())
}
