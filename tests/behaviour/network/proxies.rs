//! Proxies from the environment: only for https, never given the token, and named when they fail.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use super::assert_no_response;
use crate::example::{assert_sends, claim, claim_of, line};
use crate::support::{
    Authority, Front, Reply, Request, Run, Server, TOKEN, TlsServer, Tunnel, lexbot, refused_port,
};
use crate::trust::object;

/// A server that only the proxy can find.
const URL: &str = "https://lexer.invalid/api/clients";

/// The variables that name a proxy for other programs.
const VARIABLES: [&str; 6] = [
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "HTTP_PROXY",
    "http_proxy",
];

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
fn https_proxy_takes_precedence_over_all_proxy() {
    let behind = Behind::accepting(1);
    let other = Server::answering([]);
    let others = ["ALL_PROXY", "HTTP_PROXY"];
    let url = other.url();
    behind.assert_claims(
        "HTTPS_PROXY",
        &behind.tunnel.url(),
        &others.map(|variable| (variable, &*url)),
    );
    other.received([]);
    assert_eq!(other.connections(), 0);
}

#[test]
fn a_proxy_may_be_named_without_a_scheme() {
    let behind = Behind::accepting(1);
    behind.assert_claims("HTTPS_PROXY", &behind.tunnel.authority(), &[]);
}

