//! Proxies for real: the tunnel to Lexer and what passes through it, and the ways in which a proxy fails.

use std::io::Read as _;
use std::time::Duration;

use crate::example::{FLAGS, claim, claim_of, line};
use crate::support::{
    Authority, Front, Reply, Run, Server, TOKEN, TlsServer, Tunnel, lexbot, refused_port,
};
use crate::trust::object;

/// A server that only the proxy can find.
const URL: &str = "https://lexer.invalid/api/clients";

/// Lexer as it is behind a proxy: the tunnel to it, and an authority that vouches for it.
struct Behind {
    authority: Authority,
    server: TlsServer,
    tunnel: Tunnel,
}

impl Behind {
    fn answering(replies: impl IntoIterator<Item = Reply>) -> Self {
        let authority = Authority::new("ours");
        let certificate = authority.certify("lexer.invalid");
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
}

/// What a claim of `m_1` sends behind a proxy, where the base URL has a path.
fn claimed() -> crate::support::Request {
    let mut request = claim_of("m_1");
    request.path = format!("/api/clients{}", request.path);
    request
}

#[test]
fn a_message_goes_through_the_tunnel_and_the_proxy_sees_none_of_it() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let behind = Behind::answering([Reply::created()]);
        behind
            .run(claim())
            .env(variable, behind.tunnel.url())
            .stdout("201 m_1 claimed\n")
            .run();
        behind.server.received([claimed()]);

        let heads = behind.tunnel.heads();
        assert_eq!(heads.len(), 1);
        let mut lines = heads[0].lines();
        assert_eq!(lines.next(), Some("CONNECT lexer.invalid:443 HTTP/1.1"));
        let lower = heads[0].to_lowercase();
        assert!(!lower.contains("proxy-authorization"), "{lower}");
        assert!(!lower.contains("auth-api-token"), "{lower}");
        let passed_on = behind.tunnel.passed_on();
        assert!(passed_on.len() > 500, "the request went another way");
        for secret in [TOKEN, "m_1", "auth-api-token"] {
            let secret = secret.as_bytes();
            assert!(!passed_on.windows(secret.len()).any(|part| part == secret));
        }
    }
}

#[test]
fn a_tunnel_serves_many_messages() {
    let behind = Behind::answering([(); 3].map(|()| Reply::created()));
    behind
        .run(lexbot(["claim", "-i", "-", "-j", "1", "-q"]))
        .env("HTTPS_PROXY", behind.tunnel.url())
        .stdin([line("m_1"), line("m_2"), line("m_3")].join("\n"))
        .run();
    assert_eq!(behind.server.requests().len(), 3);
    assert_eq!(behind.tunnel.heads().len(), 1);
}

#[test]
fn the_proxy_s_own_variable_goes_before_the_one_for_all() {
    let behind = Behind::answering([Reply::created()]);
    let other = Server::answering([]);
    behind
        .run(claim())
        .env("HTTPS_PROXY", behind.tunnel.url())
        .env("ALL_PROXY", other.url())
        .env("HTTP_PROXY", other.url())
        .stdout("201 m_1 claimed\n")
        .run();
    behind.server.received([claimed()]);
    other.received([]);
    assert_eq!(other.connections(), 0);
}

#[test]
fn a_proxy_may_be_named_without_a_scheme() {
    let behind = Behind::answering([Reply::created()]);
    behind
        .run(claim())
        .env("HTTPS_PROXY", behind.tunnel.authority())
        .stdout("201 m_1 claimed\n")
        .run();
    behind.server.received([claimed()]);
}

#[test]
fn name_and_password_go_to_the_proxy_and_nowhere_else() {
    let behind = Behind::answering([Reply::created()]);
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
    assert!(
        head.contains("\r\nProxy-Authorization: Basic bWU6czNAbWU=\r\n"),
        "{head}"
    );
    for secret in ["s3%40me", "s3@me", "bWU6czNAbWU="] {
        assert!(!output.stderr.contains(secret), "{}", output.stderr);
    }
    let requests = behind.server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].value_of("proxy-authorization"), None);
}

