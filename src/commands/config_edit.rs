//! `lexbot config set`, `unset` and `remove-token`: change one thing in the configuration file.

use toml_edit::Value;

use crate::cli::{ConfigFile, ConfigKey, ConfigSet, ConfigUnset};
use crate::env::Environment;
use crate::error::CliError;
use crate::output::{Console, sanitize};
use crate::settings::{
    BaseUrl, Document, Origin, Setting, Target, config_path, parse_account_id, parse_app_id,
    parse_client_id, parse_rate, parse_text, profile_name, profile_table, remove_default_profile,
    remove_keys, set_default_profile, set_keys,
};
use crate::shell;
use crate::token::quoted;

/// The keys that give a profile its token.
const TOKEN_KEYS: [&str; 2] = ["token", "token_command"];

/// The file to change, and the profile in it.
struct Edit {
    target: Target,
    before: Document,
    profile: String,
}

impl Edit {
    fn new(args: &ConfigFile, environment: &Environment) -> anyhow::Result<Self> {
        let path = config_path(args.config.as_deref(), environment)?.value;
        let target = Target::find(&path)?;
        let before = Document::parse(&path, &target.read()?)?;
        let profile = profile_name(args.profile.as_deref(), environment, &before)?.value;
        Ok(Edit {
            target,
            before,
            profile,
        })
    }

    /// Replaces the file by the result of `edit`.
    fn update(
        &self,
        edit: impl FnOnce(&Document) -> Result<String, CliError>,
    ) -> Result<Document, CliError> {
        let path = &self.before.path;
        let text = self
            .target
            .update(|text| edit(&Document::parse(path, text)?))?;
        Document::parse(path, &text)
    }

    /// Those of `keys` that the profile has.
    fn present(&self, keys: &[&'static str]) -> Result<Vec<&'static str>, CliError> {
        let table = self.before.profile(&self.profile)?;
        let is_present = |key: &&&str| table.is_some_and(|table| table.contains_key(**key));
        Ok(keys.iter().filter(is_present).copied().collect())
    }

    /// Where a profile's key is, for what is printed.
    fn place(&self, key: ConfigKey) -> String {
        let path = self.before.path.display();
        match key {
            ConfigKey::DefaultProfile => path.to_string(),
            _ => format!("profile \"{}\" of {path}", self.profile),
        }
    }
}

/// Runs `lexbot config set`.
pub(super) fn set(
    args: &ConfigSet,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<()> {
    let key = args.key;
    let value = value(key, &args.value)?;
    let edit = Edit::new(&args.config, environment)?;
    let path = config_path(args.config.config.as_deref(), environment)?;
    edit.update(|document| match key {
        ConfigKey::DefaultProfile => {
            let name = Setting::new(args.value.clone(), Origin::Flag(key.name()));
            profile_table(&name, &path, document)?;
            set_default_profile(document, &args.value)
        }
        _ => set_keys(document, &edit.profile, &[(key.name(), value.clone())]),
    })?;
    let value = match key {
        // It may be a token in the wrong place.
        ConfigKey::TokenCommand => String::new(),
        _ => format!(" = {}", value.to_string().trim()),
    };
    say(
        console,
        &format!("set {}{value} in {}", key.name(), edit.place(key)),
    );
    let variable = match key {
        ConfigKey::DefaultProfile => "LEXBOT_PROFILE".to_owned(),
        ConfigKey::TokenCommand => "LEXBOT_TOKEN".to_owned(),
        _ => format!("LEXBOT_{}", key.name().to_uppercase()),
    };
    if environment.get_os(&variable).is_some() {
        console.hint(&format!("{variable} is set and takes precedence over it"));
    }
    if key == ConfigKey::TokenCommand && !edit.present(&["token"])?.is_empty() {
        console.hint("the profile has a token, too, which takes precedence: lexbot config remove-token removes both");
    }
    Ok(())
}

/// The TOML value for `text`.
fn value(key: ConfigKey, text: &str) -> anyhow::Result<Value> {
    let value = match key {
        ConfigKey::ClientId => parse_client_id(text).map(client_id),
        ConfigKey::AccountId => parse_account_id(text).map(Value::from),
        ConfigKey::AppId => parse_app_id(text).map(Value::from),
        ConfigKey::Rate => parse_rate(text),
        ConfigKey::DefaultProfile | ConfigKey::TokenCommand => parse_text(text).map(Value::from),
        ConfigKey::BaseUrl => {
            return Ok(BaseUrl::parse(text)?.as_str().into());
        }
    };
    value.map_err(|problem| {
        CliError::usage(format!("{} {problem}, not {}", key.name(), quoted(text)))
            .hint(format!("to remove it: lexbot config unset {}", key.name()))
            .into()
    })
}

/// TOML integers end at 2^63 - 1; a string of digits works too.
pub(super) fn client_id(id: u64) -> Value {
    i64::try_from(id).map_or_else(|_| id.to_string().into(), Value::from)
}

/// Runs `lexbot config unset`.
pub(super) fn unset(
    args: &ConfigUnset,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<()> {
    let (key, edit) = (args.key, Edit::new(&args.config, environment)?);
    let is_set = match key {
        ConfigKey::DefaultProfile => edit.before.has_default_profile(),
        _ => !edit.present(&[key.name()])?.is_empty(),
    };
    if !is_set {
        say(
            console,
            &format!("{} is not set in {}", key.name(), edit.place(key)),
        );
        return Ok(());
    }
    edit.update(|document| match key {
        ConfigKey::DefaultProfile => Ok(remove_default_profile(document)),
        _ => remove_keys(document, &edit.profile, &[key.name()]),
    })?;
    say(
        console,
        &format!("removed {} from {}", key.name(), edit.place(key)),
    );
    Ok(())
}

/// Runs `lexbot config remove-token`.
pub(super) fn remove_token(
    args: &ConfigFile,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<()> {
    let edit = Edit::new(args, environment)?;
    let keys = edit.present(&TOKEN_KEYS)?;
    let place = edit.place(ConfigKey::TokenCommand);
    if keys.is_empty() {
        say(console, &format!("there is no token in {place}"));
    } else {
        edit.update(|document| remove_keys(document, &edit.profile, &keys))?;
        say(
            console,
            &format!("removed {} from {place}", keys.join(" and ")),
        );
    }
    if environment.get_os("LEXBOT_TOKEN").is_some() {
        console.hint("LEXBOT_TOKEN is set; to remove it from this shell: unset LEXBOT_TOKEN");
    }
    for other in edit.before.profile_names()? {
        let table = edit.before.profile(&other)?;
        let has_token =
            table.is_some_and(|table| TOKEN_KEYS.iter().any(|key| table.contains_key(*key)));
        if has_token && other != edit.profile {
            console.hint(&format!(
                "profile \"{other}\" has a token, too: lexbot config remove-token --profile {}",
                shell::word(&other)
            ));
        }
    }
    Ok(())
}

fn say(console: Console, text: &str) {
    console.eprint_line(&sanitize(text));
}
