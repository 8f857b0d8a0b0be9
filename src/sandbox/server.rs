//! Connections to the sandbox: one thread each, on loopback only.
//!
//! `http` reads requests and writes responses; `state` decides on the response.

use std::io::{self, BufReader, Read as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::http::{self, Request, Unreadable};
use super::state::State;
use crate::error::CliError;
use crate::locks::lock;

/// How many bytes are read after the last response, and for how long, so that the response isn't lost.
const LINGER_BYTES: u64 = 64 * 1024 * 1024;
const LINGER_TIME: Duration = Duration::from_secs(2);

/// How long a client may send nothing, or read nothing, before its connection is closed.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// How long to wait when the system can't open another connection.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

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
pub(crate) fn serve(listener: &TcpListener, state: &Arc<Mutex<State>>) -> ! {
    loop {
        let Ok((stream, _)) = listener.accept() else {
            thread::sleep(ACCEPT_RETRY_DELAY);
            continue;
        };
        let state = Arc::clone(state);
        // If no thread can be started, the connection is dropped, which to its client is an outage. An error of
        // the connection means that the client has gone.
        let _ =
            thread::Builder::new().spawn(move || serve_connection(stream, &state, IDLE_TIMEOUT));
    }
}

fn serve_connection(
    stream: TcpStream,
    state: &Mutex<State>,
    idle_timeout: Duration,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(idle_timeout))?;
    stream.set_write_timeout(Some(idle_timeout))?;
    let mut connection = BufReader::new(stream);
    loop {
        let mut request = Request::default();
        let refusal = match http::read_request(&mut connection, &mut request) {
            Ok(()) => None,
            Err(Unreadable::Gone) => return Ok(()),
            Err(Unreadable::Refused(response)) => Some(response),
        };
        let response = lock(state).respond(&request, refusal, Instant::now());
        // Two statements: in one, the lock would be held during the sleep.
        let latency = lock(state).latency;
        thread::sleep(latency);
        let Some(response) = response else {
            return Ok(());
        };
        http::write_response(connection.get_ref(), &request, &response)?;
        if !request.keep_alive {
            return linger(connection.get_ref());
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
    use std::sync::Mutex;
    use std::time::Duration;

    use super::{State, serve_connection};
    use crate::env::Environment;
    use crate::output::{ColorWhen, Console};
    use crate::sandbox::inbox::{Inbox, StrictLimit};
    use crate::sandbox::log::RequestLog;
    use crate::token::Token;

    #[test]
    fn an_idle_connection_is_closed() {
        let state = Mutex::new(State {
            faults: Vec::new(),
            inbox: Inbox {
                token: Token::parse("sandbox-token").unwrap(),
                client_id: 1,
                pages: Vec::new(),
                rate_limit: StrictLimit::new(0),
            },
            latency: Duration::ZERO,
            log: RequestLog::default(),
            record: None,
            console: Console::new(ColorWhen::Never, &Environment::default()),
            is_live: false,
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();

        let whole = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
        for sent in ["", &whole[..20], &whole[..whole.len() - 1], whole] {
            let mut client = TcpStream::connect(address).unwrap();
            client.write_all(sent.as_bytes()).unwrap();
            let (stream, _) = listener.accept().unwrap();
            serve_connection(stream, &state, Duration::from_millis(50)).unwrap();
            let mut received = String::new();
            client.read_to_string(&mut received).unwrap();
            assert_eq!(received.starts_with("HTTP/1.1 404 "), sent == whole);
        }
    }
}