#[test]
fn http_to_this_machine_uses_no_proxy() {
    let refused = refused_port();
    let run = VARIABLES
        .iter()
        .fold(claim(), |run, variable| run.env(variable, refused.url()));
    assert_sends(run.stdout("201 m_1 claimed\n"), claim_of("m_1"));
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

/// A server that can't be found: a label over 63 characters is never looked up.
fn lost_host() -> String {
    format!("{}.example", "lexer".repeat(13))
}

/// A claim for a server that can't be found, without a proxy.
fn claim_without_proxy(variables: &[(&str, &str)], hint: &str) {
    let host = lost_host();
    let run = claim().base_url(&format!("https://{host}"));
    let set = |run: Run, (name, value): &(&str, &str)| run.env(name, value);
    variables
        .iter()
        .fold(run, set)
        .stdout(format!(
            "--- m_1 cannot find {host}: is this computer online?\n"
        ))
        .stderr(format!("hint: {hint}\n"))
        .code(5)
        .run();
}

#[test]
fn no_proxy_excludes_a_host() {
    let proxy = Server::answering([]);
    let url = proxy.url();
    let host = lost_host();
    let hint = format!("check the network and the base URL https://{host} (LEXBOT_BASE_URL)");
    for (variable, list) in [
        ("NO_PROXY", &*host),
        ("NO_PROXY", "*"),
        ("no_proxy", "a.example, .example."),
    ] {
        // A variable that isn't read would not matter either.
        let variables = [
            ("HTTPS_PROXY", &*url),
            ("HTTP_PROXY", &url),
            (variable, list),
        ];
        claim_without_proxy(&variables, &hint);
    }
    proxy.received([]);
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn http_proxy_is_never_read_and_the_hint_names_https_proxy() {
    let proxy = Server::answering([]);
    for variable in ["HTTP_PROXY", "http_proxy"] {
        let hint = format!(
            "lexbot doesn't read {variable}: if this network needs a proxy, set HTTPS_PROXY"
        );
        claim_without_proxy(&[(variable, &proxy.url())], &hint);
    }
    proxy.received([]);
    assert_eq!(proxy.connections(), 0);
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
fn no_proxy_for_other_hosts_changes_nothing() {
    let behind = Behind::accepting(1);
    let list = "localhost,127.0.0.1,10.0.0.0/8,exer.invalid,a.lexer.invalid,a.example, *";
    behind.assert_claims("HTTPS_PROXY", &behind.tunnel.url(), &[("NO_PROXY", list)]);
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

/// Asserts that a claim through the proxy at `url`, in text and in JSON, and a check end with this error.
#[track_caller]
fn assert_proxy_fails(variable: &str, url: &str, error: &str) {
    let hint = format!(
        "check {variable} (http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT), or exclude the host with NO_PROXY"
    );
    let claim = || claim().env(variable, url);
    assert_no_response(claim, URL, error, &hint, "unavailable");
    lexbot(["check", "--retries", "0"])
        .base_url(URL)
        .env(variable, url)
        .stdout_like(format!("...\nresult      {error}\n"))
        .stderr(format!("hint: {hint}\n"))
        .code(5)
        .run();
}

#[test]
fn an_unreachable_proxy_is_named_with_its_variable() {
    let refused = refused_port();
    let port = refused.port();
    // A label over 63 characters is never looked up, so this doesn't leave the machine.
    let host = format!("{}.example", "proxy".repeat(13));
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let url = format!("http://me:s3cret@127.0.0.1:{port}");
        let error = format!("the proxy 127.0.0.1:{port} ({variable}) refused the connection");
        assert_proxy_fails(variable, &url, &error);
        let url = format!("http://me:s3cret@{host}:3128");
        let error =
            format!("cannot find the proxy {host}:3128 ({variable}): is this computer online?");
        assert_proxy_fails(variable, &url, &error);
    }
}

#[test]
fn a_proxy_that_refuses_the_tunnel_is_named_with_its_response() {
    for (status, reason) in [(403, "Forbidden"), (502, "Bad Gateway")] {
        let proxy = Server::always(Reply::status(status, reason).html("<h1>No</h1>"));
        let error = format!(
            "the proxy 127.0.0.1:{} (HTTPS_PROXY) did not connect to lexer.invalid: it responded {status}",
            proxy.port()
        );
        // me:s3cret
        let url = proxy.url().replace("http://", "http://me:s3cret@");
        assert_proxy_fails("HTTPS_PROXY", &url, &error);
        let connect = Request::bare("CONNECT", "lexer.invalid:443");
        let connect = connect.header("proxy-authorization", "Basic bWU6czNjcmV0");
        proxy.received([connect.clone(), connect.clone(), connect]);
    }
}

#[test]
fn a_proxy_that_hangs_up_or_speaks_no_http_is_named() {
    for reply in [
        Reply::raw("SSH-2.0-OpenSSH_9.9\r\n"),
        Reply::close(),
        Reply::reset(),
        Reply::endless("", "x".repeat(1000)),
        Reply::endless("HTTP/1.1 200 OK\r\n", "a: b\r\n".repeat(1000)),
    ] {
        let proxy = Server::answering([reply]);
        let output = claim()
            .args(["--json"])
            .base_url(URL)
            .env("HTTPS_PROXY", proxy.url())
            .stdout_like("{[..]}\n")
            .stderr_like("hint: check HTTPS_PROXY [..]\n")
            .code(5)
            .limit(Duration::from_secs(8))
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
fn a_slow_proxy_is_given_up_after_the_connect_timeout() {
    let silent = Front::start(|mut client| client.read_to_end(&mut Vec::new()).map(drop));
    let dripping = Front::start(|mut client| {
        // Each byte in time, and all of them take half a minute.
        for byte in format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(80)).bytes() {
            client.write_all(&[byte])?;
            std::thread::sleep(Duration::from_millis(300));
        }
        Ok(())
    });
    let runs = [&silent, &dripping].map(|proxy| {
        let port = proxy.port();
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
    assert_eq!(dripping.connections(), 1);
}

#[test]
fn an_invalid_proxy_url_is_refused_without_showing_it() {
    for url in [
        "nonsense://me:s3cret@host",
        "http://",
        "http://me:s3cret@host:port",
        "http://me:s3cret@host:99999",
        "::",
    ] {
        claim()
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
fn the_proxy_is_not_blamed_if_the_server_has_no_address() {
    // With this kind of proxy, lexbot itself looks the server up.
    let host = lost_host();
    let refused = refused_port();
    claim()
        .base_url(&format!("https://{host}"))
        .env(
            "ALL_PROXY",
            format!("socks5://127.0.0.1:{}", refused.port()),
        )
        .stdout(format!(
            "--- m_1 cannot find {host}: is this computer online?\n"
        ))
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
}
