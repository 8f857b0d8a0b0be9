//! No response: DNS, connection, proxy and timeout are each reported in their own words. TLS is in `tls`.

use std::time::Duration;

use super::check;
use crate::support::{Reply, Run, Server, refused_port};
use crate::trust::object;

/// Asserts that a check of `url` ends with code 5, this result and this hint, in text and in JSON.
#[track_caller]
fn assert_no_response(run: impl Fn() -> Run, url: &str, outcome: &str, error: &str, hint: &str) {
    let hint = format!("hint: {hint}\n");
    let run = || run().base_url(url).stderr(&hint).code(5);
    run()
        .stdout_like(format!("...\nresult      {error}\n"))
        .run();
    let output = run().args(["--json"]).stdout_like("{[..]}\n").run();
    let object = object(&output);
    assert_eq!(object["ok"], false);
    assert_eq!(object["outcome"], outcome);
    assert_eq!(object["error"], error);
    assert_eq!(object["status"], serde_json::Value::Null);
}

#[test]
fn a_host_without_an_address_is_reported() {
    // A label of more than 63 characters is never looked up, so this doesn't leave the machine.
    let host = format!("{}.example", "lexer".repeat(13));
    let url = format!("https://{host}/api");
    assert_no_response(
        check,
        &url,
        "unavailable",
        &format!("cannot find {host}: is this computer online?"),
        &format!("check the network and the base URL {url} (LEXBOT_BASE_URL)"),
    );
}

#[test]
fn a_refused_connection_is_reported_with_the_server_or_the_proxy() {
    let refused = refused_port();
    let (url, port) = (refused.url(), refused.port());
    assert_no_response(
        check,
        &url,
        "unavailable",
        &format!("127.0.0.1:{port} refused the connection"),
        &format!(
            "is a server running on this computer, such as lexbot sandbox? the base URL is {url} (LEXBOT_BASE_URL)"
        ),
    );
    assert_no_response(
        || check().env("HTTPS_PROXY", &url),
        "https://lexer.invalid",
        "unavailable",
        &format!("the proxy 127.0.0.1:{port} (HTTPS_PROXY) refused the connection"),
        "check HTTPS_PROXY (http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT), or exclude the host with NO_PROXY",
    );
}

#[test]
fn a_timeout_is_reported_without_a_claim_that_may_have_arrived() {
    let server = Server::answering([Reply::silence()]);
    let output = check()
        .args(["--timeout", "0.2"])
        .server(&server)
        .stdout_like(format!(
            "...\nresult      no response from 127.0.0.1:{} within 0.2 s\n",
            server.port()
        ))
        .stderr_like("hint: [..]--timeout SECONDS waits longer[..]\n")
        .code(5)
        .limit(Duration::from_secs(5))
        .run();
    assert!(!output.stderr.contains("got it"), "{}", output.stderr);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_response_that_is_not_http_is_reported() {
    let server = Server::always(Reply::raw("SSH-2.0-OpenSSH_9.9\r\n"));
    let (url, port) = (server.url(), server.port());
    assert_no_response(
        check,
        &url,
        "unknown",
        &format!(
            "127.0.0.1:{port} sent something that is not an HTTP response: invalid HTTP version"
        ),
        &format!("check the base URL {url} (LEXBOT_BASE_URL): does Lexer answer there?"),
    );
    server.ignore_requests();
}
