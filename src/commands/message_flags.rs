//! The flags of `claim` and `echo` that describe a message: alone they make one, with `--input` they are defaults.

use std::time::SystemTime;

use serde_json::Value;

use super::send_options::SendOptions;
use crate::api::{Action, SOURCE, STATE};
use crate::cli::MessageArgs;
use crate::error::CliError;
use crate::message::{ExpandOptions, Expanded, Message, PublishedAt, expand};
use crate::pasted::cleaned;
use crate::settings::{Settings, parse_account_id};
use crate::token::quoted;

/// Refuses flags that contradict each other, or whose message Lexer would refuse.
pub(super) fn check_usage(options: SendOptions) -> Result<(), CliError> {
    let Some((action, args)) = options.message else {
        return Ok(());
    };
    let fields = &args.fields;
    let has_input = args.input.is_some();
    if !has_input && fields.object_id.is_none() {
        return Err(CliError::usage(format!(
            "nothing to {action}: give a message with --object-id, or messages with --input"
        ))
        .hint(example(action)));
    }
    if !has_input && options.handed_over.is_some() {
        return Err(CliError::usage(
            "--handed-over needs --input: only webhooks name their customers",
        )
        .hint(format!(
            "bot | lexbot {action} --input - --handed-over FILE"
        )));
    }
    if args.no_validate {
        let flags = [
            ("--published-at", fields.published_at.is_some()),
            ("--account-id", fields.account_id.is_some()),
            ("--handed-over", options.handed_over.is_some()),
            ("--source", fields.source.is_some()),
            ("--state", options.state.is_some()),
        ];
        return match flags.iter().find(|(_, is_given)| has_input && *is_given) {
            Some((flag, _)) => Err(CliError::usage(format!(
                "{flag} has no effect: --no-validate sends each value of the input as it is"
            ))
            .hint(format!("leave out {flag} or --no-validate"))),
            None => Ok(()),
        };
    }
    check_object_id(args)?;
    if let Some(page) = &fields.account_id {
        parse_account_id(page).map_err(|problem| {
            CliError::usage(format!("--account-id {problem}, not {}", quoted(page))).hint(
                "it is entry.id in the webhook, and the Page ID that Facebook shows for the page",
            )
        })?;
    }
    check_only_value("--source", fields.source.as_deref(), SOURCE)?;
    check_only_value("--state", options.state, STATE)
}

/// Checks that `flag` is missing or has the only value that Lexer takes.
fn check_only_value(flag: &str, value: Option<&str>, only: &str) -> Result<(), CliError> {
    match value {
        Some(value) if value != only => Err(CliError::usage(format!(
            "{flag} {} is not {only:?}, the only value that Lexer takes",
            quoted(value)
        ))
        .hint(format!(
            "leave out {flag}, or send it all the same with --no-validate"
        ))),
        _ => Ok(()),
    }
}

/// The message ID, without what stands around it where it is pasted.
fn object_id(args: &MessageArgs) -> Option<&str> {
    let text = args.fields.object_id.as_deref()?;
    Some(if args.no_validate {
        text
    } else {
        cleaned(text)
    })
}

/// Refuses what people paste in the place of a message ID: a link, the name of a page, a customer's text, or nothing.
fn check_object_id(args: &MessageArgs) -> Result<(), CliError> {
    let is_wrong = |text: &&str| {
        text.contains("://")
            || text.starts_with("www.")
            || text.starts_with('@')
            || text.chars().all(char::is_alphabetic)
            || text.contains(char::is_whitespace)
    };
    match object_id(args).filter(is_wrong) {
        Some(text) => Err(CliError::usage(format!(
            "--object-id {} is not a message ID",
            quoted(text)
        ))
        .hint(
            "a message ID looks like m_AbC123: it is message.mid in the webhook, or message_id in the response of the Send API",
        )),
        None => Ok(()),
    }
}

/// How values of the input become messages.
pub(super) fn expand_options(
    options: SendOptions,
    settings: &Settings,
) -> Result<ExpandOptions, CliError> {
    let published_at = options
        .message
        .filter(|(_, args)| !args.no_validate)
        .and_then(|(_, args)| args.fields.published_at.as_ref())
        .map(|text| published_at(cleaned(text)))
        .transpose()?;
    Ok(ExpandOptions {
        action: options.action(),
        published_at,
        account_id: settings.account_id.as_ref().map(|page| page.value.clone()),
        validate: !options.no_validate(),
        standby: options.args.standby,
        app_id: settings.app_id.as_ref().map(|app| app.value.clone()),
        needs_customer: options.handed_over.is_some(),
    })
}

fn published_at(text: &str) -> Result<PublishedAt, CliError> {
    PublishedAt::parse(text, SystemTime::now().into()).map_err(|reason| {
        let reason = reason.replacen(&format!("{text:?}"), &quoted(text), 1);
        CliError::usage(format!("--published-at {reason}"))
    })
}

/// The one message that the flags `args` describe, with its `state`.
pub(super) fn message(
    action: Action,
    args: &MessageArgs,
    state: Option<&str>,
    expand_options: &ExpandOptions,
) -> Result<Message, CliError> {
    let json = body(action, args, state, expand_options);
    let mut expanded = None;
    expand(
        &json,
        expand_options,
        SystemTime::now().into(),
        &mut |item| {
            expanded = Some(item);
            Ok::<(), CliError>(())
        },
    )?;
    let error = match expanded {
        Some(Expanded::Message(message)) => return Ok(message),
        Some(
            Expanded::Invalid(not_sent)
            | Expanded::Skipped(not_sent)
            | Expanded::UnknownApp(not_sent, _),
        ) => CliError::usage(field_as_flag(&not_sent.reason)),
        None => CliError::usage("there is no message"),
    };
    Err(error.hint(example(action)))
}

/// The flags as a JSON object. If it is validated, `expand` adds the defaults; otherwise they are added here.
fn body(
    action: Action,
    args: &MessageArgs,
    state: Option<&str>,
    expand_options: &ExpandOptions,
) -> String {
    let flags = &args.fields;
    let mut fields = vec![("object_id", object_id(args).map(Value::from))];
    if !expand_options.validate {
        let source = flags.source.as_deref().unwrap_or(SOURCE);
        let state = state.unwrap_or(STATE);
        let page = flags
            .account_id
            .as_ref()
            .or(expand_options.account_id.as_ref());
        fields.extend([
            ("published_at", flags.published_at.as_deref().map(time)),
            ("source", Some(source.into())),
            ("state", (action == Action::Claim).then(|| state.into())),
            ("account_id", page.map(|page| page.as_str().into())),
        ]);
    }
    let fields: Vec<_> = fields
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name:?}:{}", value?)))
        .collect();
    format!("{{{}}}", fields.join(","))
}

/// `text` as the API takes it if it is a time, otherwise unchanged.
fn time(text: &str) -> Value {
    PublishedAt::parse(text, SystemTime::now().into())
        .ok()
        .and_then(|time| serde_json::from_str(&time.to_string()).ok())
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

/// `reason`, which starts with the name of a field, with the name of its flag instead.
fn field_as_flag(reason: &str) -> String {
    match reason.split_once(' ') {
        Some((field, rest)) => format!("--{} {rest}", field.replace('_', "-")),
        None => reason.to_owned(),
    }
}

fn example(action: Action) -> String {
    format!(
        "lexbot {action} --object-id m_AbC123 --published-at now --account-id 112233445566\n\
         lexbot {action} --input messages.json\n\
         bot | lexbot {action} --input -"
    )
}
