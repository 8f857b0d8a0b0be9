//! `lexbot config show`: every setting in force, and where it came from. Of the token its last four characters.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::ConfigShow;
use crate::env::Environment;
use crate::output::{Console, escape_json, sanitize};
use crate::settings::{Origin, Overrides, Setting, Settings};

/// What is shown of one setting.
struct Row {
    name: &'static str,
    /// As text; `None` where the setting has no value.
    text: Option<String>,
    content: Content,
}

/// A row's part of the JSON object.
#[derive(Serialize)]
struct Content {
    value: Value,
    origin: Option<String>,
}

/// Prints the settings that a command with the same options would have.
pub(super) fn run(
    args: &ConfigShow,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<()> {
    let settings = Settings::resolve(
        &Overrides {
            account_id: args.account_id.as_deref(),
            ..args.connection.overrides()
        },
        environment,
    )?;
    for warning in &settings.warnings {
        console.warning(warning);
    }
    let rows = rows(&settings);
    if args.json {
        console.result(&object(&rows)?)
    } else {
        table(&rows)
            .iter()
            .try_for_each(|line| console.result(line))
    }
}

fn rows(settings: &Settings) -> Vec<Row> {
    let path = settings.config_path.value.to_string_lossy();
    vec![
        row("config_file", path, settings.config_path.origin),
        row("profile", &*settings.profile.value, settings.profile.origin),
        row(
            "base_url",
            settings.base_url.value.as_str(),
            settings.base_url.origin,
        ),
        optional("client_id", settings.client_id.as_ref()),
        optional("account_id", settings.account_id.as_ref()),
        token(settings),
        row("rate", settings.rate.value, settings.rate.origin),
        row(
            "timeout",
            settings.timeout.value.as_secs_f64(),
            settings.timeout.origin,
        ),
        profiles(&settings.profiles),
    ]
}

fn row(name: &'static str, value: impl Into<Value>, origin: Origin) -> Row {
    let value = value.into();
    let text = match &value {
        Value::String(text) => text.clone(),
        // Without the ".0" that JSON gives a whole number of this type.
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or_default().to_string(),
        other => other.to_string(),
    };
    Row {
        name,
        text: Some(text),
        content: Content {
            value,
            origin: Some(origin.to_string()),
        },
    }
}

fn not_set(name: &'static str) -> Row {
    Row {
        name,
        text: None,
        content: Content {
            value: Value::Null,
            origin: None,
        },
    }
}

fn optional<T: Clone + Into<Value>>(name: &'static str, setting: Option<&Setting<T>>) -> Row {
    setting.map_or_else(
        || not_set(name),
        |setting| row(name, setting.value.clone(), setting.origin),
    )
}

/// A token that can't be had is shown as the reason: the other settings are of use all the same.
fn token(settings: &Settings) -> Row {
    let Some(origin) = settings.token_origin() else {
        return not_set("token");
    };
    let shown = match settings.token() {
        Ok(token) => token.last_four(),
        Err(error) => format!("{error:#}"),
    };
    row("token", shown, origin)
}

fn profiles(names: &[String]) -> Row {
    Row {
        name: "profiles",
        text: Some(if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }),
        content: Content {
            value: json!(names),
            origin: None,
        },
    }
}

fn table(rows: &[Row]) -> Vec<String> {
    let texts: Vec<_> = rows
        .iter()
        .map(|row| sanitize(row.text.as_deref().unwrap_or("not set")))
        .collect();
    let width = texts
        .iter()
        .zip(rows)
        .filter(|(_, row)| row.content.origin.is_some())
        .map(|(text, _)| text.chars().count())
        .max()
        .unwrap_or_default();
    rows.iter()
        .zip(texts)
        .map(|(row, text)| match &row.content.origin {
            Some(origin) => format!("{:11}  {text:width$}  ({origin})", row.name),
            None => format!("{:11}  {text}", row.name),
        })
        .collect()
}

/// One JSON object on one line, its keys in the order of the rows.
fn object(rows: &[Row]) -> serde_json::Result<String> {
    let mut object = String::from("{");
    for row in rows {
        let comma = if object.len() > 1 { "," } else { "" };
        let content = serde_json::to_string(&row.content)?;
        let _ = write!(object, "{comma}\"{}\":{content}", row.name);
    }
    object.push('}');
    Ok(escape_json(object))
}

#[cfg(test)]
mod tests {
    use super::{Row, not_set, object, profiles, row, table};
    use crate::settings::Origin;

    fn rows() -> Vec<Row> {
        vec![
            row("profile", "ac\u{1b}me", Origin::Flag("--profile")),
            not_set("client_id"),
            row("rate", 10.0, Origin::Default),
            profiles(&["acme".to_owned(), "b".to_owned()]),
        ]
    }

    #[test]
    fn the_table_is_aligned_and_harmless() {
        assert_eq!(
            table(&rows()),
            [
                "profile      ac\\u{1b}me  (--profile)",
                "client_id    not set",
                "rate         10          (default)",
                "profiles     acme, b",
            ]
        );
    }

    #[test]
    fn the_object_has_the_same_rows() {
        assert_eq!(
            object(&rows()).unwrap(),
            r#"{"profile":{"value":"ac\u001bme","origin":"--profile"},"client_id":{"value":null,"origin":null},"rate":{"value":10.0,"origin":"default"},"profiles":{"value":["acme","b"],"origin":null}}"#
        );
    }
}
