//! Network faults, and how they are reported.

mod base_url;
mod connections;
#[cfg(unix)]
mod faults;
mod no_connection;
#[cfg(unix)]
mod proxies;
mod redirects;
mod timeouts;
#[cfg(unix)]
mod tls;

use crate::example::claim;
use crate::support::{Reply, Run, Server};
use crate::trust::object;

/// The hint after a connection that broke.
const MAY_HAVE_ARRIVED: &str = "Lexer may have received it; sending it again is harmless. Is Lexer up? https://status.lexer.io";

/// The hint after a response that did not come in time.
const WAIT_LONGER: &str =
    "Lexer may have received it; sending it again is harmless. --timeout SECONDS waits longer";

/// The hint after a response that is not HTTP.
const NO_HTTPS_THERE: &str = "check the base URL {url} (LEXBOT_BASE_URL): does Lexer answer there?";

/// Asserts that a claim of `m_1` to this base URL gets no response: in text and in JSON, with exit code 5, this
/// error, this hint and this outcome. `{host}` and `{url}` are replaced by the server's.
#[track_caller]
fn assert_no_response(run: impl Fn() -> Run, url: &str, error: &str, hint: &str, outcome: &str) {
    let host = url.split('/').nth(2).unwrap_or_default();
    let fill = |text: &str| text.replace("{host}", host).replace("{url}", url);
    let error = fill(error);
    let run = || {
        let hint = format!("hint: {}\n", fill(hint));
        run().base_url(url).code(5).stderr(hint)
    };
    run().stdout(format!("--- m_1 {error}\n")).run();
    let result = object(&run().args(["--json"]).stdout_like("{[..]}\n").run());
    assert_eq!(result["error"], error);
    assert_eq!(result["outcome"], outcome);
    assert!(result["status"].is_null() && result["body"].is_null());
    assert_eq!(result["object_id"], "m_1");
    assert_eq!(result["attempts"], 1);
    assert_eq!(
        (&result["ok"], &result["retryable"]),
        (&false.into(), &true.into())
    );
}

/// The same for a claim to a server that gives this reply.
#[track_caller]
fn assert_no_response_from(reply: Reply, args: &[&str], error: &str, hint: &str) {
    let server = Server::always(reply);
    assert_no_response(|| claim().args(args), &server.url(), error, hint, "unknown");
    assert_eq!(server.requests().len(), 2);
}
