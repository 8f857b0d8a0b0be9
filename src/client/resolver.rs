//! Turns the host of a URL into addresses, and remembers them for a while.
//!
//! ureq asks for them before every request, even if a connection is open. A look-up takes a thread, because the
//! system's has no time limit.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{NextTimeout, time};

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
        mut timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((last_uri, addresses, found_at)) = &*last
            && (last_uri.scheme(), last_uri.authority()) == (uri.scheme(), uri.authority())
            && found_at.elapsed() < CACHE_TIME
        {
            return Ok(addresses.clone());
        }
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        if host.parse::<IpAddr>().is_ok() {
            // Nothing to look up, so no thread is needed.
            timeout.after = time::Duration::NotHappening;
        }
        let addresses = DefaultResolver::default()
            .resolve(uri, config, timeout)
            .map_err(|error| match error {
                Error::Timeout(_) => NotConnected::Failed(error),
                _ => NotConnected::NoAddress(host.to_owned()),
            })?;
        *last = Some((uri.clone(), addresses.clone(), Instant::now()));
        Ok(addresses)
    }
}
