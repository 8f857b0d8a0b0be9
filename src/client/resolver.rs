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

/// Looks hosts up and remembers the last one.
#[derive(Debug, Default)]
pub(super) struct CachingResolver(Mutex<Option<Resolved>>);

#[derive(Debug)]
struct Resolved {
    uri: Uri,
    at: Instant,
    addresses: ResolvedSocketAddrs,
}

impl Resolver for CachingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        mut timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = &*cache
            && (last.uri.scheme(), last.uri.authority()) == (uri.scheme(), uri.authority())
            && last.at.elapsed() < CACHE_TIME
        {
            return Ok(last.addresses.clone());
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
        *cache = Some(Resolved {
            uri: uri.clone(),
            at: Instant::now(),
            addresses: addresses.clone(),
        });
        Ok(addresses)
    }
}
