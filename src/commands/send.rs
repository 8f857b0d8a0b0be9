//! `lexbot claim` and `lexbot echo`: messages in, requests out, an outcome for each.

use std::io::BufReader;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::api::{Action, SOURCE, STATE};
use crate::cli::{MessageFlags, Send};
use crate::client::Client;
use crate::fault::Fault;
use crate::hint::Situation;
use crate::input::{self, Framing};
use crate::message::{Defaults, Message, PublishedAt, Rules, Unsendable, compact, each_message};
use crate::outcome::{Outcome, Verdict};
use crate::report::{Console, Reporter, print_answer, print_request};
use crate::settings::{Environment, Settings};

/// Runs `lexbot claim` or `lexbot echo`; `state` is the flag that only `claim` has.
pub(crate) fn run(
    action: Action,
    args: &Send,
    state: Option<&str>,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let flags = &args.message;
    if args.input.is_none() && flags.object_id.is_none() {
        return Err(nothing_to_send(action).into());
    }
    let settings = Settings::resolve(&args.connection, flags.account_id.as_deref(), environment)?;
    for warning in &settings.warnings {
        console.warning(warning);
    }
    let rules = Rules {
        action,
        defaults: defaults(action, args, state, &settings)?,
        validate: !args.no_validate,
    };
    let mut delivery = if args.dry_run {
        Delivery {
            action,
            reporter: Reporter::for_dry_run(console, &args.output),
            client: None,
            verbose: None,
        }
    } else {
        let client_id = settings.client_id()?;
        let client = Client::new(
            &settings.base_url.value,
            client_id,
            settings.token()?,
            settings.timeout,
            environment,
        )?;
        let situation = Situation {
            profile: settings.profile.value.clone(),
            base_url: settings.base_url.value.as_str().to_owned(),
            client_id,
        };
        Delivery {
            action,
            reporter: Reporter::new(console, &args.output, situation),
            client: Some(client),
            verbose: args.output.verbose.then_some(console),
        }
    };

    if let Some(path) = &args.input {
        let mut framing = Framing::new(BufReader::with_capacity(64 << 10, input::open(path)?));
        while let Some(frame) = framing
            .next()
            .with_context(|| format!("cannot read {}", path.display()))?
        {
            let line = Some(frame.line);
            match frame.value {
                Ok(json) => each_message(&json, &rules, now(), &mut |message| {
                    delivery.take(line, message)
                })?,
                Err(broken) => delivery.take(
                    line,
                    Err(Unsendable {
                        why: broken.to_string(),
                        ..Unsendable::default()
                    }),
                )?,
            }
        }
    } else {
        let message = from_flags(flags, state, &rules)?;
        delivery.take(None, Ok(message))?;
    }
    Ok(delivery.reporter.exit().into())
}

/// Where messages go: to Lexer, or in a dry run to standard output.
struct Delivery {
    action: Action,
    reporter: Reporter,
    client: Option<Client>,
    verbose: Option<Console>,
}

impl Delivery {
    fn take(
        &mut self,
        line: Option<u64>,
        message: Result<Message, Unsendable>,
    ) -> anyhow::Result<()> {
        let outcome = |object_id, account_id, verdict, attempts, elapsed| Outcome {
            action: self.action,
            line,
            object_id,
            account_id,
            verdict,
            attempts,
            elapsed,
        };
        let outcome = match (message, &self.client) {
            (Err(unsendable), _) => outcome(
                unsendable.object_id,
                unsendable.account_id,
                Verdict::Invalid(unsendable.why),
                0,
                Duration::ZERO,
            ),
            (Ok(message), None) => {
                let mut body = String::with_capacity(message.body.len());
                compact(&message.body, &mut body);
                return self.reporter.body(&body);
            }
            (Ok(message), Some(client)) => {
                let start = Instant::now();
                let verdict = send(client, self.action, &message.body, self.verbose);
                outcome(
                    message.object_id,
                    message.account_id,
                    verdict,
                    1,
                    start.elapsed(),
                )
            }
        };
        self.reporter.outcome(&outcome)
    }
}

