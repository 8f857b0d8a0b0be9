//! The base URL: the token goes to it only over TLS or within this machine.

use crate::example::{CLAIM, FLAGS, claim, line};
use crate::support::{Reply, Server, lexbot, refused_port};

const REMOTE_HTTP: &str = "http:// would send the token unencrypted
hint: use https://; http:// is only for a server on this machine, such as lexbot sandbox";

const USER: &str = "it has a user name or a password
hint: leave out everything between // and @; Lexer needs only the token";

const NOT_ASCII: &str = "it has characters outside ASCII
hint: write an international host name as a browser sends it (xn--…), and the rest percent-encoded";

const NO_URL: &str = "it is not an https:// URL with a host
hint: write it like this: https://clients.lexer.io/api/clients";

const QUERY: &str = "it has a query or a fragment
hint: leave out everything from ? or # on";

#[test]
fn an_unsafe_base_url_is_refused_by_every_command_without_its_secrets() {
    let commands = [
        [&["claim"][..], &FLAGS].concat(),
        [&["echo"][..], &FLAGS].concat(),
        vec!["claim", "-i", "-"],
        [&["claim", "--dry-run"][..], &FLAGS].concat(),
        [&["claim", "--curl"][..], &FLAGS].concat(),
        vec!["check"],
        vec!["config", "show"],
    ];
    for (url, reason) in [
        ("http://clients.lexer.io/api/clients", REMOTE_HTTP),
        ("HTTP://clients.lexer.io", REMOTE_HTTP),
        ("http://10.0.0.1:8080", REMOTE_HTTP),
        ("http://0.0.0.0", REMOTE_HTTP),
        ("http://[::ffff:127.0.0.1]", REMOTE_HTTP),
        ("http://127.0.0.1.example", REMOTE_HTTP),
        ("http://localhost.example", REMOTE_HTTP),
        ("http://my-localhost", REMOTE_HTTP),
        ("http://localhost..", REMOTE_HTTP),
        ("https://u:s3cret@lexer.example", USER),
        ("https://s3cret@lexer.example", USER),
        ("http://u:s3cret@127.0.0.1", USER),
        ("https://127.0.0.1:s3cret@lexer.example", USER),
        ("https://lexer.example/?key=s3cret", QUERY),
        ("https://lexer.example?s3cret", QUERY),
        ("https://lexer.example/#s3cret", QUERY),
        ("http://127.0.0.1/#s3cret", QUERY),
        ("https://s3cret-höst.example", NOT_ASCII),
        ("https://lexer.example/s3crët", NOT_ASCII),
        ("https://[]", NO_URL),
        ("https://[s3cret]", NO_URL),
    ] {
        for args in &commands {
            lexbot(args)
                .base_url(url)
                .stdin(line("m_1"))
                .stderr(format!(
                    "error: LEXBOT_BASE_URL: the base URL is refused: {reason}\n"
                ))
                .code(3)
                .run();
        }
    }
}

#[test]
fn plain_http_within_this_machine_is_sent() {
    let server = Server::always(Reply::created());
    let port = server.port();
    for url in [
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
        format!("http://localhost.:{port}"),
        format!("http://LocalHost:{port}"),
        format!("http://127.0.0.1:{port}/with/a/path/"),
    ] {
        claim().base_url(&url).stdout("201 m_1 claimed\n").run();
    }
    let requests = server.requests();
    let paths: Vec<&str> = requests.iter().map(|request| &*request.path).collect();
    let with_path = format!("/with/a/path{CLAIM}");
    assert_eq!(paths, [CLAIM, CLAIM, CLAIM, CLAIM, &with_path]);
    // These addresses are tried, too, though no server listens there.
    let refused = refused_port();
    for host in ["127.255.255.254", "[::1]"] {
        let host = format!("{host}:{}", refused.port());
        claim()
            .base_url(&format!("http://{host}"))
            .stdout_like(format!("--- m_1 [..]{host}[..]\n"))
            .stderr_like("hint: [..]\n")
            .code(5)
            .run();
    }
}

/// A flag is refused like a variable, also by the command that would store it.
#[test]
fn an_unsafe_base_url_in_a_flag_is_refused_without_its_secrets() {
    for (url, reason) in [
        ("https://u:s3cret@lexer.example", USER),
        ("https://[]", NO_URL),
    ] {
        let claim = [&["claim"][..], &FLAGS].concat();
        for args in [claim, vec!["check"], vec!["config", "set-token"]] {
            lexbot(args)
                .args(["--base-url", url])
                .stdin("new-token\n")
                .stderr(format!(
                    "error: --base-url: the base URL is refused: {reason}\n"
                ))
                .code(3)
                .run();
        }
    }
}

/// In a mount namespace, which only root may have, the hosts file says that localhost is another address.
#[cfg(target_os = "linux")]
#[test]
fn localhost_is_this_machine_whatever_the_hosts_file_says() {
    use crate::support::{Home, program};

    let namespace = ["--mount", "--propagation", "private"];
    let may = std::process::Command::new("unshare")
        .args(namespace)
        .arg("true")
        .status();
    if !may.is_ok_and(|status| status.success()) {
        return;
    }
    let server = Server::always(Reply::created());
    let home = Home::new();
    home.write("hosts", "127.9.9.9 localhost\n::2 localhost\n");
    let script =
        "mount --bind hosts /etc/hosts && getent ahosts localhost >addresses && exec \"$0\" \"$@\"";
    program("unshare", namespace)
        .args(["sh", "-c", script, env!("CARGO_BIN_EXE_lexbot"), "claim"])
        .args(FLAGS)
        .home(&home)
        .base_url(&format!("http://localhost:{}", server.port()))
        .stdout("201 m_1 claimed\n")
        .run();
    assert!(!home.read("addresses").contains("127.0.0.1"));
    assert_eq!(server.requests().len(), 1);
}
