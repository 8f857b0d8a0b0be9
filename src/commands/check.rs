//! `lexbot check`: tests the token, client ID, base URL and network without touching a message.
//!
//! It sends a claim without `object_id`. Lexer refuses such a claim only after it has accepted the token (inferred from
//! the Lexer page), so this refusal is a success, and every other response is a failure.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::api_facts::{Action, SOURCE, STATE, STATUS_PAGE};
use crate::cli::CheckArgs;
use crate::client::{Cause, Response};
use crate::env::Environment;
use crate::exit::Exit;
use crate::hint::{HintContext, hint};
use crate::message::{Ids, Message};
use crate::message_result::MessageResult;
use crate::outcome::Outcome;
use crate::output::{Console, escape_json, json_body, response_text, sanitize};
use crate::sender::{Sender, SenderConfig};
use crate::settings::Settings;

/// Runs `lexbot check`.
pub(crate) fn run(
    args: &CheckArgs,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let checked = check(args, environment, console, &mut report);
    if let Err(error) = &checked {
        report.error = Some(environment.redact(&format!("{error:#}")));
    }
    // Printed at once: a reader that leaves after the line that it looks for, such as grep -q, still gets everything.
    let text = if args.output.json {
        escape_json(serde_json::to_string(&report)?)
    } else if args.output.quiet && report.ok {
        String::new()
    } else {
        report.lines().join("\n")
    };
    if !text.is_empty() {
        console.result(&text)?;
    }
    let (exit, hint) = checked?;
    if let Some(error) = &report.error {
        let status = report
            .status
            .map_or(String::new(), |status| format!("{status} "));
        console.annotate(&format!("{status}{error}"));
    }
    if let Some(hint) = hint {
        console.hint(&hint);
    }
    Ok(exit.into())
}

/// What was checked, and the result. JSON output always has all of these keys.
#[derive(Debug, Default, Serialize)]
struct Report {
    ok: bool,
    outcome: Option<Outcome>,
    profile: Option<String>,
    config_file: Option<String>,
    base_url: Option<String>,
    client_id: Option<u64>,
    /// The page of messages without one. A check can't test it.
    account_id: Option<String>,
    /// At most the last four characters.
    token: Option<String>,
    token_origin: Option<String>,
    /// Requests a second, if a 429 has lowered the rate of the token.
    lowered_rate: Option<f64>,
    status: Option<u16>,
    body: Option<Box<RawValue>>,
    error: Option<String>,
    retryable: bool,
    attempts: u32,
    elapsed_ms: Option<u128>,
}

/// Fills `report` as far as the check gets. Returns the exit code and a hint.
fn check(
    args: &CheckArgs,
    environment: &Environment,
    console: Console,
    report: &mut Report,
) -> anyhow::Result<(Exit, Option<String>)> {
    let settings = Settings::resolve(&args.connection.overrides(), environment)?;
    for warning in &settings.warnings {
        console.warning(warning);
    }
    report.add_settings(&settings);
    let config = SenderConfig {
        rate: None,
        jobs: 1,
        retries: args.connection.retries,
        verbose: args.output.verbose,
        quiet: args.output.quiet,
    };
    let sender = Sender::new(
        config,
        None,
        &settings,
        environment,
        console,
        Arc::default(),
    )?;
    report.token = Some(sender.client.token.last_four());
    report.token_origin = settings.token_origin().map(|origin| origin.to_string());

    let status = sender.watch(false, None);
    let result = send_check(&sender, &settings)?;
    drop(status);
    report.lowered_rate = sender.gate.rate_limit.lowered_rate();
    let outcome = report.add_result(&result)?;
    let hint = if report.ok {
        None
    } else {
        next_step(&result, &HintContext::of(&settings, &sender.client))
    };
    Ok((outcome.exit(), hint))
}

/// Sends a claim with everything but the ID of a message to claim.
fn send_check(sender: &Sender, settings: &Settings) -> anyhow::Result<MessageResult> {
    let account_id = settings.account_id.as_ref().map(|page| page.value.clone());
    let mut body =
        json!({"published_at": "2017-08-01T05:29:44Z", "source": SOURCE, "state": STATE});
    if let Some(page) = &account_id {
        body["account_id"] = page.as_str().into();
    }
    let message = Message {
        action: Action::Claim,
        body: body.to_string(),
        ids: Ids {
            account_id,
            ..Ids::default()
        },
    };
    let sent = sender.send(&message);
    Ok(MessageResult::sent(
        message.action,
        None,
        message.ids,
        sent.last.context("no request was made")?,
        sent.count,
        sent.elapsed,
    ))
}

