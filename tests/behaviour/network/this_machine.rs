//! A token may go to this machine unencrypted, and goes there directly. `errors.txt` has the base URLs that are refused.

use crate::example::{FLAGS, assert_sends, claim, claim_of};
use crate::support::{Home, Reply, Server, program, refused_port};

/// The variables that name a proxy for other programs.
pub(super) const VARIABLES: [&str; 6] = [
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "HTTP_PROXY",
    "http_proxy",
];

#[test]
fn http_to_this_machine_uses_no_proxy() {
    let refused = refused_port();
    let run = VARIABLES
        .iter()
        .fold(claim(), |run, variable| run.env(variable, refused.url()));
    assert_sends(run.stdout("201 m_1 claimed\n"), claim_of("m_1"));
}

/// In a mount namespace, which only root may have, the hosts file says that localhost is another address.
#[cfg(target_os = "linux")]
#[test]
fn localhost_is_this_machine_whatever_the_hosts_file_says() {
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
