//! `--verbose`: what was sent and what came back, on standard error, in the manner of `curl -v`.

use std::time::Duration;

use ureq::http::Uri;

use super::{Console, sanitize};
use crate::client::{Response, USER_AGENT};

/// Prints a request. The token is not known here, so it can't be printed.
pub(crate) fn print_request(console: Console, url: &Uri, body: &str) {
    console.eprint_line(&format!(
        "> POST {}\n> content-type: application/json\n> auth-api-token: (redacted)\n> user-agent: {USER_AGENT}\n> {}",
        sanitize(&url.to_string()),
        sanitize(body)
    ));
}

/// Prints what came back, or why nothing did, and how long it took; in one piece, for others may print meanwhile.
pub(crate) fn print_response(console: Console, answer: Result<&Response, &str>, elapsed: Duration) {
    let mut lines = Vec::new();
    match answer {
        Ok(answer) => {
            lines.push(format!("< {:03}", answer.status));
            let fields = answer.headers.iter();
            lines.extend(fields.map(|(name, value)| format!("< {name}: {}", sanitize(value))));
            lines.extend(
                answer
                    .body
                    .lines()
                    .map(|line| format!("< {}", sanitize(line))),
            );
            if !answer.complete {
                lines.push("* the body broke off or is longer than 64 KiB".to_owned());
            }
        }
        Err(why) => lines.push(format!("* {}", sanitize(why))),
    }
    lines.push(format!("* {:.1} ms", elapsed.as_secs_f64() * 1000.0));
    console.eprint_line(&lines.join("\n"));
}
