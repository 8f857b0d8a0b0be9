//! TLS: which certificates are trusted, and how the others are reported: after one attempt, without a request.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use crate::batch::{lines, object};
use crate::example::{FLAGS, claim, claim_of};
use crate::support::{Authority, Front, Reply, Run, Server, TlsServer, lexbot};

/// A run with the settings for `url` that trusts `authority` alone.
fn trusting(authority: &Authority, url: &str, run: Run) -> Run {
    run.base_url(url).env("SSL_CERT_FILE", authority.path())
}

/// Asserts that a claim ends at `server`'s certificate, which isn't trusted: after one connection, without a request, with
/// code 5, an error and a hint; and that `check` and `--json` say the same.
#[track_caller]
fn assert_refused(authority: &Authority, server: &TlsServer) {
    let why = format!(
        "the certificate of 127.0.0.1:{} is self-signed, or from an authority that this computer does not trust",
        server.port()
    );
    let retrying = || lexbot(["claim", "--retries", "5"]).args(FLAGS);

    trusting(authority, &server.url(), retrying())
        .stdout(format!("--- m_1 {why}\n"))
        .stderr_like("hint: [..]\n...")
        .code(5)
        .run();
    let output = trusting(authority, &server.url(), retrying().args(["--json"]))
        .stdout_like("{[..]}\n")
        .stderr_like("hint: [..]\n...")
        .code(5)
        .run();
    let result = object(&output);
    assert_eq!(result["outcome"], "unavailable");
    assert_eq!(result["error"], why);
    assert_eq!(result["retryable"], false);
    assert_eq!(result["attempts"], 1);
    trusting(authority, &server.url(), lexbot(["check"]))
        .stdout_like(format!("...\nresult      {why}\n"))
        .stderr_like("hint: [..]\n...")
        .code(5)
        .run();

    server.received([]);
    assert_eq!(server.connections(), 3, "one connection for each run");
}

#[test]
fn a_server_with_a_trusted_certificate_is_sent_the_message() {
    let authority = Authority::new("ours");
    for name in ["127.0.0.1", "localhost"] {
        let server = TlsServer::start(
            authority.certify(name),
            Server::answering([Reply::created()]),
        );
        let url = server.url().replace("127.0.0.1", name);
        trusting(&authority, &url, claim())
            .stdout("201 m_1 claimed\n")
            .run();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn responses_over_tls_are_read_like_any_others() {
    let authority = Authority::new("ours");
    let server = TlsServer::start(
        authority.certify("127.0.0.1"),
        Server::answering([
            Reply::status(400, "Bad Request")
                .json(r#"{"error":"Cannot find an integrated account: 77"}"#),
            Reply::status(500, "Oops")
                .html(&format!("<title>Sorry</title>{}", "x".repeat(1 << 20))),
            Reply::raw("HTTP/1.1 201 Created\r\ncontent-length: 15\r\n\r\n{\"stat"),
        ]),
    );
    for (printed, code) in [
        ("400 m_1 Cannot find an integrated account: 77\n", 1),
        ("500 m_1 Sorry (HTML page, over 64 KiB)\n", 1),
        ("201 m_1 claimed\n", 0),
    ] {
        trusting(&authority, &server.url(), claim())
            .stdout(printed)
            .stderr_like("...")
            .code(code)
            .run();
    }
    server.ignore_requests();
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

/// `errors.txt` has what is said of other certificates.
#[test]
fn an_untrusted_certificate_is_refused_with_the_reason() {
    let ours = Authority::new("ours");
    let host = "127.0.0.1";
    for certificate in [
        Authority::new("theirs").certify(host),
        // The name of a trusted authority doesn't make another one trusted.
        Authority::new("ours").certify(host),
        Authority::self_signed(host, false).1,
    ] {
        let server = TlsServer::start(certificate, Server::answering([]));
        assert_refused(&ours, &server);
    }
}

#[test]
fn a_self_signed_certificate_works_if_ssl_cert_file_names_it() {
    let (itself, certificate) = Authority::self_signed("127.0.0.1", false);
    let server = TlsServer::start(certificate, Server::answering([Reply::created()]));
    trusting(&itself, &server.url(), claim())
        .stdout("201 m_1 claimed\n")
        .run();
    server.received([claim_of("m_1")]);
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
        "hint: a company's proxy or a virus scanner may be in between: ask its administrator for its certificate, and \
         set SSL_CERT_FILE=FILE to it;\n      the same works for your own test server\n"
    } else {
        // This machine has no trusted authority.
        "hint: install the system's certificates (package ca-certificates)\n"
    };
    assert_eq!(output.stderr, hint);
    server.received([]);
}

#[test]
fn a_server_without_tls_never_gets_the_message() {
    for (response, error) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"[..],
            "the server does not speak TLS",
        ),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "the server does not speak TLS"),
        // It closes the connection during the handshake.
        (b"", ""),
    ] {
        let front = Front::start(move |mut client| {
            client.read_exact(&mut [0; 5])?;
            client.write_all(response)?;
            if response.is_empty() {
                return Ok(());
            }
            // Closed only after the client has left, so that no reset overtakes the response.
            client.read_to_end(&mut Vec::new()).map(drop)
        });
        let url = format!("https://127.0.0.1:{}", front.port());
        let retries = if response.is_empty() { "0" } else { "2" };
        let output = lexbot(["claim", "--json", "--retries", retries])
            .args(FLAGS)
            .base_url(&url)
            .stdout_like("{[..]}\n")
            .stderr_like("hint: [..]\n")
            .code(5)
            .run();
        let result = object(&output);
        assert_eq!(result["outcome"], "unavailable", "{result}");
        if !error.is_empty() {
            let host = url.strip_prefix("https://").unwrap();
            let error = format!("no secure connection to {host}: {error}");
            assert_eq!(result["error"], error);
        }
        assert_eq!(front.connections(), 1);
    }
}

#[test]
fn a_tls_connection_that_breaks_leaves_the_outcome_unknown() {
    let authority = Authority::new("ours");
    for reply in [
        Reply::close(),
        Reply::reset(),
        Reply::raw("HTTP/1.1 201 Cre"),
    ] {
        let server = TlsServer::start(authority.certify("127.0.0.1"), Server::answering([reply]));
        let output = trusting(&authority, &server.url(), claim().args(["--json"]))
            .stdout_like("{[..]}\n")
            .stderr_like("hint: [..]\n")
            .code(5)
            .run();
        let result = object(&output);
        assert_eq!(result["outcome"], "unknown", "{result}");
        assert_eq!(
            result["error"],
            format!(
                "127.0.0.1:{} closed the connection without a response",
                server.port()
            )
        );
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn an_endless_handshake_is_given_up_after_the_connect_timeout() {
    let silent = Front::start(|mut client| client.read_to_end(&mut Vec::new()).map(drop));
    let slow = Front::start(|mut client| {
        client.read_exact(&mut [0; 5])?;
        // A message that is long enough to never end, each byte in time.
        client.write_all(b"\x16\x03\x03\x40\x00\x02")?;
        loop {
            std::thread::sleep(Duration::from_millis(200));
            client.write_all(&[0])?;
        }
    });
    let runs = [&silent, &slow].map(|front| {
        claim()
            .base_url(&format!("https://127.0.0.1:{}", front.port()))
            .stdout(format!(
                "--- m_1 no connection to 127.0.0.1:{} within 5 s\n",
                front.port()
            ))
            .stderr_like("hint: [..]\n")
            .code(5)
            .limit(Duration::from_secs(9))
            .spawn()
    });
    for run in runs {
        run.wait();
    }
}
