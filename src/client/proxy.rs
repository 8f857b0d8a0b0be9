//! Which proxy the environment names for a base URL.

use std::fmt;

use ureq::Proxy;

use super::no_proxy::excludes;
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

/// The proxy for `base_url`, unless its host is this machine or `NO_PROXY` excludes it.
///
/// Plain http goes to this machine only, so no proxy sees the token in clear text.
/// The error for a value that isn't a proxy names only the variable, because the value may contain a password.
pub(super) fn from_environment(
    base_url: &BaseUrl,
    environment: &Environment,
) -> Result<Option<ProxyRoute>, CliError> {
    if is_direct(base_url, environment)? {
        return Ok(None);
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

/// The variable that is set in vain, if `base_url` could be reached through a proxy and none is set.
pub(super) fn unread_variable(
    base_url: &BaseUrl,
    environment: &Environment,
) -> Result<Option<&'static str>, CliError> {
    let is_set = |name: &&str| environment.get_os(name).is_some();
    if VARIABLES.iter().any(is_set) || is_direct(base_url, environment)? {
        return Ok(None);
    }
    Ok(UNREAD.into_iter().find(is_set))
}

fn is_direct(base_url: &BaseUrl, environment: &Environment) -> Result<bool, CliError> {
    if base_url.is_loopback() {
        return Ok(true);
    }
    for name in ["NO_PROXY", "no_proxy"] {
        let list = environment.get(name)?.unwrap_or_default();
        if excludes(&list, base_url.host()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The proxy at `url`. ureq ignores an invalid port, so this checks it.
fn parse(url: &str) -> Option<Proxy> {
    let proxy = Proxy::new(url).ok()?;
    let authority = proxy.uri().authority()?;
    let has_port = authority.as_str().rsplit('@').next() != Some(authority.host());
    let is_valid = !has_port || authority.port_u16()? > 0;
    is_valid.then_some(proxy)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{from_environment, parse, unread_variable};
    use crate::env::Environment;
    use crate::settings::BaseUrl;

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
        for url in [
            "http://127.0.0.1:8080",
            "https://127.0.0.1",
            "https://LocalHost:8443",
            "https://[::1]/x",
        ] {
            assert!(proxy(url).is_none(), "{url}");
        }
    }

    #[test]
    fn http_proxy_is_never_read_but_named_where_it_could_matter() {
        let of = |url, variables: [(&str, &str); 3]| {
            let (base_url, environment) = (BaseUrl::parse(url).unwrap(), variables.into());
            let proxy = from_environment(&base_url, &environment).unwrap();
            let variable = proxy.map(|proxy| proxy.variable);
            (variable, unread_variable(&base_url, &environment).unwrap())
        };
        let [upper, lower] = ["HTTP_PROXY", "http_proxy"].map(|name| (name, "http://p:1"));
        let url = "https://clients.lexer.io";
        assert_eq!(of(url, [upper, lower, upper]), (None, Some("HTTP_PROXY")));
        assert_eq!(of(url, [lower, lower, lower]), (None, Some("http_proxy")));
        let all = ("ALL_PROXY", "http://p:1");
        assert_eq!(of(url, [upper, lower, all]), (Some("ALL_PROXY"), None));
        let excluded = ("NO_PROXY", "lexer.io");
        assert_eq!(of(url, [upper, lower, excluded]), (None, None));
        assert_eq!(of("http://localhost", [upper, lower, upper]), (None, None));
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
