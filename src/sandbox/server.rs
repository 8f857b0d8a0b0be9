//! Connections to the sandbox: one thread each, on loopback only.
//!
//! `http` reads requests and writes responses; `state` decides on the response.

use std::io::{self, BufReader, Read as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use super::http::{self, Connection, Request, Unreadable};
use super::response::Response;
use super::state::State;
use crate::error::CliError;
use crate::sync::lock;

/// How much of a refused body is read, and for how long, so that the client gets to read the response.
const LINGER_BYTES: u64 = 64 * 1024 * 1024;
const LINGER_TIME: Duration = Duration::from_secs(2);

/// How long a client may send nothing, or read nothing, before its connection is closed.
pub(crate) const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// How long to wait when the system can't open another connection.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// What every connection shares.
#[derive(Debug)]
pub(crate) struct Service {
    /// What the sandbox does, and what it received.
    pub(crate) state: Mutex<State>,
    /// The time before each response.
    pub(crate) latency: Duration,
    /// How long a connection may be idle.
    pub(crate) idle_timeout: Duration,
}

impl Service {
    /// The response to a request, or to an unreadable one (an error); `None`: the connection is closed without one.
    fn respond(&self, request: Result<&Request, Response>) -> Option<Response> {
        let response = self.lock().respond(request, Instant::now());
        thread::sleep(self.latency);
        response
    }

    /// The state, which doesn't change while it is borrowed.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
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
    stream.set_read_timeout(Some(service.idle_timeout))?;
    stream.set_write_timeout(Some(service.idle_timeout))?;
    let mut connection = BufReader::new(stream);
    loop {
        match http::read_request(&mut connection) {
            Ok(request) => {
                let Some(response) = service.respond(Ok(&request)) else {
                    return Ok(());
                };
                http::write_response(connection.get_ref(), Some(&request), &response)?;
                if request.connection == Connection::Close {
                    return Ok(());
                }
            }
            Err(Unreadable::Gone) => return Ok(()),
            Err(Unreadable::Refused(response)) => {
                if let Some(response) = service.respond(Err(response)) {
                    http::write_response(connection.get_ref(), None, &response)?;
                }
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

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::sync::{Arc, Mutex};
    use std::thread;
    use std::time::Duration;

    use super::{Service, State, serve};
    use crate::output::{ColorWhen, Console, Surroundings};
    use crate::sandbox::expectations::Expectations;
    use crate::sandbox::faults::Faults;
    use crate::sandbox::inbox::Inbox;
    use crate::sandbox::log::RequestLog;
    use crate::sandbox::rate_limit::StrictLimit;
    use crate::token::Token;

    #[test]
    fn an_idle_connection_is_closed() {
        let state = State {
            faults: Faults::new(&[]).unwrap(),
            inbox: Inbox {
                token: Token::parse("sandbox-token").unwrap(),
                client_id: 1,
                pages: Vec::new(),
                rate_limit: StrictLimit::new(0),
            },
            log: RequestLog::default(),
            expectations: Expectations::default(),
            record: None,
            console: Console::new(ColorWhen::Never, Surroundings::default()),
            is_live: false,
        };
        let service = Arc::new(Service {
            state: Mutex::new(state),
            latency: Duration::ZERO,
            idle_timeout: Duration::from_millis(50),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || serve(&listener, &service));

        let whole = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
        for sent in ["", &whole[..20], &whole[..whole.len() - 1], whole] {
            let mut client = TcpStream::connect(address).unwrap();
            client
                .set_read_timeout(Some(Duration::from_mins(1)))
                .unwrap();
            client.write_all(sent.as_bytes()).unwrap();
            let mut received = String::new();
            client.read_to_string(&mut received).unwrap();
            assert_eq!(received.starts_with("HTTP/1.1 404 "), sent == whole);
        }
    }
}
