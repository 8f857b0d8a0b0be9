//! Redirects are never followed, wherever they lead.

use crate::example::{CLAIM, ECHO, FLAGS};
use crate::support::{Reply, Request, Server, lexbot};

/// The redirecting statuses.
const STATUSES: [(u16, &str); 5] = [
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
];

/// A redirect to `location`, with everything that could make a client follow it.
fn redirect(status: u16, location: &str) -> Reply {
    let refresh = format!("0; url={location}");
    Reply::status(status, "Elsewhere")
        .header("location", location)
        .header("refresh", &refresh)
        .html(&format!(
            r#"<title>Elsewhere</title><meta http-equiv="refresh" content="{refresh}">"#
        ))
}

/// Asserts that each command sends one request to a server that gives `reply`, and prints this response.
#[track_caller]
fn assert_stays(reply: &Reply, response: &str) {
    let claim = Request::post(CLAIM);
    for (args, path) in [
        ([&["claim"][..], &FLAGS].concat(), CLAIM),
        ([&["echo"][..], &FLAGS].concat(), ECHO),
        (vec!["check"], CLAIM),
    ] {
        let server = Server::answering([reply.clone()]);
        let printed = match args[0] {
            "check" => format!("...\nresult      {response}\n"),
            _ => response.replacen(' ', " m_1 ", 1) + "\n",
        };
        lexbot(args)
            .server(&server)
            .stdout_like(printed)
            .stderr(format!(
                "hint: lexbot doesn't follow redirects: check the base URL {} (LEXBOT_BASE_URL)\n",
                server.url()
            ))
            .code(1)
            .run();
        let [request] = &server.requests()[..] else {
            panic!("one request");
        };
        assert_eq!((&request.method, &*request.path), (&claim.method, path));
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn redirects_to_another_server_are_not_followed() {
    let other = Server::answering([]);
    for (status, reason) in STATUSES {
        let page = format!("{status} Elsewhere (HTML page, [..] bytes)");
        let url = format!("{}{CLAIM}", other.url());
        assert_stays(&redirect(status, &url), &page);
        assert_stays(&redirect(status, url.strip_prefix("http:").unwrap()), &page);
        let bare = Reply::status(status, reason).header("location", &url);
        assert_stays(&bare, &format!("{status} {reason} (empty response)"));
    }
    other.received([]);
    assert_eq!(other.connections(), 0);
}

#[test]
fn redirects_on_the_same_server_are_not_followed() {
    for (status, _) in STATUSES {
        for location in [CLAIM, "/elsewhere", "?again", "", "::nowhere::"] {
            let page = format!("{status} Elsewhere (HTML page, [..] bytes)");
            assert_stays(&redirect(status, location), &page);
        }
    }
}

#[test]
fn a_redirect_without_a_location_is_reported_alike() {
    for (status, reason) in [
        (300, "Multiple Choices"),
        (302, "Found"),
        (304, "Not Modified"),
    ] {
        let response = format!("{status} {reason} (empty response)");
        assert_stays(&Reply::status(status, reason), &response);
    }
}

#[cfg(unix)]
#[test]
fn redirects_from_https_to_http_are_not_followed() {
    use crate::example::{claim, claim_of};
    use crate::support::{Authority, TlsServer};

    let authority = Authority::new("ours");
    let other = Server::answering([]);
    let replies = STATUSES.map(|(status, _)| redirect(status, &format!("{}{CLAIM}", other.url())));
    let server = TlsServer::start(authority.certify("127.0.0.1"), Server::answering(replies));
    for (status, _) in STATUSES {
        claim()
            .base_url(&server.url())
            .env("SSL_CERT_FILE", authority.path())
            .stdout_like(format!("{status} m_1 Elsewhere [..]\n"))
            .stderr_like("hint: [..]\n")
            .code(1)
            .run();
    }
    server.received(STATUSES.map(|_| claim_of("m_1")));
    other.received([]);
    assert_eq!(other.connections(), 0);
}
