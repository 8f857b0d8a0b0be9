//! The URL that all requests and the token go to. Only a URL that keeps the token safe on the way is accepted.
//!
//! Errors never repeat the URL: it may contain a password.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU16;

use ureq::http::Uri;

use crate::error::CliError;

/// A base URL that the token may be sent to: https, or http on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    text: String,
    host: String,
}

impl BaseUrl {
    /// Parses `text` and removes slashes at its end.
    pub(crate) fn parse(text: &str) -> Result<Self, CliError> {
        // Uri would silently drop a fragment.
        if text.contains(['?', '#']) {
            return Err(refused(
                "it has a query or a fragment",
                "leave out everything from ? or # on",
            ));
        }
        if !text.is_ascii() {
            return Err(refused(
                "it has characters outside ASCII",
                "write an international host name as a browser sends it (xn--…), and the rest percent-encoded",
            ));
        }
        let uri: Uri = text.parse().map_err(|_| not_a_url())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(not_a_url());
        };
        if authority.as_str().contains('@') {
            return Err(refused(
                "it has a user name or a password",
                "leave out everything between // and @; Lexer needs only the token",
            ));
        }
        let host = authority.host();
        let port = &authority.as_str()[host.len()..];
        if !["http", "https"].contains(&scheme) || !is_host(host) || !is_port(port) {
            return Err(not_a_url());
        }
        if scheme == "http" && !is_loopback(host) {
            return Err(refused(
                "http:// would send the token unencrypted",
                "use https://; http:// is only for a server on this machine, such as lexbot sandbox",
            ));
        }
        let path = uri.path().trim_end_matches('/');
        Ok(BaseUrl {
            text: format!("{scheme}://{authority}{path}"),
            host: host.to_owned(),
        })
    }

    /// The URL, without a slash at its end.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The host without the port, for messages.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Whether the host is certainly this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn refused(problem: &str, fix: &str) -> CliError {
    CliError::configuration(format!("the base URL is refused: {problem}")).hint(fix)
}

fn not_a_url() -> CliError {
    refused(
        "it is not an https:// URL with a host",
        "write it like this: https://clients.lexer.io/api/clients",
    )
}

/// Whether `host` is a name or an address; one of IPv6 needs its brackets.
fn is_host(host: &str) -> bool {
    !host.is_empty() && (!host.starts_with('[') || address(host).is_some())
}

/// Whether `port`, the part after the host, is empty or a colon and a port.
fn is_port(port: &str) -> bool {
    port.is_empty()
        || port.strip_prefix(':').is_some_and(|number| {
            number.bytes().all(|byte| byte.is_ascii_digit()) && number.parse::<NonZeroU16>().is_ok()
        })
}

/// The address that `host` is, unless it is a name.
fn address(host: &str) -> Option<IpAddr> {
    match host.strip_prefix('[').and_then(|v6| v6.strip_suffix(']')) {
        Some(v6) => v6.parse().ok().map(IpAddr::V6),
        None => host.parse().ok().map(IpAddr::V4),
    }
}

/// Whether `host` is the name that always means this machine. A name may end with the dot of the root.
pub(crate) fn is_localhost(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    name.eq_ignore_ascii_case("localhost")
}

