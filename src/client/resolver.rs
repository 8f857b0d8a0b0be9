//! Turns the host of a URL into addresses, and remembers them for a while.
//!
//! ureq asks for them before every request, even if a connection is open. A look-up takes a thread, because the
//! system's has no time limit.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::uri::Scheme;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

use crate::locks::lock;
use crate::settings::is_localhost;

/// How long addresses are used without another look-up. A run may last for days, and Lexer may move.
const CACHE_TIME: Duration = Duration::from_secs(30);

/// Looks hosts up, and remembers the last one's URL, its addresses and when they were found.
///
/// For a host without an address it fails with an I/O error of the kind `NotFound`, whose text is the host's name.
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
        if uri.host().is_some_and(is_localhost) {
            return Ok(self.loopback(uri));
        }
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
            Error::Timeout(_) => error,
            _ => io::Error::new(ErrorKind::NotFound, host).into(),
        })?;
        *lock(&self.last) = Some((uri.clone(), addresses.clone(), Instant::now()));
        Ok(addresses)
    }
}

impl CachingResolver {
    fn cached(&self, uri: &Uri) -> Option<ResolvedSocketAddrs> {
        let last = lock(&self.last);
        let (last_uri, addresses, found_at) = last.as_ref()?;
        let is_same = (last_uri.scheme(), last_uri.authority()) == (uri.scheme(), uri.authority());
        (is_same && found_at.elapsed() < CACHE_TIME).then(|| addresses.clone())
    }

    /// What `localhost` means. The system's resolver is not asked, because a hosts file or a DNS server could name
    /// another machine.
    fn loopback(&self, uri: &Uri) -> ResolvedSocketAddrs {
        let is_http = uri.scheme() == Some(&Scheme::HTTP);
        let usual_port = if is_http { 80 } else { 443 };
        let port = uri.port_u16().unwrap_or(usual_port);
        let mut addresses = self.empty();
        addresses.push((Ipv6Addr::LOCALHOST, port).into());
        addresses.push((Ipv4Addr::LOCALHOST, port).into());
        addresses
    }
}

fn look_up(uri: &Uri, config: &Config) -> Result<ResolvedSocketAddrs, Error> {
    DefaultResolver::default().resolve(uri, config, NextTimeout::default())
}

/// ureq's own time limit would panic if the system can't start another thread.
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

#[cfg(test)]
mod tests {
    use super::CachingResolver;
    use ureq::config::Config;
    use ureq::unversioned::resolver::Resolver as _;
    use ureq::unversioned::transport::NextTimeout;

    #[test]
    fn localhost_is_the_loopback_interface_and_nothing_else() {
        for (url, port) in [
            ("http://localhost:8080/x", 8080),
            ("http://LocalHost", 80),
            ("https://localhost", 443),
            ("https://localhost.", 443),
            ("https://localhost:8443", 8443),
        ] {
            let uri = url.parse().unwrap();
            let resolver = CachingResolver::default();
            let addresses = resolver.resolve(&uri, &Config::default(), NextTimeout::default());
            let addresses: Vec<_> = addresses.unwrap().iter().map(ToString::to_string).collect();
            assert_eq!(
                addresses,
                [format!("[::1]:{port}"), format!("127.0.0.1:{port}")],
                "{url}"
            );
        }
    }
}
