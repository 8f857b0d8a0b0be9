//! Without a connection, no message can have arrived.

use super::assert_no_response;
use crate::example::{claim, claim_input, line};
use crate::support::refused_port;

#[test]
fn a_refused_connection_leaves_the_message_unsent() {
    let refused = refused_port();
    assert_no_response(
        claim,
        &refused.url(),
        "{host} refused the connection",
        "is a server running on this computer, such as lexbot sandbox? the base URL is {url} (LEXBOT_BASE_URL)",
        "unavailable",
    );
}

#[test]
fn the_next_message_is_tried_after_a_refused_connection() {
    let refused = refused_port();
    let host = format!("127.0.0.1:{}", refused.port());
    claim_input()
        .base_url(&refused.url())
        .stdin([line("m_1"), line("m_2")].join("\n"))
        .stdout(format!(
            "--- m_1 {host} refused the connection\n--- m_2 {host} refused the connection\n"
        ))
        .stderr_like("hint: [..]\n")
        .code(5)
        .run();
}

#[test]
fn a_host_without_an_address_is_named() {
    // A label over 63 characters is never looked up, so this doesn't leave the machine.
    let url = format!("https://{}.example", "lexer".repeat(13));
    let hint = "check the network and the base URL {url} (LEXBOT_BASE_URL)";
    assert_no_response(
        claim,
        &url,
        "cannot find {host}: is this computer online?",
        hint,
        "unavailable",
    );
}
