//! Redirects are never followed.

use crate::example::{CLAIM, claim, claim_of};
use crate::support::{Reply, Server};

#[test]
fn another_server_gets_nothing() {
    for (status, reason) in [
        (301, "Moved Permanently"),
        (302, "Found"),
        (303, "See Other"),
        (307, "Temporary Redirect"),
        (308, "Permanent Redirect"),
    ] {
        let other = Server::answering([]);
        let location = format!("{}{CLAIM}", other.url());
        let server =
            Server::answering([Reply::status(status, reason).header("location", &location)]);
        claim()
            .server(&server)
            .stdout(format!("{status} m_1 {reason} (empty answer)\n"))
            .stderr(format!(
                "hint: the server redirects, and lexbot never follows: check the base URL {}\n",
                server.url()
            ))
            .code(1)
            .run();
        server.received([claim_of("m_1")]);
        other.received([]);
        assert_eq!(other.connections(), 0);
    }
}

#[test]
fn the_same_server_gets_no_other_request() {
    for location in ["/elsewhere", CLAIM, "", "::nowhere::"] {
        let server = Server::answering([Reply::status(307, "Temporary Redirect")
            .header("location", location)
            .html("<title>Elsewhere</title>")]);
        claim()
            .server(&server)
            .stdout("307 m_1 Elsewhere (HTML page, 24 bytes)\n")
            .stderr_like("hint: the server redirects[..]\n")
            .code(1)
            .run();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn a_redirect_without_a_place_is_no_different() {
    for (status, reason) in [
        (300, "Multiple Choices"),
        (302, "Found"),
        (304, "Not Modified"),
    ] {
        let server = Server::answering([Reply::status(status, reason)]);
        claim()
            .server(&server)
            .stdout(format!("{status} m_1 {reason} (empty answer)\n"))
            .stderr_like("hint: the server redirects[..]\n")
            .code(1)
            .run();
        server.received([claim_of("m_1")]);
    }
}
