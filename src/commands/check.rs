//! `lexbot check`: tests token, client ID, base URL and network, and touches no message.
//!
//! It sends a claim without `object_id`. Lexer refuses that, but only after it has accepted the token (inferred from
//! the Lexer page): that refusal is the good answer, and every other one is not.

use std::process::ExitCode;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::api::{Action, SOURCE, STATE, STATUS_PAGE};
use crate::cli::CheckArgs;
use crate::client::{Cause, Response};
use crate::env::Environment;
use crate::error::CliError;
use crate::exit::Exit;
use crate::hint::{HintContext, hint};
use crate::message::Ids;
use crate::outcome::Outcome;
use crate::output::{Console, escape_json, json_body, response_text, sanitize};
use crate::result::MessageResult;
use crate::sender::{Sender, SenderConfig};
use crate::settings::Settings;
use crate::shutdown::Shutdown;

/// Runs `lexbot check`.
pub(crate) fn run(
    args: &CheckArgs,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let checked = check(args, environment, console, &mut report);
    if let Err(fault) = &checked {
        report.error = Some(format!("{fault:#}"));
    }
    if args.output.json {
        console.result(&escape_json(serde_json::to_string(&report)?))?;
    } else if !(args.output.quiet && report.ok) {
        for line in report.lines() {
            console.result(&line)?;
        }
    }
    let (exit, hint) = checked?;
    if let Some(hint) = hint {
        console.hint(&hint);
    }
    Ok(exit.into())
}

/// What was checked and what came of it, with the same keys always.
#[derive(Debug, Default, Serialize)]
struct Report {
    ok: bool,
    outcome: Option<Outcome>,
    profile: Option<String>,
    config_file: Option<String>,
    base_url: Option<String>,
    client_id: Option<u64>,
    /// The last four characters at the most.
    token: Option<String>,
    status: Option<u16>,
    body: Option<Box<RawValue>>,
    error: Option<String>,
    retryable: bool,
    attempts: u32,
    elapsed_ms: Option<u128>,
}

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
    report.profile = Some(settings.profile.value.clone());
    report.config_file = Some(settings.config_path.value.display().to_string());
    report.base_url = Some(settings.base_url.value.as_str().to_owned());
    report.client_id = settings.client_id.as_ref().map(|id| id.value);
    let config = SenderConfig {
        action: Action::Claim,
        rate: None,
        jobs: 1,
        retries: args.connection.retries,
        verbose: args.output.verbose,
    };
    let sender = Sender::new(config, &settings, environment, console)?;
    report.token = Some(sender.client.token().last_four());

    let result = send_check(&sender, &settings)?;
    let good = result.response.as_ref().is_some_and(is_good);
    let outcome = match result.outcome {
        _ if good => Outcome::Accepted,
        // A claim without a message can't be accepted: another server than Lexer's answered.
        Outcome::Accepted => Outcome::Rejected,
        other => other,
    };
    report.ok = good;
    report.outcome = Some(outcome);
    report.status = result.status();
    report.retryable = result.is_retryable();
    report.attempts = result.attempts;
    report.elapsed_ms = Some(result.elapsed.as_millis());
    match &result.response {
        Some(response) => {
            report.body = Some(json_body(&response.body)?);
            report.error = (!good).then(|| response_text(response));
        }
        None => report.error = Some(result.reason.clone()),
    }
    let hint = if good {
        None
    } else {
        next_step(&result, &HintContext::of(&settings, &sender.client)?)
    };
    Ok((outcome.exit(), hint))
}

fn send_check(sender: &Sender, settings: &Settings) -> Result<MessageResult, CliError> {
    let account_id = settings.account_id.as_ref().map(|page| page.value.clone());
    let shutdown = Shutdown::default();
    if !sender.wait_for_turn(&shutdown) {
        return Err(CliError::interrupted());
    }
    let sent = sender.send(&claim_without_a_message(account_id.as_deref()), &shutdown);
    let ids = Ids {
        object_id: None,
        account_id,
    };
    Ok(MessageResult::sent(
        sender.action,
        None,
        ids,
        sent.last,
        sent.attempts,
        sent.elapsed,
    ))
}

/// A claim with everything but the ID of a message to claim.
fn claim_without_a_message(account_id: Option<&str>) -> String {
    let mut body =
        json!({"published_at": "2017-08-01T05:29:44Z", "source": SOURCE, "state": STATE});
    if let Some(page) = account_id {
        body["account_id"] = page.into();
    }
    body.to_string()
}

/// Whether this is how Lexer refuses a claim that lacks a field (Lexer page): 500, with the field's name in JSON.
fn is_good(response: &Response) -> bool {
    let body: Option<Value> = serde_json::from_str(&response.body).ok();
    let error = body
        .as_ref()
        .and_then(|body| body.get("error"))
        .and_then(Value::as_str);
    response.status == 500 && error.is_some_and(|error| error.ends_with(" is missing"))
}

fn next_step(result: &MessageResult, context: &HintContext) -> Option<String> {
    let base_url = &context.base_url;
    match (result.status(), result.cause) {
        (Some(200..=299 | 500), _) => Some(format!(
            "Lexer doesn't answer like this: it would refuse a claim that names no message. Something else answers for {base_url} \
             (a login page of the network? a proxy?): see the exchange with -v"
        )),
        (_, Some(Cause::ResponseTimeout | Cause::ConnectionLost)) => Some(format!(
            "check the network and the base URL {base_url}; is Lexer up? {STATUS_PAGE}; --timeout SECONDS waits longer"
        )),
        _ => hint(result, context),
    }
}

impl Report {
    fn lines(&self) -> Vec<String> {
        let result = match (self.ok, self.status, &self.error) {
            (true, Some(status), _) => format!(
                "ok: Lexer is reachable and accepts the token (answer {status}, as it should be)"
            ),
            (_, Some(status), Some(error)) => format!("{status} {error}"),
            (_, _, Some(error)) => error.clone(),
            _ => "not checked".to_owned(),
        };
        [
            ("profile", self.profile.clone()),
            ("config file", self.config_file.clone()),
            ("base URL", self.base_url.clone()),
            ("client ID", self.client_id.map(|id| id.to_string())),
            ("token", self.token.clone()),
            ("round trip", self.elapsed_ms.map(|ms| format!("{ms} ms"))),
            ("result", Some(result).filter(|_| self.outcome.is_some())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name:<12}{}", sanitize(&value?))))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{claim_without_a_message, is_good};
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
    fn only_lexers_own_refusal_is_good() {
        assert!(is_good(&response(
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
            assert!(!is_good(&response(status, body)), "{status} {body}");
        }
    }

    #[test]
    fn the_claim_names_no_message() {
        assert_eq!(
            claim_without_a_message(Some("42")),
            r#"{"account_id":"42","published_at":"2017-08-01T05:29:44Z","source":"facebook","state":"closed"}"#
        );
    }
}
