//! Turns the host of a URL into addresses, and remembers them for a while.
//!
//! ureq asks for them before every request, even if a connection is open. A look-up takes a thread, because the
//! system's has no time limit.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

use super::error::NotConnected;

/// How long addresses are used without another look-up. A run may last for days, and Lexer may move.
const CACHE_TIME: Duration = Duration::from_secs(30);

/// Looks hosts up, and remembers the last one's URL, its addresses and when they were found.
#[derive(Debug, Default)]
pub(super) struct CachingResolver {
    last: Mutex<Option<(Uri, ResolvedSocketAddrs, Instant)>>,
}

impl Resolver for CachingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        if let Some(addresses) = self.cached(uri) {
            return Ok(addresses);
        }
        // Not under the lock: each thread waits for its own look-up, and no longer than its time limit.
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let addresses = if host.parse::<IpAddr>().is_ok() {
            look_up(uri, config)
        } else {
            look_up_within(*timeout.after, uri, config)
        };
        let addresses = addresses.map_err(|error| match error {
            Error::Timeout(_) => NotConnected::Failed(error),
            _ => NotConnected::NoAddress(host.to_owned()),
        })?;
        *self.last() = Some((uri.clone(), addresses.clone(), Instant::now()));
        Ok(addresses)
    }
}

impl CachingResolver {
    fn cached(&self, uri: &Uri) -> Option<ResolvedSocketAddrs> {
        let last = self.last();
        let (last_uri, addresses, found_at) = last.as_ref()?;
        let is_same = (last_uri.scheme(), last_uri.authority()) == (uri.scheme(), uri.authority());
        (is_same && found_at.elapsed() < CACHE_TIME).then(|| addresses.clone())
    }

    fn last(&self) -> MutexGuard<'_, Option<(Uri, ResolvedSocketAddrs, Instant)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look_up(uri: &Uri, config: &Config) -> Result<ResolvedSocketAddrs, Error> {
    DefaultResolver::default().resolve(uri, config, NextTimeout::default())
}

/// ureq's own time limit would panic where the system has no thread to spare.
fn look_up_within(
    timeout: Duration,
    uri: &Uri,
    config: &Config,
) -> Result<ResolvedSocketAddrs, Error> {
    let (uri, config) = (uri.clone(), config.clone());
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("look-up".to_owned())
        .spawn(move || {
            let _ = sender.send(look_up(&uri, &config));
        })?;
    let found = receiver.recv_timeout(timeout);
    found.unwrap_or(Err(Error::Timeout(Timeout::Resolve)))
}
