//! `NO_PROXY`: hosts that are reached without a proxy, with the meaning that the list has in curl.

use std::net::IpAddr;

/// Whether `list` names `host`.
///
/// `*` alone is every host. A name includes its subdomains, whatever dot it starts or ends with. An address may be
/// followed by the number of network bits, as in `10.0.0.0/8`.
pub(super) fn excludes(list: &str, host: &str) -> bool {
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
    // curl takes no bits for all of them.
    let bits = if bits == 0 { width } else { bits };
    bits <= width && difference.leading_zeros() >= bits
}

/// `host` without the brackets around an IPv6 address in a URL.
fn without_brackets(host: &str) -> &str {
    host.trim_matches(['[', ']'])
}

#[cfg(test)]
mod tests;
