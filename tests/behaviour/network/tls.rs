//! TLS: which certificates are trusted. `errors.txt` has what is said of others, and responses over TLS.

use crate::batch::lines;
use crate::example::{FLAGS, claim, claim_of};
use crate::support::{Authority, Reply, Run, Server, TlsServer, lexbot};

/// A run with the settings for `url` that trusts `authority` alone.
fn trusting(authority: &Authority, url: &str, run: Run) -> Run {
    run.base_url(url).env("SSL_CERT_FILE", authority.path())
}

#[test]
fn a_server_with_a_trusted_certificate_is_sent_the_message() {
    let ours = Authority::new("ours");
    let (itself, self_signed) = Authority::self_signed("127.0.0.1", false);
    for (authority, certificate, name) in [
        (&ours, ours.certify("127.0.0.1"), "127.0.0.1"),
        (&ours, ours.certify("localhost"), "localhost"),
        (&itself, self_signed, "127.0.0.1"),
    ] {
        let server = TlsServer::start(certificate, Server::answering([Reply::created()]));
        let url = server.url().replace("127.0.0.1", name);
        trusting(authority, &url, claim())
            .stdout("201 m_1 claimed\n")
            .run();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn another_certificate_is_tried_once_and_its_server_is_sent_nothing() {
    let theirs = Authority::new("theirs").certify("127.0.0.1");
    let server = TlsServer::start(theirs, Server::answering([]));
    let run = lexbot(["claim", "--retries", "5"]).args(FLAGS);
    trusting(&Authority::new("ours"), &server.url(), run)
        .stdout_like("--- m_1 the certificate of [..]\n")
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
    server.received([]);
    assert_eq!(server.connections(), 1);
}

#[test]
fn one_tls_connection_serves_many_messages() {
    let authority = Authority::new("ours");
    let server = TlsServer::start(
        authority.certify("127.0.0.1"),
        Server::always(Reply::created()),
    );
    let run = lexbot(["claim", "--input", "-", "--jobs", "1", "--rate", "0", "-q"]);
    trusting(&authority, &server.url(), run)
        .stdin(lines(20))
        .run();
    assert_eq!(server.requests().len(), 20);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_private_authority_is_unknown_without_ssl_cert_file() {
    let server = TlsServer::start(
        Authority::new("ours").certify("127.0.0.1"),
        Server::answering([]),
    );
    let output = claim()
        .base_url(&server.url())
        .stdout_like("--- m_1 [..]certificate[..]\n")
        .stderr_like("hint: [..]\n...")
        .code(5)
        .run();
    let hint = if output.stdout.contains("self-signed") {
        "hint: a company's proxy or a virus scanner may intercept the connection: ask its administrator for its \
         certificate, and set SSL_CERT_FILE=FILE to it;\n      the same works for your own test server\n"
    } else {
        // This machine has no trusted authority.
        "hint: install the system's certificates (package ca-certificates)\n"
    };
    assert_eq!(output.stderr, hint);
    server.received([]);
}