/// Whether Lexer refused the claim for the missing field: with 500, and the field's name in JSON (Lexer page).
fn is_expected(response: &Response) -> bool {
    let body: Value = serde_json::from_str(&response.body).unwrap_or_default();
    let error = body.get("error").and_then(Value::as_str);
    response.status == 500 && error.is_some_and(|error| error.ends_with(" is missing"))
}

fn next_step(result: &MessageResult, context: &HintContext) -> Option<String> {
    let base_url = &context.base_url;
    match (result.status(), result.cause) {
        (Some(200..=299 | 500), _) => Some(format!(
            "Lexer would refuse a claim that names no message. Something else responds at {base_url},\n\
             such as a proxy or the login page of a network: see the exchange with -v"
        )),
        (_, Some(Cause::ResponseTimeout | Cause::ConnectionLost)) => Some(format!(
            "check the network and the base URL {base_url}; is Lexer up? {STATUS_PAGE}; --timeout SECONDS waits longer"
        )),
        _ => hint(result, context),
    }
}

impl Report {
    fn add_settings(&mut self, settings: &Settings) {
        self.profile = Some(settings.profile.value.clone());
        self.config_file = Some(settings.config_path.value.display().to_string());
        self.base_url = Some(settings.base_url.value.as_str().to_owned());
        self.client_id = settings.client_id.as_ref().map(|id| id.value);
        self.account_id = settings.account_id.as_ref().map(|page| page.value.clone());
    }

    /// Adds the result, and returns the outcome of the check.
    fn add_result(&mut self, result: &MessageResult) -> anyhow::Result<Outcome> {
        self.ok = result.response.as_ref().is_some_and(is_expected);
        let outcome = match result.outcome {
            _ if self.ok => Outcome::Accepted,
            // Lexer can't accept a claim without a message, so this was another server.
            Outcome::Accepted => Outcome::Rejected,
            other => other,
        };
        self.outcome = Some(outcome);
        self.status = result.status();
        self.retryable = result.is_retryable();
        self.attempts = result.attempts;
        self.elapsed_ms = Some(result.elapsed.as_millis());
        match &result.response {
            Some(response) => {
                self.body = Some(json_body(&response.body)?);
                self.error = (!self.ok).then(|| response_text(response));
            }
            None => self.error = Some(result.reason.clone()),
        }
        Ok(outcome)
    }

    fn lines(&self) -> Vec<String> {
        let result = match (self.status, &self.error) {
            (Some(status), None) => format!(
                "ok: Lexer is reachable and accepts the token (it answered {status}, as expected)"
            ),
            (Some(status), Some(error)) => format!("{status} {error}"),
            (None, error) => error.clone().unwrap_or_default(),
        };
        let page = match &self.account_id {
            Some(page) => format!("{page} (not tested)"),
            None => "none is set: messages must name theirs".to_owned(),
        };
        let token = self.token.as_ref().zip(self.token_origin.as_ref());
        let token = token.map(|(token, origin)| format!("{token} ({origin})"));
        let rate = self.lowered_rate.map(|rate| {
            format!("{rate:.1} requests a second, lowered after a 429; it recovers by itself")
        });
        [
            ("profile", self.profile.clone()),
            ("config file", self.config_file.clone()),
            ("base URL", self.base_url.clone()),
            ("client ID", self.client_id.map(|id| id.to_string())),
            ("page", self.profile.is_some().then_some(page)),
            ("token", token),
            ("rate", rate),
            ("round trip", self.elapsed_ms.map(|ms| format!("{ms} ms"))),
            // Without an outcome, the error is printed on stderr.
            ("result", self.outcome.map(|_| result)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name:<12}{}", sanitize(&value?))))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::is_expected;
    use crate::client::Response;

    fn response(status: u16, body: &str) -> Response {
        Response {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
            complete: true,
        }
    }

    #[test]
    fn only_lexers_own_refusal_is_expected() {
        assert!(is_expected(&response(
            500,
            r#"{"error":"object_id is missing"}"#
        )));
        for (status, body) in [
            (500, "<html>scary</html>"),
            (500, r#"{"error":"state does not have a valid value"}"#),
            (500, r#"{"error":7}"#),
            (200, r#"{"error":"object_id is missing"}"#),
            (201, r#"{"status":"ok"}"#),
            (401, r#"{"error":"token is missing"}"#),
        ] {
            assert!(!is_expected(&response(status, body)), "{status} {body}");
        }
    }
}
