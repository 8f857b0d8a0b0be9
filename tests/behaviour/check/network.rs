//! Where no answer comes: DNS, connection, proxy and time, each told by its own words. TLS is in `tls`.

use std::time::Duration;

use super::check;
use crate::support::{Reply, Run, Server, refused_port};
use crate::trust::object;

/// Asserts that a check of `url` ends with code 5, this result and this hint, in text and in JSON.
#[track_caller]
fn assert_unanswered(run: impl Fn() -> Run, url: &str, outcome: &str, why: &str, hint: &str) {
    let hint = format!("hint: {hint}\n");
    let run = || run().base_url(url).stderr(&hint).code(5);
    run().stdout_like(format!("...\nresult      {why}\n")).run();
    let output = run().args(["--json"]).stdout_like("{[..]}\n").run();
    let object = object(&output);
    assert_eq!(object["ok"], false);
    assert_eq!(object["outcome"], outcome);
    assert_eq!(object["error"], why);
    assert_eq!(object["status"], serde_json::Value::Null);
}

#[test]
fn a_host_without_an_address() {
    // A label over 63 characters can't be asked for, so that this never leaves the machine.
    let host = format!("{}.example", "lexer".repeat(13));
    let url = format!("https://{host}/api");
    assert_unanswered(
        check,
        &url,
        "unavailable",
        &format!("{host} has no address"),
        &format!("check the network and the base URL {url}"),
    );
}

#[test]
fn nobody_listens() {
    let refused = refused_port();
    let url = refused.url();
    assert_unanswered(
        check,
        &url,
        "unavailable",
        &format!("127.0.0.1:{} refused the connection", refused.port()),
        &format!(
            "check the network, the proxy and the base URL {url}; is Lexer up? https://status.lexer.io"
        ),
    );
}

#[test]
fn a_proxy_that_is_not_there() {
    let refused = refused_port();
    assert_unanswered(
        || check().env("HTTPS_PROXY", refused.url()),
        "https://lexer.invalid",
        "unavailable",
        &format!(
            "the proxy 127.0.0.1:{} (HTTPS_PROXY) refused the connection",
            refused.port()
        ),
        "check HTTPS_PROXY, or exclude the host with NO_PROXY",
    );
}

#[test]
fn no_answer_in_time() {
    let server = Server::answering([Reply::silence()]);
    let output = check()
        .args(["--timeout", "0.2"])
        .server(&server)
        .stdout_like(format!(
            "...\nresult      no answer from 127.0.0.1:{} within 0.2 s\n",
            server.port()
        ))
        .stderr_like("hint: [..]--timeout SECONDS waits longer[..]\n")
        .code(5)
        .limit(Duration::from_secs(5))
        .run();
    // A check claims nothing that could have arrived.
    assert!(!output.stderr.contains("got it"), "{}", output.stderr);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn what_comes_is_no_http() {
    let server = Server::always(Reply::raw("SSH-2.0-OpenSSH_9.9\r\n"));
    let url = server.url();
    assert_unanswered(
        check,
        &url,
        "unknown",
        &format!(
            "127.0.0.1:{} sent something that is not an HTTP answer: invalid HTTP version",
            server.port()
        ),
        &format!("check the base URL {url}: does an https server answer there?"),
    );
    server.ignore_requests();
}
