//! Which proxy the environment names for a base URL, and which hosts need none.

use std::fmt;
use std::net::IpAddr;

use ureq::Proxy;

use crate::env::Environment;
use crate::error::CliError;
use crate::settings::BaseUrl;

/// The first one that is set counts. Like curl, lexbot accepts both spellings.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Never read, because only https uses a proxy, and because a web server that runs lexbot as a CGI program sets
/// `HTTP_PROXY` to whatever a request's `Proxy` header says.
const UNREAD: [&str; 2] = ["HTTP_PROXY", "http_proxy"];

/// A proxy and the variable that named it. Displays without its user name and password.
#[derive(Debug, Clone)]
pub(super) struct ProxyRoute {
    pub(super) proxy: Proxy,
    pub(super) variable: &'static str,
}

impl fmt::Display for ProxyRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{} ({})",
            self.proxy.host(),
            self.proxy.port(),
            self.variable
        )
    }
}

/// The proxy for `base_url`, unless its host is this machine or `NO_PROXY` excludes it. If no variable names a proxy,
/// also returns which of [`UNREAD`] is set, if any.
///
/// Plain http goes to this machine only, so no proxy sees the token in clear text.
/// The error for a value that isn't a proxy names only the variable, because the value may contain a password.
pub(super) fn from_environment(
    base_url: &BaseUrl,
    environment: &Environment,
) -> Result<(Option<ProxyRoute>, Option<&'static str>), CliError> {
    if base_url.is_loopback() {
        return Ok((None, None));
    }
    for name in ["NO_PROXY", "no_proxy"] {
        let list = environment.get(name)?;
        if list.is_some_and(|list| excludes(&list, base_url.host())) {
            return Ok((None, None));
        }
    }
    for variable in VARIABLES {
        if let Some(url) = environment.get(variable)? {
            let proxy = parse(&url).ok_or_else(|| {
                CliError::configuration(format!("{variable} is not the URL of a proxy")).hint(
                    format!("write it as {variable}=http://HOST:PORT, or unset it"),
                )
            })?;
            return Ok((Some(ProxyRoute { proxy, variable }), None));
        }
    }
    let is_set = |name: &&str| environment.get_os(name).is_some();
    Ok((None, UNREAD.into_iter().find(is_set)))
}

/// The proxy at `url`. ureq ignores an invalid port, so this checks it.
fn parse(url: &str) -> Option<Proxy> {
    let proxy = Proxy::new(url).ok()?;
    let authority = proxy.uri().authority()?;
    let has_port = authority.as_str().rsplit('@').next() != Some(authority.host());
    let is_valid = !has_port || authority.port_u16()? > 0;
    is_valid.then_some(proxy)
}

/// Whether `list`, the value of `NO_PROXY`, names `host`. It means what it does in curl.
///
/// `*` alone is every host. A name includes its subdomains, with or without a dot at its start or end. An address may
/// be followed by the number of network bits, as in `10.0.0.0/8`.
fn excludes(list: &str, host: &str) -> bool {
    if list.trim() == "*" {
        return true;
    }
    let mut entries = list.split([',', ' ', '\t']);
    match without_brackets(host).parse() {
        Ok(address) => entries.any(|entry| network_contains(entry, address)),
        Err(_) => entries.any(|entry| domain_contains(entry, host)),
    }
}

fn domain_contains(domain: &str, host: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    !domain.is_empty()
        && host
            .strip_suffix(&domain.to_ascii_lowercase())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn network_contains(network: &str, address: IpAddr) -> bool {
    let (first, bits) = network.split_once('/').unwrap_or((network, "0"));
    let (Ok(first), Ok(bits)) = (without_brackets(first).parse(), bits.parse()) else {
        return false;
    };
    let (difference, width) = match (first, address) {
        (IpAddr::V4(first), IpAddr::V4(address)) => {
            let difference = first.to_bits() ^ address.to_bits();
            (u128::from(difference) << 96, 32)
        }
        (IpAddr::V6(first), IpAddr::V6(address)) => (first.to_bits() ^ address.to_bits(), 128),
        _ => return false,
    };
    // In curl, 0 bits mean all of them.
    let bits = if bits == 0 { width } else { bits };
    bits <= width && difference.leading_zeros() >= bits
}

/// `host` without the brackets around an IPv6 address in a URL.
fn without_brackets(host: &str) -> &str {
    host.trim_matches(['[', ']'])
}

#[cfg(test)]
mod tests;
