//! Proxies from the environment: only for https, and never given the token. `errors.txt` has those that fail.

use super::this_machine::VARIABLES;
use crate::example::{claim, claim_of, line};
use crate::support::{
    Authority, Reply, Run, Server, TOKEN, TlsServer, Tunnel, lexbot, refused_port,
};

/// A server that only the proxy can find.
const URL: &str = "https://lexer.invalid/api/clients";

/// Lexer behind a proxy: the tunnel to it, and the authority of its certificate.
struct Behind {
    authority: Authority,
    server: TlsServer,
    tunnel: Tunnel,
}

impl Behind {
    fn accepting(count: usize) -> Self {
        let authority = Authority::new("ours");
        let certificate = authority.certify("lexer.invalid");
        let replies = vec![Reply::created(); count];
        let server = TlsServer::start(certificate, Server::answering(replies));
        let tunnel = Tunnel::to(server.port());
        Behind {
            authority,
            server,
            tunnel,
        }
    }

    fn run(&self, run: Run) -> Run {
        run.base_url(URL)
            .env("SSL_CERT_FILE", self.authority.path())
    }

    /// A claim of `m_1` that is accepted through this proxy.
    #[track_caller]
    fn assert_claims(&self, variable: &str, proxy: &str, other: &[(&str, &str)]) {
        let run = self.run(claim()).env(variable, proxy);
        let set = |run: Run, (name, value): &(&str, &str)| run.env(name, value);
        let run = other.iter().fold(run, set);
        run.stdout("201 m_1 claimed\n").run();
        let mut claimed = claim_of("m_1");
        claimed.path = format!("/api/clients{}", claimed.path);
        self.server.received([claimed]);
    }
}

#[test]
fn the_proxy_sees_nothing_of_a_message_in_the_tunnel() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let behind = Behind::accepting(1);
        behind.assert_claims(variable, &behind.tunnel.url(), &[]);
        let [head] = &behind.tunnel.heads()[..] else {
            panic!("one tunnel");
        };
        assert!(
            head.starts_with("CONNECT lexer.invalid:443 HTTP/1.1\r\n"),
            "{head}"
        );
        let head = head.to_lowercase();
        assert!(!head.contains("proxy-authorization"), "{head}");
        assert!(!head.contains("auth-api-token"), "{head}");
        let sent = behind.tunnel.passed_on();
        assert!(sent.len() > 500, "the request went another way");
        for secret in [TOKEN, "m_1", "auth-api-token"] {
            let mut parts = sent.windows(secret.len());
            assert!(!parts.any(|part| part == secret.as_bytes()));
        }
    }
}

#[test]
fn one_tunnel_serves_many_messages() {
    let behind = Behind::accepting(3);
    behind
        .run(lexbot(["claim", "-i", "-", "-j", "1", "-q"]))
        .env("HTTPS_PROXY", behind.tunnel.url())
        .stdin([line("m_1"), line("m_2"), line("m_3")].join("\n"))
        .run();
    assert_eq!(behind.server.requests().len(), 3);
    assert_eq!(behind.tunnel.heads().len(), 1);
}

#[test]
fn a_path_in_the_url_of_a_proxy_does_nothing() {
    let behind = Behind::accepting(1);
    let url = format!("{}/path?query", behind.tunnel.url());
    behind.assert_claims("HTTPS_PROXY", &url, &[]);
}

#[test]
fn https_proxy_is_used_whatever_else_is_set() {
    let other = Server::answering([]);
    let other_url = &*other.url();
    let list = "localhost,127.0.0.1,10.0.0.0/8,exer.invalid,a.lexer.invalid,a.example, *";
    for others in [
        &[("ALL_PROXY", other_url), ("HTTP_PROXY", other_url)][..],
        &[("NO_PROXY", list)],
    ] {
        let behind = Behind::accepting(1);
        // A proxy may be named without a scheme.
        behind.assert_claims("HTTPS_PROXY", &behind.tunnel.authority(), others);
    }
    other.received([]);
    assert_eq!(other.connections(), 0);
}

#[test]
fn user_name_and_password_go_only_to_the_proxy() {
    let behind = Behind::accepting(1);
    let url = format!("http://me:s3%40me@{}", behind.tunnel.authority());
    let output = behind
        .run(claim())
        .args(["-v"])
        .env("HTTPS_PROXY", url)
        .stdout("201 m_1 claimed\n")
        .stderr_like("...\n* [..] ms\n")
        .run();
    let head = &behind.tunnel.heads()[0];
    // me:s3@me
    let header = "\r\nProxy-Authorization: Basic bWU6czNAbWU=\r\n";
    assert!(head.contains(header), "{head}");
    for secret in ["s3%40me", "s3@me", "bWU6czNAbWU="] {
        assert!(!output.stderr.contains(secret), "{}", output.stderr);
    }
    let requests = behind.server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].value_of("proxy-authorization"), None);
}

#[test]
fn https_to_this_machine_uses_no_proxy() {
    let authority = Authority::new("ours");
    let refused = refused_port();
    for name in ["127.0.0.1", "localhost"] {
        let server = Server::answering([Reply::created()]);
        let server = TlsServer::start(authority.certify(name), server);
        let run = claim()
            .base_url(&server.url().replace("127.0.0.1", name))
            .env("SSL_CERT_FILE", authority.path());
        let run = VARIABLES
            .iter()
            .fold(run, |run, variable| run.env(variable, refused.url()));
        run.stdout("201 m_1 claimed\n").run();
        server.received([claim_of("m_1")]);
    }
}

#[test]
fn certificates_are_checked_behind_a_proxy() {
    let behind = Behind::accepting(0);
    behind
        .run(claim())
        .env("HTTPS_PROXY", behind.tunnel.url())
        .env("SSL_CERT_FILE", Authority::new("theirs").path())
        .stdout("--- m_1 the certificate of lexer.invalid is self-signed, or from an authority that this computer does not trust\n")
        .stderr_like("hint: only the authorities in SSL_CERT_FILE [..]\n")
        .code(5)
        .run();
    behind.server.received([]);
}
