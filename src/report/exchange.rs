//! `--verbose`: what was sent and what came back, on standard error, in the manner of `curl -v`.

use std::time::Duration;

use ureq::http::Uri;

use super::{Console, harmless};
use crate::client::{Answer, USER_AGENT};

/// Prints a request. The token is not known here, so it can't be printed.
pub(crate) fn print_request(console: Console, url: &Uri, body: &str) {
    console.aside(&format!("> POST {}", harmless(&url.to_string())));
    console.aside("> content-type: application/json");
    console.aside("> auth-api-token: (redacted)");
    console.aside(&format!("> user-agent: {USER_AGENT}"));
    console.aside(&format!("> {}", harmless(body)));
}

/// Prints what came back, or why nothing did, and how long it took.
pub(crate) fn print_answer(console: Console, answer: Result<&Answer, &str>, elapsed: Duration) {
    match answer {
        Ok(answer) => {
            console.aside(&format!("< {:03}", answer.status));
            for (name, value) in &answer.headers {
                console.aside(&format!("< {name}: {}", harmless(value)));
            }
            for line in answer.body.lines() {
                console.aside(&format!("< {}", harmless(line)));
            }
            if !answer.complete {
                console.aside("* the body broke off or is longer than 64 KiB");
            }
        }
        Err(why) => console.aside(&format!("* {}", harmless(why))),
    }
    console.aside(&format!("* {:.1} ms", elapsed.as_secs_f64() * 1000.0));
}
