//! `lexbot config`: `path`, and `show`, which prints every setting in use with its source.
//!
//! Only the last four characters of the token are shown.

use std::process::ExitCode;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::config_edit;
use crate::cli::{ConfigCommand, ConfigShow};
use crate::env::Environment;
use crate::exit::Exit;
use crate::output::{Console, escape_json, sanitize};
use crate::settings::{Overrides, Setting, Settings, config_path};

/// How long `config show` waits for `token_command`, which may ask for a password.
const TOKEN_COMMAND_LIMIT: Duration = Duration::from_secs(3);

/// Runs `command`.
pub(crate) fn run(
    command: &ConfigCommand,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    match command {
        ConfigCommand::SetToken(args) => super::set_token::run(args, environment, console)?,
        ConfigCommand::RemoveToken(args) => {
            config_edit::remove_token(args, environment, console)?;
        }
        ConfigCommand::Set(args) => config_edit::set(args, environment, console)?,
        ConfigCommand::Unset(args) => config_edit::unset(args, environment, console)?,
        ConfigCommand::Show(args) => show(args, environment, console)?,
        ConfigCommand::Path(args) => {
            let path = config_path(args.config.as_deref(), environment)?.value;
            console.result(&sanitize(&path.to_string_lossy()))?;
        }
    }
    Ok(Exit::Success.into())
}

/// Prints the settings that a command with the same options would have.
fn show(args: &ConfigShow, environment: &Environment, console: Console) -> anyhow::Result<()> {
    let settings = Settings::resolve(
        &Overrides {
            account_id: args.account_id.as_deref(),
            app_id: args.app_id.as_deref(),
            ..args.connection.overrides()
        },
        environment,
    )?;
    for warning in &settings.warnings {
        console.warning(warning);
    }
    let rows = rows(settings);
    if args.json {
        return console.result(&object(&rows)?);
    }
    // Printed at once: a reader that leaves after the line that it looks for, such as grep -q, still gets everything.
    console.result(&table(&rows).join("\n"))
}

/// One setting. Both fields are null if it isn't set.
#[derive(Serialize)]
struct Row {
    #[serde(skip)]
    name: &'static str,
    value: Value,
    origin: Option<String>,
}

fn rows(settings: Settings) -> Vec<Row> {
    let token = token(&settings);
    let config_path = settings
        .config_path
        .map(|path| path.to_string_lossy().into_owned());
    vec![
        row("config_file", Some(config_path)),
        row("profile", Some(settings.profile)),
        row(
            "base_url",
            Some(settings.base_url.map(|url| url.to_string())),
        ),
        row("client_id", settings.client_id),
        row("account_id", settings.account_id),
        row("app_id", settings.app_id),
        row("token", token),
        row("rate", Some(settings.rate)),
        row(
            "timeout",
            Some(settings.timeout.map(|timeout| timeout.as_secs_f64())),
        ),
        Row {
            name: "profiles",
            value: settings.profiles.into(),
            origin: None,
        },
    ]
}

fn row<T: Into<Value>>(name: &'static str, setting: Option<Setting<T>>) -> Row {
    let (value, origin) = setting
        .map(|setting| (setting.value.into(), setting.origin.to_string()))
        .unzip();
    Row {
        name,
        value: value.unwrap_or_default(),
        origin,
    }
}

/// If the token can't be obtained, the reason is shown in its place: the other settings are still of use.
fn token(settings: &Settings) -> Option<Setting<String>> {
    let shown = match settings.token_within(Some(TOKEN_COMMAND_LIMIT)) {
        Ok(token) => token.last_four(),
        Err(error) => format!("{error:#}"),
    };
    Some(Setting::new(shown, settings.token_origin()?))
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "not set".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(names) if names.is_empty() => "none".to_owned(),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(", "),
        // JSON would write "10.0".
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or_default().to_string(),
        other => other.to_string(),
    }
}

fn table(rows: &[Row]) -> Vec<String> {
    let texts: Vec<_> = rows
        .iter()
        .map(|row| sanitize(&text(&row.value)).into_owned())
        .collect();
    let width = texts
        .iter()
        .zip(rows)
        .filter(|(_, row)| row.origin.is_some())
        .map(|(text, _)| text.chars().count())
        .max()
        .unwrap_or_default();
    rows.iter()
        .zip(texts)
        .map(|(row, text)| match &row.origin {
            Some(origin) => format!("{:11}  {text:width$}  ({origin})", row.name),
            None => format!("{:11}  {text}", row.name),
        })
        .collect()
}

/// One JSON object on one line, its keys in the order of the rows.
fn object(rows: &[Row]) -> serde_json::Result<String> {
    let fields: Vec<_> = rows
        .iter()
        .map(|row| Ok(format!("\"{}\":{}", row.name, serde_json::to_string(row)?)))
        .collect::<serde_json::Result<_>>()?;
    Ok(escape_json(format!("{{{}}}", fields.join(","))))
}