fn send(client: &Client, action: Action, body: &str, verbose: Option<Console>) -> Verdict {
    if let Some(console) = verbose {
        print_request(console, client.url(action), body);
    }
    let start = Instant::now();
    let verdict = match client.send(action, body) {
        Ok(answer) => Verdict::Answered(answer),
        Err(no_answer) => Verdict::Unanswered {
            cause: no_answer.cause,
            why: client.explain(&no_answer),
        },
    };
    if let Some(console) = verbose {
        let answer = match &verdict {
            Verdict::Answered(answer) => Ok(answer),
            Verdict::Unanswered { why, .. } | Verdict::Invalid(why) => Err(why.as_str()),
        };
        print_answer(console, answer, start.elapsed());
    }
    verdict
}

/// What fills the fields that messages lack. A flag that could never be sent is wrong usage, told before anything is.
fn defaults(
    action: Action,
    args: &Send,
    state: Option<&str>,
    settings: &Settings,
) -> anyhow::Result<Defaults> {
    let flags = &args.message;
    if args.no_validate {
        let given = [
            ("--published-at", flags.published_at.is_some()),
            ("--account-id", flags.account_id.is_some()),
            ("--source", flags.source.is_some()),
            ("--state", state.is_some()),
        ];
        if args.input.is_some()
            && let Some((flag, _)) = given.iter().find(|(_, given)| *given)
        {
            let message = format!(
                "{flag} has no effect: --no-validate sends each value of the input as it is"
            );
            return Err(Fault::usage(message)
                .hint(format!("leave out {flag} or --no-validate"))
                .into());
        }
    } else {
        for (flag, value, only) in [
            ("--source", flags.source.as_deref(), SOURCE),
            ("--state", state, STATE),
        ] {
            if let Some(value) = value.filter(|value| *value != only) {
                let message =
                    format!("{flag} {value:?} is not {only:?}, the only value that Lexer takes");
                return Err(Fault::usage(message)
                    .hint(format!(
                        "leave out {flag}, or send it all the same with --no-validate"
                    ))
                    .into());
            }
        }
        if flags
            .account_id
            .as_ref()
            .is_some_and(|page| page.trim().is_empty())
        {
            return Err(Fault::usage("--account-id is empty")
                .hint(example(action))
                .into());
        }
    }
    let published_at = match &flags.published_at {
        Some(text) if !args.no_validate => Some(
            PublishedAt::parse(text, now())
                .map_err(|why| Fault::usage(format!("--published-at {why}")))?,
        ),
        _ => None,
    };
    Ok(Defaults {
        published_at,
        account_id: settings.account_id.as_ref().map(|page| page.value.clone()),
    })
}

/// The one message that flags make.
fn from_flags(flags: &MessageFlags, state: Option<&str>, rules: &Rules) -> anyhow::Result<Message> {
    let mut fields = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    set("object_id", flags.object_id.clone().map(Value::String));
    if !rules.validate {
        set("published_at", flags.published_at.as_deref().map(as_time));
        set(
            "source",
            Some(flags.source.as_deref().unwrap_or(SOURCE).into()),
        );
        if rules.action == Action::Claim {
            set("state", Some(state.unwrap_or(STATE).into()));
        }
        set(
            "account_id",
            rules.defaults.account_id.clone().map(Value::String),
        );
    }
    let json = Value::Object(fields).to_string();
    let mut message = None;
    each_message(&json, rules, now(), &mut |made| {
        message = Some(made);
        Ok::<(), anyhow::Error>(())
    })?;
    match message {
        Some(Ok(message)) => Ok(message),
        Some(Err(unsendable)) => Err(Fault::usage(unsendable.why)
            .hint(example(rules.action))
            .into()),
        None => Err(nothing_to_send(rules.action).into()),
    }
}

/// The flag as the API takes it if it's a time, else as it was typed.
fn as_time(text: &str) -> Value {
    PublishedAt::parse(text, now())
        .ok()
        .and_then(|time| serde_json::from_str(&time.to_string()).ok())
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

fn nothing_to_send(action: Action) -> Fault {
    Fault::usage(format!(
        "nothing to {action}: give a message with --object-id, or messages with --input"
    ))
    .hint(example(action))
}

fn example(action: Action) -> String {
    format!(
        "lexbot {action} --object-id m_AbC123 --published-at now --account-id 112233445566\n\
         lexbot {action} --input messages.json\n\
         bot | lexbot {action} --input -"
    )
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}
