//! Turns the host of a URL into addresses: with a time limit, and not once for every request.
//!
//! ureq asks for the addresses before each request, also where a connection is open; and the system's look-up
//! knows no time limit. So a look-up runs in a thread of its own, and what it found is good for a while.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};
use std::{fmt, io, thread};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

use super::connect::NotConnected;
use crate::api::CONNECT_TIMEOUT;

/// How long found addresses are used without another look-up. A run may last for days, and Lexer may move.
const GOOD_FOR: Duration = Duration::from_secs(30);

/// What ureq takes of the addresses at the most.
const MAX_ADDRESSES: usize = 16;

/// The host of this name has no address.
#[derive(Debug)]
pub(super) struct NoAddress(String);

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoAddress {}

/// Looks hosts up and remembers the last one.
#[derive(Debug, Default)]
pub(super) struct CachingResolver(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    authority: String,
    since: Instant,
    addresses: Vec<SocketAddr>,
}

impl Resolver for CachingResolver {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().unwrap_or_default();
        let https = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        let mut found = self.empty();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            found.push(SocketAddr::new(address, port));
            return Ok(found);
        }
        let addresses = self.look_up(bare, port).map_err(|error| {
            NotConnected::wrap(match error {
                Error::HostNotFound => Error::Other(Box::new(NoAddress(bare.to_owned()))),
                error => error,
            })
        })?;
        for address in addresses.into_iter().take(MAX_ADDRESSES) {
            found.push(address);
        }
        Ok(found)
    }
}

impl CachingResolver {
    fn look_up(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Error> {
        let authority = format!("{host}:{port}");
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*known
            && known.authority == authority
            && known.since.elapsed() < GOOD_FOR
        {
            return Ok(known.addresses.clone());
        }
        let addresses = within_time(authority.clone())?;
        if addresses.is_empty() {
            return Err(Error::HostNotFound);
        }
        *known = Some(Known {
            authority,
            since: Instant::now(),
            addresses: addresses.clone(),
        });
        Ok(addresses)
    }
}

fn within_time(authority: String) -> Result<Vec<SocketAddr>, Error> {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("look-up".to_owned())
        .spawn(move || {
            let found = authority.to_socket_addrs().map(Iterator::collect);
            // Nobody listens any more once the time is over.
            let _ = sender.send(found);
        })?;
    let found: io::Result<Vec<SocketAddr>> = receiver
        .recv_timeout(CONNECT_TIMEOUT)
        .map_err(|_| Error::Timeout(Timeout::Resolve))?;
    found.map_err(|_| Error::HostNotFound)
}