/// Whether `host` is certainly this machine. Names aren't resolved: they could point elsewhere.
fn is_loopback(host: &str) -> bool {
    is_localhost(host) || address(host).is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::BaseUrl;
    use crate::error::CliError;
    use crate::exit::Exit;

    #[test]
    fn ignores_trailing_slashes_and_the_case_of_the_scheme() {
        for (text, expected, host) in [
            (
                "https://clients.lexer.io/api/clients",
                "https://clients.lexer.io/api/clients",
                "clients.lexer.io",
            ),
            ("https://h", "https://h", "h"),
            ("https://h///", "https://h", "h"),
            ("HTTPS://h:8443/p//", "https://h:8443/p", "h"),
            (
                "https://[2001:db8::1]/p",
                "https://[2001:db8::1]/p",
                "[2001:db8::1]",
            ),
        ] {
            let url = BaseUrl::parse(text).unwrap();
            assert_eq!((url.as_str(), url.host()), (expected, host));
        }
    }

    #[test]
    fn http_is_refused_except_on_this_machine() {
        for text in [
            "http://127.0.0.1:8080",
            "http://127.255.0.9",
            "http://[::1]:80/x",
            "HTTP://LocalHost",
            "http://localhost.:80/x",
        ] {
            assert!(BaseUrl::parse(text).unwrap().is_loopback(), "{text}");
        }
        for text in [
            "http://clients.lexer.io",
            "http://127.0.0.1.evil.com",
            "http://localhost.evil.com",
            "http://localhost..",
            "http://.localhost",
            "http://evil.com/localhost",
            "http://[::ffff:127.0.0.1]",
            "http://[::2]",
            "http://127.1",
            "http://0.0.0.0",
            "http://2130706433",
        ] {
            assert_eq!(
                refusal(text),
                "the base URL is refused: http:// would send the token unencrypted",
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_anything_but_a_plain_url() {
        for text in [
            "",
            " ",
            "h",
            "/p",
            "//h/p",
            "https:h",
            "https://",
            "https:///p",
            "https://:80",
            "https://h:",
            "https://h:0",
            "https://h:+1",
            "https://h:port",
            "https://h:65536",
            "https://[::1]evil",
            "https://[]",
            "https://[]:443/p",
            "https://[x]",
            "https://[127.0.0.1]",
            "https://[::1%25lo]",
            "https://h/a b",
            "https://h\n",
            "https://h\\evil",
            "ftp://h",
            "file:///etc/passwd",
        ] {
            assert_eq!(
                refusal(text),
                "the base URL is refused: it is not an https:// URL with a host",
                "{text:?}"
            );
        }
        for text in [
            "https://h/\u{202e}",
            "https://höst.example",
            "https://例え.テスト/p",
        ] {
            assert_eq!(
                refusal(text),
                "the base URL is refused: it has characters outside ASCII"
            );
        }
        assert!(BaseUrl::parse("https://xn--hst-sna.example").is_ok());
        for text in ["https://h?q", "https://h/#f", "https://h/?q#f"] {
            assert_eq!(
                refusal(text),
                "the base URL is refused: it has a query or a fragment"
            );
        }
    }

    #[test]
    fn refuses_a_password_and_hides_it() {
        for text in [
            "https://ana:s3cret@h/",
            "https://s3cret@h",
            "https://@h",
            "http://s3cret@127.0.0.1",
            "https://a@s3cret@h",
        ] {
            assert_eq!(
                refusal(text),
                "the base URL is refused: it has a user name or a password"
            );
        }
    }

    fn refusal(text: &str) -> String {
        let error = anyhow::Error::from(BaseUrl::parse(text).unwrap_err());
        assert_eq!(CliError::exit_of(&error), Exit::Configuration);
        assert!(CliError::hint_of(&error).is_some());
        error.to_string()
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        /// An accepted URL keeps the token safe, and parses to itself.
        #[test]
        fn every_accepted_url_is_safe(text in "\\PC{0,40}|[a-zHTPS]{0,5}:?/{0,3}([a-z0-9.@:%\\[\\]]{0,12}|127\\.[0-9.]{0,8}|localhost)(:[0-9]{0,6})?[/?#a-z.@ \\\\]{0,12}") {
            if let Ok(url) = BaseUrl::parse(&text) {
                prop_assert_eq!(BaseUrl::parse(url.as_str()).unwrap(), url.clone());
                let (scheme, rest) = url.as_str().split_once("://").unwrap();
                let authority = rest.split('/').next().unwrap();
                prop_assert!(["http", "https"].contains(&scheme));
                prop_assert!(!authority.contains('@'));
                prop_assert!(!url.as_str().contains(['?', '#', ' ', '\n']));
                prop_assert!(authority.starts_with(url.host()) && !url.host().is_empty());
                if scheme == "http" {
                    let host = url.host().to_ascii_lowercase();
                    prop_assert!(["localhost", "localhost."].contains(&&*host) || host == "[::1]" || host.starts_with("127."), "{}", host);
                }
            }
        }

        #[test]
        fn no_other_host_counts_as_this_machine(host in "[a-z0-9]{1,8}(\\.[a-z0-9]{1,8}){0,3}", around in prop::sample::select(vec!["", "127.0.0.1.", "localhost.", "127-"])) {
            let host = format!("{around}{host}");
            prop_assume!(host != "localhost" && host.parse::<std::net::Ipv4Addr>().is_err());
            prop_assert!(BaseUrl::parse(&format!("http://{host}/x")).is_err(), "{}", host);
        }
    }
}