#[test]
fn a_host_can_be_excluded_from_the_proxy() {
    let authority = Authority::new("ours");
    let server = TlsServer::start(
        authority.certify("127.0.0.1"),
        Server::always(Reply::created()),
    );
    let proxy = Server::answering([]);
    for (variable, list) in [
        ("NO_PROXY", "127.0.0.1"),
        ("no_proxy", "a.example, 127.0.0.1"),
        ("NO_PROXY", "*"),
    ] {
        claim()
            .base_url(&server.url())
            .env("SSL_CERT_FILE", authority.path())
            .env("HTTPS_PROXY", proxy.url())
            .env(variable, list)
            .stdout("201 m_1 claimed\n")
            .run();
    }
    assert_eq!(server.requests().len(), 3);
    proxy.received([]);
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn another_host_s_exclusion_changes_nothing() {
    let behind = Behind::answering([Reply::created()]);
    behind
        .run(claim())
        .env("HTTPS_PROXY", behind.tunnel.url())
        .env(
            "NO_PROXY",
            "localhost,127.0.0.1,exer.invalid,a.lexer.invalid",
        )
        .stdout("201 m_1 claimed\n")
        .run();
    behind.server.received([claimed()]);
}

#[test]
fn a_certificate_behind_a_proxy_is_checked_all_the_same() {
    let behind = Behind::answering([]);
    behind
        .run(claim())
        .env("HTTPS_PROXY", behind.tunnel.url())
        .env("SSL_CERT_FILE", Authority::new("theirs").path())
        .stdout("--- m_1 the certificate of lexer.invalid is from an authority that this machine does not trust\n")
        .stderr_like("hint: if a proxy [..]: SSL_CERT_FILE=FILE\n")
        .code(5)
        .run();
    behind.server.received([]);
}

/// Asserts that a claim through the proxy at `url`, and `check`, end for the reason `why` and with `hint`.
#[track_caller]
fn assert_proxy_fails(variable: &str, url: &str, why: &str, hint: &str) {
    let output = claim()
        .args(["--json"])
        .base_url(URL)
        .env(variable, url)
        .stdout_like("{[..]}\n")
        .stderr(format!("hint: {hint}\n"))
        .code(5)
        .run();
    let result = object(&output);
    assert_eq!(result["error"], why);
    assert_eq!(result["outcome"], "unavailable");
    lexbot(["check", "--retries", "0"])
        .base_url(URL)
        .env(variable, url)
        .stdout_like(format!("...\nresult      {why}\n"))
        .stderr(format!("hint: {hint}\n"))
        .code(5)
        .run();
}

#[test]
fn a_dead_proxy_is_named_with_its_variable() {
    let refused = refused_port();
    for variable in ["HTTPS_PROXY", "ALL_PROXY"] {
        let port = refused.port();
        assert_proxy_fails(
            variable,
            &format!("http://me:s3same@127.0.0.1:{port}"),
            &format!("the proxy 127.0.0.1:{port} ({variable}) refused the connection"),
            &format!("check {variable}, or exclude the host with NO_PROXY"),
        );
    }
}

#[test]
fn a_proxy_that_refuses_the_tunnel_is_named_with_its_answer() {
    for (status, reason) in [
        (403, "Forbidden"),
        (407, "Proxy Authentication Required"),
        (502, "Bad Gateway"),
    ] {
        let proxy = Server::always(Reply::status(status, reason).html("<h1>No</h1>"));
        assert_proxy_fails(
            "HTTPS_PROXY",
            &proxy.url(),
            &format!(
                "the proxy 127.0.0.1:{} (HTTPS_PROXY) gave no connection to lexer.invalid: it answered {status}",
                proxy.port()
            ),
            "check HTTPS_PROXY, or exclude the host with NO_PROXY",
        );
        assert_eq!(proxy.requests().len(), 2);
    }
}

#[test]
fn a_proxy_that_speaks_no_http_or_hangs_up_is_named() {
    for reply in [
        Reply::raw("SSH-2.0-OpenSSH_9.9\r\n"),
        Reply::close(),
        Reply::reset(),
    ] {
        let proxy = Server::answering([reply]);
        let output = claim()
            .args(["--json"])
            .base_url(URL)
            .env("HTTPS_PROXY", proxy.url())
            .stdout_like("{[..]}\n")
            .stderr("hint: check HTTPS_PROXY, or exclude the host with NO_PROXY\n")
            .code(5)
            .run();
        let result = object(&output);
        let start = format!("the proxy 127.0.0.1:{} (HTTPS_PROXY) ", proxy.port());
        let error = result["error"].as_str().unwrap_or_default();
        assert!(error.starts_with(&start), "{error}");
        assert_eq!(result["outcome"], "unavailable");
        proxy.ignore_requests();
    }
}

#[test]
fn a_proxy_that_doesn_t_answer_in_time_is_given_up_after_the_time_for_a_connection() {
    let silent = Front::start(|mut client| client.read_to_end(&mut Vec::new()).map(drop));
    let runs = [silent.port()].map(|port| {
        claim()
            .base_url(URL)
            .env("HTTPS_PROXY", format!("http://127.0.0.1:{port}"))
            .stdout(format!(
                "--- m_1 no connection to lexer.invalid through the proxy 127.0.0.1:{port} (HTTPS_PROXY) within 5 s\n"
            ))
            .stderr_like("hint: check [..]\n")
            .code(5)
            .limit(Duration::from_secs(9))
            .spawn()
    });
    for run in runs {
        run.wait();
    }
    assert_eq!(silent.connections(), 1);
}

#[test]
fn a_proxy_that_answers_without_end_is_given_up() {
    for (head, chunk) in [("", "x"), ("HTTP/1.1 200 OK\r\n", "a: b\r\n")] {
        let proxy = Server::answering([Reply::endless(head, chunk.repeat(1000))]);
        claim()
            .base_url(URL)
            .env("HTTPS_PROXY", proxy.url())
            .stdout_like("--- m_1 the proxy 127.0.0.1:[..] (HTTPS_PROXY) [..]\n")
            .stderr_like("hint: check HTTPS_PROXY[..]\n")
            .code(5)
            .limit(Duration::from_secs(8))
            .run();
        proxy.ignore_requests();
    }
}

#[test]
fn a_proxy_s_url_that_is_none_is_told_without_its_value() {
    for url in [
        "nonsense://me:s3same@host",
        "http://",
        "http://me:s3same@host:port",
        "http://me:s3same@host:99999",
        "::",
    ] {
        lexbot(["claim"])
            .args(FLAGS)
            .base_url(URL)
            .env("HTTPS_PROXY", url)
            .stderr(
                "error: HTTPS_PROXY is not the URL of a proxy\n\
                 hint: write it as HTTPS_PROXY=http://HOST:PORT, or unset it\n",
            )
            .code(3)
            .run();
    }
}

#[test]
fn where_the_server_has_no_address_the_proxy_isn_t_blamed() {
    // With this kind of proxy lexbot looks the server up itself. A label over 63 characters can't be asked for.
    let host = format!("{}.example", "lexer".repeat(13));
    let refused = refused_port();
    claim()
        .base_url(&format!("https://{host}"))
        .env(
            "ALL_PROXY",
            format!("socks5://127.0.0.1:{}", refused.port()),
        )
        .stdout(format!("--- m_1 {host} has no address\n"))
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
}
