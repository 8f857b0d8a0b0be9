//! `lexbot check`: tests token, client ID, base URL and network, and touches no message.
//!
//! It sends a claim without `object_id`. Lexer refuses that, but only after it has accepted the token (inferred from
//! the Lexer page): that refusal is the good answer, and every other one is not.

use std::process::ExitCode;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::plan::{Sending, plan};
use crate::api::{Action, SOURCE, STATE, STATUS_PAGE};
use crate::cli::CheckArgs;
use crate::client::Cause;
use crate::delivery::Stop;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::hint::{Situation, hint};
use crate::outcome::{Kind, Outcome, Verdict};
use crate::report::{Console, answer_text, escaped, harmless, json_body};
use crate::settings::{Environment, Settings};

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
        console.result(&escaped(serde_json::to_string(&report)?))?;
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
    outcome: Option<Kind>,
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
    let settings = Settings::resolve(&args.connection, None, environment)?;
    for warning in &settings.warnings {
        console.warning(warning);
    }
    report.profile = Some(settings.profile.value.clone());
    report.config_file = Some(settings.config_path.value.display().to_string());
    report.base_url = Some(settings.base_url.value.as_str().to_owned());
    report.client_id = settings.client_id.as_ref().map(|id| id.value);
    let sending = Sending {
        action: Action::Claim,
        rate: None,
        jobs: 1,
        connection: &args.connection,
        output: &args.output,
    };
    let plan = plan(sending, &settings, environment, console)?;
    report.token = Some(plan.client.token().last_four());

    let account_id = settings.account_id.as_ref().map(|page| page.value.as_str());
    let stop = Stop::default();
    if !plan.wait_for_turn(&stop) {
        return Err(Fault::interrupted().into());
    }
    let sent = plan.send(&claim_without_a_message(account_id), &stop);
    let good = is_good(&sent.verdict);
    let kind = if good {
        Kind::Accepted
    } else {
        not_accepted(sent.verdict.kind())
    };
    report.ok = good;
    report.outcome = Some(kind);
    report.status = sent.verdict.status();
    report.retryable = sent.verdict.is_retryable();
    report.attempts = sent.attempts;
    report.elapsed_ms = Some(sent.elapsed.as_millis());
    match &sent.verdict {
        Verdict::Answered(answer) => {
            report.body = Some(json_body(&answer.body)?);
            report.error = (!good).then(|| answer_text(answer));
        }
        Verdict::Unanswered { why, .. }
        | Verdict::Invalid(why)
        | Verdict::Skipped(why)
        | Verdict::NotSent(why) => {
            report.error = Some(why.clone());
        }
    }
    Ok((
        kind.exit(),
        next_step(
            good,
            sent.verdict,
            account_id,
            &Situation::of(&settings, &plan.client)?,
        ),
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
fn is_good(verdict: &Verdict) -> bool {
    let Verdict::Answered(answer) = verdict else {
        return false;
    };
    let body: Option<Value> = serde_json::from_str(&answer.body).ok();
    let error = body
        .as_ref()
        .and_then(|body| body.get("error"))
        .and_then(Value::as_str);
    answer.status == 500 && error.is_some_and(|error| error.ends_with(" is missing"))
}

/// A claim without a message can't be accepted: whoever says so isn't Lexer.
fn not_accepted(kind: Kind) -> Kind {
    if kind == Kind::Accepted {
        Kind::Rejected
    } else {
        kind
    }
}

fn next_step(
    good: bool,
    verdict: Verdict,
    account_id: Option<&str>,
    situation: &Situation,
) -> Option<String> {
    if good {
        return None;
    }
    if let Some(200..=299 | 500) = verdict.status() {
        return Some(format!(
            "Lexer doesn't answer like this: it would refuse a claim that names no message. Something else answers for {} \
             (a login page of the network? a proxy?): see the exchange with -v",
            situation.base_url
        ));
    }
    if let Verdict::Unanswered { cause, .. } = &verdict
        && matches!(cause, Cause::AnswerTimeout | Cause::Broke)
    {
        return Some(format!(
            "check the network and the base URL {}; is Lexer up? {STATUS_PAGE}; --timeout SECONDS waits longer",
            situation.base_url
        ));
    }
    let outcome = Outcome {
        action: Action::Claim,
        line: None,
        object_id: None,
        account_id: account_id.map(str::to_owned),
        verdict,
        attempts: 0,
        elapsed: std::time::Duration::ZERO,
    };
    hint(&outcome, situation)
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
        .filter_map(|(name, value)| Some(format!("{name:<12}{}", harmless(&value?))))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{claim_without_a_message, is_good};
    use crate::client::Answer;
    use crate::outcome::Verdict;

    fn answer(status: u16, body: &str) -> Verdict {
        Verdict::Answered(Answer {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
            complete: true,
        })
    }

    #[test]
    fn only_lexers_own_refusal_is_good() {
        assert!(is_good(&answer(500, r#"{"error":"object_id is missing"}"#)));
        for (status, body) in [
            (500, "<html>scary</html>"),
            (500, r#"{"error":"state does not have a valid value"}"#),
            (500, r#"{"error":7}"#),
            (200, r#"{"error":"object_id is missing"}"#),
            (201, r#"{"status":"ok"}"#),
            (401, r#"{"error":"token is missing"}"#),
        ] {
            assert!(!is_good(&answer(status, body)), "{status} {body}");
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
