//! How long a connection and, with `--timeout`, a response may take.

use std::time::Duration;

use crate::example::{claim, claim_input, line};
use crate::support::{Gate, Reply, Server};

const SHORT: [&str; 2] = ["--timeout", "0.2"];

#[test]
fn a_response_within_the_timeout_counts() {
    let server = Server::answering([
        Reply::created().after(Duration::from_millis(300)),
        Reply::drip(
            "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}",
            Duration::from_millis(2),
        ),
    ]);
    for _ in 0..2 {
        claim()
            .args(["--timeout", "60"])
            .server(&server)
            .stdout("201 m_1 claimed\n")
            .run();
    }
    server.ignore_requests();
}

#[test]
fn after_a_timeout_the_next_message_takes_another_connection() {
    let server = Server::answering([Reply::silence(), Reply::created()]);
    claim_input()
        .args(SHORT)
        .stdin([line("m_1"), line("m_2")].join("\n"))
        .server(&server)
        .stdout_like("--- m_1 no response from [..]\n201 m_2 claimed\n")
        .stderr_like("hint: Lexer may have received it[..]\n")
        .code(5)
        .run();
    assert_eq!(server.requests().len(), 2);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_result_is_printed_before_the_next_response_comes() {
    let gate = Gate::new();
    let server = Server::answering([Reply::created(), Reply::created().gated(&gate)]);
    let run = claim_input()
        .stdin([line("m_1"), line("m_2")].join("\n"))
        .server(&server)
        .stdout("201 m_1 claimed\n201 m_2 claimed\n")
        .spawn();
    assert_eq!(run.read_line(), "201 m_1 claimed");
    server.wait_for(2);
    gate.open();
    run.wait();
    server.ignore_requests();
}

mod connecting {
    use std::io::{Read as _, Write as _};
    use std::thread;

    use super::{Duration, claim};
    use crate::support::Front;

    /// A peer that begins its response with `start` and continues it with one `x` after the other, each in time.
    fn dripping(start: &'static [u8]) -> Front {
        Front::start(move |mut client| {
            client.read_exact(&mut [0; 5])?;
            client.write_all(start)?;
            loop {
                thread::sleep(Duration::from_millis(200));
                client.write_all(b"x")?;
            }
        })
    }

    #[test]
    fn a_server_or_proxy_that_never_gets_ready_is_given_up_after_5_seconds() {
        let silent = Front::start(|mut client| client.read_to_end(&mut Vec::new()).map(drop));
        let tls = dripping(b"\x16\x03\x03\x40\x00\x02");
        let http = dripping(b"HTTP/1.1 200 OK\r\nx: ");
        let runs = [
            (&silent, false),
            (&tls, false),
            (&silent, true),
            (&http, true),
        ];
        let runs = runs.map(|(peer, is_proxy)| {
            let address = peer.address();
            let (run, peer) = if is_proxy {
                let run = claim().base_url("https://lexer.invalid");
                let peer = format!("lexer.invalid through the proxy {address} (HTTPS_PROXY)");
                (run.env("HTTPS_PROXY", format!("http://{address}")), peer)
            } else {
                let run = claim().base_url(&format!("https://{address}"));
                (run, address.to_string())
            };
            run.stdout(format!("--- m_1 no connection to {peer} within 5 s\n"))
                .stderr_like("hint: [..]\n")
                .code(5)
                .limit(Duration::from_secs(9))
                .spawn()
        });
        for run in runs {
            run.wait();
        }
        let connections = [silent, tls, http].map(|peer| peer.connections());
        assert_eq!(connections, [2, 1, 1]);
    }
}
