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

    use super::{excludes, from_environment};
    use crate::env::Environment;
    use crate::settings::BaseUrl;

    #[test]
    fn no_proxy_is_read_as_curl_reads_it() {
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
    fn only_https_goes_through_a_proxy_and_its_password_is_not_shown() {
        let environment =
            Environment::from([("HTTPS_PROXY", "http://me:secret@proxy.example:3128")]);
        let via =
            |url: &str| from_environment(&BaseUrl::parse(url).unwrap(), &environment).unwrap();
        assert_eq!(
            via("https://clients.lexer.io/x").unwrap().to_string(),
            "proxy.example:3128 (HTTPS_PROXY)"
        );
        assert!(via("http://127.0.0.1:8080").is_none());
    }

    #[test]
    fn what_is_no_proxy_is_told_without_its_value() {
        let environment = Environment::from([("ALL_PROXY", "nonsense://secret@host")]);
        let base_url = BaseUrl::parse("https://clients.lexer.io").unwrap();
        let error = from_environment(&base_url, &environment).unwrap_err();
        assert_eq!(error.to_string(), "ALL_PROXY is not the URL of a proxy");
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        /// A list excludes the hosts in it and their subdomains, and no other.
        #[test]
        fn a_list_excludes_what_it_names(hosts in prop::collection::vec("[a-c]{1,2}(\\.[a-c]{1,2}){0,2}", 0..5), host in "[a-c]{1,2}(\\.[a-c]{1,2}){0,3}", separator in "[, ]{1,3}") {
            let expected = hosts.iter().any(|own| host == *own || host.ends_with(&format!(".{own}")));
            prop_assert_eq!(excludes(&hosts.join(&separator), &host), expected);
        }

        #[test]
        fn any_list_is_survived(list in "\\PC{0,40}|[*., \\[\\]:a-z]{0,20}", host in "[a-z.]{1,9}|\\[[0-9a-f:]{1,9}\\]") {
            excludes(&list, &host);
            let with_host = format!("{list},{host}");
            prop_assert!(excludes(&with_host, &host) || host.trim_matches(['[', ']', '.']).is_empty(), "{}", host);
        }

        /// What is no proxy is told by its variable and never by its value, and a password isn't shown.
        #[test]
        fn no_variable_shows_its_value(before in "[a-z:/@%]{0,8}", after in "[a-z0-9:/@%.\\[\\]]{0,12}") {
            let secret = format!("{before}S3CRET@{after}");
            let base_url = BaseUrl::parse("https://clients.lexer.io").unwrap();
            let environment = Environment::from([("HTTPS_PROXY", secret.as_str())]);
            let shown = match from_environment(&base_url, &environment) {
                Ok(via) => via.unwrap().to_string(),
                Err(fault) => format!("{fault}{fault:?}"),
            };
            prop_assert!(!shown.contains("S3CRET"), "{}", shown);
        }
    }
}
