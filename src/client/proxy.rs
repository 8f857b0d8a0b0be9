//! Which proxy the environment names for a base URL.

use std::fmt;

use ureq::Proxy;

use crate::fault::Fault;
use crate::settings::{BaseUrl, Environment};

/// The first that is set counts; curl and others take both spellings.
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
pub(crate) struct Via {
    pub(super) proxy: Proxy,
    variable: &'static str,
}

impl Via {
    /// The variable that named it.
    pub(super) fn variable(&self) -> &'static str {
        self.variable
    }
}

impl fmt::Display for Via {
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
/// Plain http goes to this machine only, so no proxy can be on the way, and the token never reaches one in
/// clear text. A variable that can't be read as a proxy is a fault that names it; its value may hold a password.
pub(super) fn from_environment(
    base_url: &BaseUrl,
    environment: &Environment,
) -> Result<Option<Via>, Fault> {
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
            let proxy = Proxy::new(&url).map_err(|_| {
                Fault::configuration(format!("{variable} is not the URL of a proxy")).hint(format!(
                    "write it as {variable}=http://HOST:PORT, or unset it"
                ))
            })?;
            return Ok(Some(Via { proxy, variable }));
        }
    }
    Ok(None)
}

/// Whether `list` has `host`, as curl reads it: `*` is every host, and a name stands for its subdomains too.
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
    use super::{excludes, from_environment};
    use crate::settings::{BaseUrl, Environment};

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
}
