//! Where the token may go: to the base URL, over TLS or within this machine, and nowhere that a server names.

use crate::example::{CLAIM, ECHO, FLAGS, claim};
use crate::support::{Reply, Request, Server, lexbot, refused_port};

/// The statuses that send a client elsewhere.
const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// A redirect to `location`, with everything that could make a client follow it.
fn redirect(status: u16, location: &str) -> Reply {
    Reply::status(status, "Elsewhere")
        .header("location", location)
        .header("refresh", &format!("0; url={location}"))
        .html(&format!(
            r#"<title>Elsewhere</title><meta http-equiv="refresh" content="0; url={location}">"#
        ))
}

/// Asserts that each command sends one request to the server that redirects to `location`, and no more.
#[track_caller]
fn assert_stays(status: u16, location: &str) {
    for (command, path) in [("claim", CLAIM), ("echo", ECHO)] {
        let server = Server::answering([redirect(status, location)]);
        lexbot([command])
            .args(FLAGS)
            .server(&server)
            .stdout_like(format!("{status} m_1 Elsewhere (HTML page, [..] bytes)\n"))
            .stderr_like("hint: the server redirects, and lexbot never follows: [..]\n")
            .code(1)
            .run();
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0].path, path);
        assert_eq!(server.connections(), 1);
    }
    let server = Server::answering([redirect(status, location)]);
    lexbot(["check"])
        .server(&server)
        .stdout_like(format!(
            "...\nresult      {status} Elsewhere (HTML page, [..] bytes)\n"
        ))
        .stderr_like("hint: the server redirects[..]\n")
        .code(1)
        .run();
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn no_redirect_to_another_server_is_followed() {
    let other = Server::answering([]);
    for status in STATUSES {
        assert_stays(status, &format!("{}{CLAIM}", other.url()));
        assert_stays(status, &format!("//127.0.0.1:{}{CLAIM}", other.port()));
    }
    other.received([]);
    assert_eq!(other.connections(), 0);
}

#[test]
fn no_redirect_on_the_same_server_is_followed() {
    for status in STATUSES {
        for location in [CLAIM, "/elsewhere", "?again"] {
            assert_stays(status, location);
        }
    }
}

#[cfg(unix)]
#[test]
fn no_redirect_from_https_is_followed() {
    use crate::support::{Authority, TlsServer};
    let authority = Authority::new("ours");
    let other = Server::answering([]);
    let replies = STATUSES.map(|status| redirect(status, &format!("{}{CLAIM}", other.url())));
    let server = TlsServer::start(authority.certify("127.0.0.1"), Server::answering(replies));
    for status in STATUSES {
        claim()
            .base_url(&server.url())
            .env("SSL_CERT_FILE", authority.path())
            .stdout_like(format!("{status} m_1 Elsewhere [..]\n"))
            .stderr_like("hint: [..]\n")
            .code(1)
            .run();
    }
    server.received(STATUSES.map(|_| Request::post(CLAIM).json(&crate::example::body("m_1"))));
    other.received([]);
    assert_eq!(other.connections(), 0);
}

/// Asserts that no command sends anything to the base URL `url`, and that each says why.
#[track_caller]
fn assert_refused(url: &str, why: &str, hint: &str) {
    let commands = [
        [&["claim"][..], &FLAGS].concat(),
        [&["echo"][..], &FLAGS].concat(),
        vec!["claim", "-i", "-"],
        [&["claim", "--dry-run"][..], &FLAGS].concat(),
        [&["claim", "--curl"][..], &FLAGS].concat(),
        vec!["check"],
        vec!["config", "show"],
    ];
    for args in commands {
        let output = lexbot(args)
            .base_url(url)
            .stdin(crate::example::line("m_1"))
            .stderr(format!(
                "error: LEXBOT_BASE_URL: the base URL is refused: {why}\nhint: {hint}\n"
            ))
            .code(3)
            .run();
        assert!(!output.stderr.contains("s3same"), "{}", output.stderr);
    }
}

#[test]
fn plain_http_to_another_machine_is_refused() {
    for url in [
        "http://clients.lexer.io/api/clients",
        "HTTP://clients.lexer.io",
        "http://10.0.0.1:8080",
        "http://0.0.0.0",
        "http://[::ffff:127.0.0.1]",
        "http://127.0.0.1.example",
        "http://localhost.example",
        "http://my-localhost",
        "http://localhost.",
    ] {
        assert_refused(
            url,
            "http:// would send the token unencrypted",
            "use https://; http:// is only for a server on this machine, such as lexbot sandbox",
        );
    }
}

#[test]
fn a_user_in_the_base_url_is_refused() {
    for url in [
        "https://u:s3same@lexer.example",
        "https://s3same@lexer.example",
        "http://u:s3same@127.0.0.1",
        "https://127.0.0.1:s3same@lexer.example",
    ] {
        assert_refused(
            url,
            "it has a user name or a password",
            "leave out everything between // and @; Lexer needs only the token",
        );
    }
}

#[test]
fn a_query_or_a_fragment_in_the_base_url_is_refused() {
    for url in [
        "https://lexer.example/?key=s3same",
        "https://lexer.example?s3same",
        "https://lexer.example/#s3same",
        "http://127.0.0.1/#s3same",
    ] {
        assert_refused(
            url,
            "it has a query or a fragment",
            "leave out everything from ? or # on",
        );
    }
}

#[test]
fn plain_http_within_this_machine_is_sent() {
    let server = Server::always(Reply::created());
    for host in [
        "127.0.0.1",
        "localhost",
        "LocalHost",
        "127.0.0.1:{port}/with/a/path/",
    ] {
        let url = if host.contains('{') {
            format!(
                "http://{}",
                host.replace("{port}", &server.port().to_string())
            )
        } else {
            format!("http://{host}:{}", server.port())
        };
        claim().base_url(&url).stdout("201 m_1 claimed\n").run();
    }
    let paths: Vec<String> = server
        .requests()
        .into_iter()
        .map(|request| request.path)
        .collect();
    let with_path = format!("/with/a/path{CLAIM}");
    assert_eq!(paths, [CLAIM, CLAIM, CLAIM, &with_path]);
    // Nobody listens at these, and they are tried all the same.
    let refused = refused_port();
    for host in ["127.255.255.254", "[::1]"] {
        claim()
            .base_url(&format!("http://{host}:{}", refused.port()))
            .stdout_like(format!("--- m_1 [..]{host}:{}[..]\n", refused.port()))
            .stderr_like("hint: [..]\n")
            .code(5)
            .run();
    }
}
