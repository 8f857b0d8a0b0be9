//! Which proxy the environment names for a base URL.

use std::fmt;

use ureq::Proxy;

use crate::env::Environment;
use crate::error::CliError;
use crate::settings::BaseUrl;

/// The first one that is set counts. Like curl, lexbot accepts both spellings.
const VARIABLES: [&str; 6] = [
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "HTTP_PROXY",
    "http_proxy",
];

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

/// The proxy for `base_url`, unless `NO_PROXY` excludes its host.
///
/// Plain http goes to this machine only and never through a proxy, so no proxy sees the token in clear text.
/// The error for a value that isn't a proxy names only the variable, because the value may contain a password.
pub(super) fn from_environment(
    base_url: &BaseUrl,
    environment: &Environment,
) -> Result<Option<ProxyRoute>, CliError> {
    if !base_url.is_https() {
        return Ok(None);
    }
    for name in ["NO_PROXY", "no_proxy"] {
        if environment
            .get(name)?
            .is_some_and(|list| excludes(&list, base_url.host()))
        {
            return Ok(None);
        }
    }
    for variable in VARIABLES {
        if let Some(url) = environment.get(variable)? {
            let proxy = parse(&url).ok_or_else(|| {
                CliError::configuration(format!("{variable} is not the URL of a proxy")).hint(
                    format!("write it as {variable}=http://HOST:PORT, or unset it"),
                )
            })?;
            return Ok(Some(ProxyRoute { proxy, variable }));
        }
    }
    Ok(None)
}

/// The proxy at `url`. ureq ignores an invalid port, so this checks it.
fn parse(url: &str) -> Option<Proxy> {
    let proxy = Proxy::new(url).ok()?;
    let authority = proxy.uri().authority()?;
    let has_port = authority.as_str().rsplit('@').next() != Some(authority.host());
    let is_valid = !has_port || authority.port_u16()? > 0;
    is_valid.then_some(proxy)
}

/// Whether `list` names `host`. As in curl, `*` is every host, and a name includes its subdomains.
fn excludes(list: &str, host: &str) -> bool {
    let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
    list.split([',', ' ']).map(str::trim).any(|entry| {
        let entry = entry.to_ascii_lowercase();
        let name = entry
            .trim_start_matches("*.")
            .trim_start_matches('.')
            .trim_matches(['[', ']']);
        entry == "*"
            || (!name.is_empty()
                && host
                    .strip_suffix(name)
                    .is_some_and(|before| before.is_empty() || before.ends_with('.')))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{excludes, from_environment, parse};
    use crate::env::Environment;
    use crate::settings::BaseUrl;

    #[test]
    fn no_proxy_has_the_meaning_that_it_has_in_curl() {
        for list in [
            "*",
            "lexer.io",
            ".lexer.io",
            "*.lexer.io",
            "a.b, Clients.Lexer.IO",
            "a clients.lexer.io",
        ] {
            assert!(excludes(list, "clients.lexer.io"), "{list}");
        }
        for list in ["", ",", "exer.io", "x.clients.lexer.io", "lexer"] {
            assert!(!excludes(list, "clients.lexer.io"), "{list}");
        }
        assert!(excludes("::1", "[::1]"));
    }

    #[test]
    fn a_proxy_is_for_https_only_and_displays_without_its_password() {
        let environment =
            Environment::from([("HTTPS_PROXY", "http://me:secret@proxy.example:3128")]);
        let proxy =
            |url: &str| from_environment(&BaseUrl::parse(url).unwrap(), &environment).unwrap();
        assert_eq!(
            proxy("https://clients.lexer.io/x").unwrap().to_string(),
            "proxy.example:3128 (HTTPS_PROXY)"
        );
        assert!(proxy("http://127.0.0.1:8080").is_none());
    }

    #[test]
    fn parse_refuses_an_invalid_port() {
        for url in [
            "p",
            "p:1",
            "1:1",
            "http://me:x@p",
            "http://me:x@p:1/",
            "socks5://[::1]:1",
        ] {
            assert!(parse(url).is_some(), "{url}");
        }
        for url in [
            "p:",
            "p:p",
            "p:0",
            "p:65536",
            "http://me:1@p:x",
            "http://[::1]:x",
        ] {
            assert!(parse(url).is_none(), "{url}");
        }
    }

    #[test]
    fn an_invalid_proxy_is_reported_without_its_value() {
        let environment = Environment::from([("ALL_PROXY", "nonsense://secret@host")]);
        let base_url = BaseUrl::parse("https://clients.lexer.io").unwrap();
        let error = from_environment(&base_url, &environment).unwrap_err();
        assert_eq!(error.to_string(), "ALL_PROXY is not the URL of a proxy");
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        /// A list excludes the hosts in it and their subdomains only.
        #[test]
        fn a_list_excludes_the_hosts_that_it_names(hosts in prop::collection::vec("[a-c]{1,2}(\\.[a-c]{1,2}){0,2}", 0..5), host in "[a-c]{1,2}(\\.[a-c]{1,2}){0,3}", separator in "[, ]{1,3}") {
            let expected = hosts.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")));
            prop_assert_eq!(excludes(&hosts.join(&separator), &host), expected);
        }

        #[test]
        fn any_list_can_be_parsed(list in "\\PC{0,40}|[*., \\[\\]:a-z]{0,20}", host in "[a-z.]{1,9}|\\[[0-9a-f:]{1,9}\\]") {
            excludes(&list, &host);
            let with_host = format!("{list},{host}");
            prop_assert!(excludes(&with_host, &host) || host.trim_matches(['[', ']', '.']).is_empty(), "{}", host);
        }

        /// An invalid value isn't repeated, and a valid one is shown without its password.
        #[test]
        fn a_password_is_never_shown(before in "[a-z:/@%]{0,8}", after in "[a-z0-9:/@%.\\[\\]]{0,12}") {
            let secret = format!("{before}S3CRET@{after}");
            let base_url = BaseUrl::parse("https://clients.lexer.io").unwrap();
            let environment = Environment::from([("HTTPS_PROXY", secret.as_str())]);
            let shown = match from_environment(&base_url, &environment) {
                Ok(proxy) => proxy.unwrap().to_string(),
                Err(error) => format!("{error}{error:?}"),
            };
            prop_assert!(!shown.contains("S3CRET"), "{}", shown);
        }
    }
}
