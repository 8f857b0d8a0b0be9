//! Proxies from the environment: for https only, told apart from Lexer, and never given the token.

use super::{UNAVAILABLE, assert_unanswered};
use crate::example::{assert_sends, claim, claim_of};
use crate::support::{Reply, Request, Server, refused_port};

/// A server that exists nowhere: a proxy alone is asked for it.
const URL: &str = "https://lexer.invalid/api/clients";

const VARIABLES: [&str; 6] = [
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "HTTP_PROXY",
    "http_proxy",
];

#[test]
fn http_to_this_machine_goes_through_none() {
    let refused = refused_port();
    let run = VARIABLES
        .iter()
        .fold(claim(), |run, variable| run.env(variable, refused.url()));
    assert_sends(run.stdout("201 m_1 claimed\n"), claim_of("m_1"));
}

#[test]
fn a_proxy_is_asked_for_lexer_and_doesn_t_get_the_token() {
    let proxy = Server::answering([Reply::status(502, "Bad Gateway")]);
    claim()
        .base_url(URL)
        .env("HTTPS_PROXY", proxy.url())
        .stdout(format!(
            "--- m_1 the proxy 127.0.0.1:{} (HTTPS_PROXY) gave no connection to lexer.invalid: it answered 502\n",
            proxy.port()
        ))
        .stderr("hint: check HTTPS_PROXY, or exclude the host with NO_PROXY\n")
        .code(5)
        .run();
    proxy.received([Request::bare("CONNECT", "lexer.invalid:443")]);
}

#[test]
fn a_proxy_s_password_goes_to_the_proxy_and_is_not_shown() {
    let proxy = Server::answering([Reply::status(407, "Proxy Authentication Required")]);
    let output = claim()
        .args(["-v"])
        .base_url(URL)
        .env(
            "HTTPS_PROXY",
            proxy.url().replace("http://", "http://me:s3same@"),
        )
        .stdout_like("--- m_1 the proxy 127.0.0.1:[..] (HTTPS_PROXY) gave no connection to lexer.invalid: it answered 407\n")
        .stderr_like("...\nhint: [..]\n")
        .code(5)
        .run();
    assert!(!output.stderr.contains("s3same"), "{}", output.stderr);
    proxy.received([Request::bare("CONNECT", "lexer.invalid:443")
        .header("proxy-authorization", "Basic bWU6czNzYW1l")]);
}

#[test]
fn a_proxy_that_refuses_connections_is_named_with_its_variable() {
    let refused = refused_port();
    let why = format!(
        "the proxy 127.0.0.1:{} (https_proxy) refused the connection",
        refused.port()
    );
    assert_unanswered(
        || claim().env("https_proxy", refused.url()),
        URL,
        &why,
        "check https_proxy, or exclude the host with NO_PROXY",
        UNAVAILABLE,
    );
}

#[test]
fn a_host_can_be_excluded() {
    let target = refused_port();
    let why = format!("127.0.0.1:{} refused the connection", target.port());
    let proxy = Server::answering([]);
    for (variable, list) in [("NO_PROXY", "127.0.0.1"), ("no_proxy", "a.example, *")] {
        claim()
            .base_url(&target.url().replace("http:", "https:"))
            .env("HTTPS_PROXY", proxy.url())
            .env(variable, list)
            .stdout(format!("--- m_1 {why}\n"))
            .stderr_like("hint: [..]\n")
            .code(5)
            .run();
    }
    proxy.received([]);
}

#[test]
fn what_is_no_proxy_is_told_without_its_value() {
    claim()
        .base_url(URL)
        .env("HTTPS_PROXY", "nonsense://me:s3same@host")
        .stderr(
            "error: HTTPS_PROXY is not the URL of a proxy\n\
             hint: write it as HTTPS_PROXY=http://HOST:PORT, or unset it\n",
        )
        .code(3)
        .run();
}
