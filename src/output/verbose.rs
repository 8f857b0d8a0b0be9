//! `--verbose`: prints requests and responses to stderr in the style of `curl -v`.

use std::time::Duration;

use ureq::http::Request;

use super::{Console, sanitize};
use crate::client::Response;
use crate::token::Token;

/// Prints `request` without the token.
pub(crate) fn print_request(console: Console, request: &Request<&str>, token: &Token) {
    let mut lines = vec![format!("> {} {}", request.method(), request.uri())];
    for (name, value) in request.headers() {
        let value = if value.is_sensitive() {
            "(redacted)".into()
        } else {
            String::from_utf8_lossy(value.as_bytes())
        };
        lines.push(format!("> {name}: {value}"));
    }
    lines.push(format!("> {}", token.redact(request.body())));
    print(console, &lines);
}

/// Prints the response, or the error, and how long it took.
pub(crate) fn print_response(
    console: Console,
    response: Result<&Response, &str>,
    elapsed: Duration,
) {
    let mut lines = Vec::new();
    match response {
        Ok(response) => {
            lines.push(format!("< {:03}", response.status));
            let headers = response.headers.iter();
            lines.extend(headers.map(|(name, value)| format!("< {name}: {value}")));
            lines.extend(response.body.lines().map(|line| format!("< {line}")));
            if !response.complete {
                lines.push("* the body broke off or is longer than 64 KiB".to_owned());
            }
        }
        Err(reason) => lines.push(format!("* {reason}")),
    }
    lines.push(format!("* {:.1} ms", elapsed.as_secs_f64() * 1000.0));
    print(console, &lines);
}

/// Prints `lines` in one piece, because other threads print, too.
fn print(console: Console, lines: &[String]) {
    let lines: Vec<_> = lines.iter().map(|line| sanitize(line)).collect();
    console.eprint_line(&lines.join("\n"));
}
