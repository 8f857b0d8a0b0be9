//! The flags of a message: what they say by themselves, and what they fill in messages of the input.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::send::SendOptions;
use crate::api::{Action, SOURCE, STATE};
use crate::cli::{MessageFlags, Send};
use crate::error::CliError;
use crate::message::{Defaults, ExpandOptions, Expanded, Message, PublishedAt, expand};
use crate::settings::Settings;

/// Refuses flags that make no sense together, or that could never be sent, before anything is.
pub(super) fn check_usage(send: SendOptions, args: &Send) -> Result<(), CliError> {
    let action = send.action;
    let flags = &args.message;
    if args.input.is_none() && flags.object_id.is_none() {
        return Err(CliError::usage(format!(
            "nothing to {action}: give a message with --object-id, or messages with --input"
        ))
        .hint(example(action)));
    }
    if args.no_validate {
        let given = [
            ("--published-at", flags.published_at.is_some()),
            ("--account-id", flags.account_id.is_some()),
            ("--source", flags.source.is_some()),
            ("--state", send.state.is_some()),
        ];
        let unused = given
            .iter()
            .find(|(_, given)| args.input.is_some() && *given);
        return unused.map_or(Ok(()), |(flag, _)| {
            Err(CliError::usage(format!(
                "{flag} has no effect: --no-validate sends each value of the input as it is"
            ))
            .hint(format!("leave out {flag} or --no-validate")))
        });
    }
    for (flag, value, only) in [
        ("--source", flags.source.as_deref(), SOURCE),
        ("--state", send.state, STATE),
    ] {
        if let Some(value) = value.filter(|value| *value != only) {
            return Err(CliError::usage(format!(
                "{flag} {value:?} is not {only:?}, the only value that Lexer takes"
            ))
            .hint(format!(
                "leave out {flag}, or send it all the same with --no-validate"
            )));
        }
    }
    for (flag, value) in [
        ("--object-id", &flags.object_id),
        ("--account-id", &flags.account_id),
    ] {
        if value.as_ref().is_some_and(|value| value.trim().is_empty()) {
            return Err(CliError::usage(format!("{flag} is empty")).hint(example(action)));
        }
    }
    Ok(())
}

/// How values of the input become messages.
pub(super) fn expand_options(
    send: SendOptions,
    args: &Send,
    settings: &Settings,
) -> Result<ExpandOptions, CliError> {
    let published_at = match &args.message.published_at {
        Some(text) if !args.no_validate => Some(
            PublishedAt::parse(text, now())
                .map_err(|why| CliError::usage(format!("--published-at {why}")))?,
        ),
        _ => None,
    };
    Ok(ExpandOptions {
        action: send.action,
        defaults: Defaults {
            published_at,
            account_id: settings.account_id.as_ref().map(|page| page.value.clone()),
        },
        validate: !args.no_validate,
        standby: args.standby,
        app_id: send
            .app_id
            .map(str::to_owned)
            .or_else(|| settings.app_id.clone()),
    })
}

/// The one message that the flags make.
pub(super) fn message(
    flags: &MessageFlags,
    state: Option<&str>,
    options: &ExpandOptions,
) -> Result<Message, CliError> {
    let mut fields = vec![("object_id", flags.object_id.as_deref().map(Value::from))];
    if !options.validate {
        let page = flags
            .account_id
            .as_ref()
            .or(options.defaults.account_id.as_ref());
        let state = (options.action == Action::Claim).then(|| state.unwrap_or(STATE).into());
        fields.extend([
            ("published_at", flags.published_at.as_deref().map(as_time)),
            (
                "source",
                Some(flags.source.as_deref().unwrap_or(SOURCE).into()),
            ),
            ("state", state),
            ("account_id", page.map(|page| page.as_str().into())),
        ]);
    }
    let given = fields
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name:?}:{}", value?)));
    let json = format!("{{{}}}", given.collect::<Vec<_>>().join(","));
    let mut made = None;
    let taken = expand(&json, options, now(), &mut |item| {
        made = Some(item);
        Ok::<(), CliError>(())
    });
    match (taken, made) {
        (Ok(()), Some(Expanded::Message(message))) => Ok(message),
        (Ok(()), Some(Expanded::Invalid(not_sent) | Expanded::Skipped(not_sent))) => {
            Err(CliError::usage(named_as_flag(&not_sent.reason)).hint(example(options.action)))
        }
        (Err(fault), _) => Err(fault),
        (Ok(()), None) => Err(CliError::usage("there is no message").hint(example(options.action))),
    }
}

/// The clock, for times that are "now" and for those that can't be yet.
pub(super) fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// A reason that names a field, for somebody who typed flags.
fn named_as_flag(why: &str) -> String {
    match why.split_once(' ') {
        Some((field, rest)) => format!("--{} {rest}", field.replace('_', "-")),
        None => why.to_owned(),
    }
}

/// The flag as the API takes it if it's a time, else as it was typed.
fn as_time(text: &str) -> Value {
    PublishedAt::parse(text, now())
        .ok()
        .and_then(|time| serde_json::from_str(&time.to_string()).ok())
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

fn example(action: Action) -> String {
    format!(
        "lexbot {action} --object-id m_AbC123 --published-at now --account-id 112233445566\n\
         lexbot {action} --input messages.json\n\
         bot | lexbot {action} --input -"
    )
}
