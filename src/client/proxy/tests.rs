//! Proxies that the environment names, and a table of hosts and `NO_PROXY` lists, which is compared with the curl of this
//! machine, too.

use std::net::{TcpListener, TcpStream};
use std::process::Command;

use proptest::prelude::*;

use super::{excludes, from_environment, parse};
use crate::env::Environment;
use crate::settings::BaseUrl;

#[test]
fn a_proxy_is_for_https_only_and_displays_without_its_password() {
    let environment = Environment::from([("HTTPS_PROXY", "http://me:secret@proxy.example:3128")]);
    let proxy = |url: &str| {
        from_environment(&BaseUrl::parse(url).unwrap(), &environment)
            .unwrap()
            .0
    };
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
        let (proxy, unread) = from_environment(&base_url, &environment).unwrap();
        (proxy.map(|proxy| proxy.variable), unread)
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
            Ok((proxy, _)) => proxy.unwrap().to_string(),
            Err(error) => format!("{error}{error:?}"),
        };
        prop_assert!(!shown.contains("S3CRET"), "{}", shown);
    }
}

/// A host, a list, and whether the list names the host.
type Case = (&'static str, &'static str, bool);

/// What curl documents, and what its releases since 7.86 do.
const CASES: [Case; 48] = [
    ("h.example", "", false),
    ("h.example", ",", false),
    ("h.example", ".", false),
    ("h.example", "..", false),
    ("h.example", "*", true),
    ("10.1.2.3", "*", true),
    ("[fd00::1]", "*", true),
    // An asterisk is no pattern.
    ("h.example", "a,*", false),
    ("h.example", "*.example", false),
    ("h.example", "h.*", false),
    ("h.example", "h.example", true),
    ("h.example", "H.Example", true),
    ("H.EXAMPLE", "h.example", true),
    ("h.example", "example", true),
    ("a.b.h.example", "h.example", true),
    ("h.example", "a.h.example", false),
    ("nh.example", "h.example", false),
    ("h.example.org", "h.example", false),
    ("h.example", "h.exampl", false),
    ("h.example", "h.example:443", false),
    ("h.example", ".h.example", true),
    ("h.example", ".example", true),
    ("h.example", ".h.example.", true),
    ("h.example", "h.example.", true),
    ("h.example.", "h.example", true),
    ("h.example", "h.example..", false),
    ("h.example", "..h.example", false),
    ("h.example", "a.example,h.example", true),
    ("h.example", " a.example , h.example ", true),
    ("h.example", "a.example h.example", true),
    ("h.example", "a.example\th.example", true),
    ("h.example", "a.example,,h.example", true),
    ("h.example", "a.example;h.example", false),
    ("h.example", "10.0.0.0/8,::1", false),
    ("10.1.2.3", "10.1.2.3", true),
    ("10.1.2.3", "10.1.2.4", false),
    ("10.1.2.3", "2.3", false),
    ("10.1.2.3", ".2.3", false),
    ("10.1.2.3", "10.1.2.3.", false),
    ("10.1.2.3", "10.0.0.0/8", true),
    ("11.1.2.3", "10.0.0.0/8", false),
    ("192.168.127.3", "192.168.0.0/17", true),
    ("192.168.128.3", "192.168.0.0/17", false),
    ("10.1.2.3", "10.1.2.3/32", true),
    ("10.1.2.3", "10.1.2.0/33", false),
    ("10.1.2.3", "0.0.0.0/0", false),
    ("10.1.2.3", "a.example, 10.1.0.0/16", true),
    ("[fd00::1]", "fd00::1", true),
];

/// What curl documents, but some releases since 7.86 don't do; and IPv6 addresses in brackets, as in URLs.
const MORE_CASES: [Case; 12] = [
    ("[fd00::1]", "FD00:0::1", true),
    ("[fd00::1]", "[fd00::1]", true),
    ("[fd00::1]", "a.example, [fd00::1]", true),
    ("[fd00::1]", "[fd00::2]", false),
    ("[fd00::1]", "fd00::/8", true),
    ("[fd00::1]", "[fd00::]/8", true),
    ("[fd00::1]", "fd00::/128", false),
    ("[fd00::1]", "fd00::1/129", false),
    ("[fe80::1]", "fd00::/8", false),
    ("[fd00::1]", "10.0.0.0/8", false),
    ("10.1.2.3", "::/1", false),
    ("10.1.2.3", "10.1.2.3/x", false),
];

#[test]
fn a_list_has_the_meaning_that_it_has_in_curl() {
    for (host, list, expected) in CASES.iter().chain(&MORE_CASES) {
        assert_eq!(excludes(list, host), *expected, "{host} in {list:?}");
    }
}

/// The proxy has a label over 63 characters, which is never looked up: curl's exit code tells whether it tried to.
#[test]
fn curl_agrees() {
    let proxy = format!("http://{}.example", "proxy".repeat(13));
    let version = Command::new("curl").arg("--version").output();
    let version = version.map_or(String::new(), |output| {
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    if !knows_networks(&version) {
        assert!(
            std::env::var_os("LEXBOT_REQUIRE_PROGRAMS").is_none(),
            "curl 7.86 is needed"
        );
        return;
    }
    // The client's end of a connection: a port that refuses connections for as long as it is held.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let refused = format!("::{}", client.local_addr().unwrap());
    for (host, list, expected) in CASES {
        let output = Command::new("curl")
            .args(["-q", "--silent", "--connect-to", &refused])
            .arg(format!("https://{host}/"))
            .env_remove("no_proxy")
            .env_remove("https_proxy")
            .env("HTTPS_PROXY", &proxy)
            .env("NO_PROXY", list)
            .output()
            .unwrap();
        // 5: the proxy has no address. 7: the server refused the connection.
        let code = if expected { 7 } else { 5 };
        assert_eq!(output.status.code(), Some(code), "{host} in {list:?}");
    }
}

fn knows_networks(version: &str) -> bool {
    let mut words = version.split([' ', '.']).skip(1);
    let mut number = || words.next()?.parse::<u32>().ok();
    (number(), number()) >= (Some(7), Some(86))
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
    fn any_list_can_be_parsed(list in "\\PC{0,40}|[*., \\[\\]:/0-9a-z]{0,20}", host in "[a-z]{1,9}(\\.[a-z]{1,9})?|\\[[0-9a-f]{1,4}::[0-9a-f]{1,4}\\]") {
        excludes(&list, &host);
        let with_host = format!("{list},{host}");
        prop_assert!(excludes(&with_host, &host), "{}", host);
    }

    /// The network bits are compared, and no others.
    #[test]
    fn a_network_contains_the_addresses_that_start_like_it(first: u32, address: u32, bits in 1_u32..=32) {
        let (first, address) = (std::net::Ipv4Addr::from(first), std::net::Ipv4Addr::from(address));
        let expected = first.to_bits() >> (32 - bits) == address.to_bits() >> (32 - bits);
        prop_assert_eq!(excludes(&format!("{first}/{bits}"), &address.to_string()), expected);
    }
}
