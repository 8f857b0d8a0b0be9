//! `lexbot config set`, `unset` and `remove-token`: change one thing in the configuration file.

use std::path::PathBuf;

use toml::Value;

use crate::cli::{ConfigFile, ConfigKey, ConfigSet, ConfigUnset};
use crate::env::Environment;
use crate::error::CliError;
use crate::output::{Console, sanitize};
use crate::settings::{
    BaseUrl, Document, Origin, Setting, Target, config_command, config_path, parse_account_id,
    parse_app_id, parse_client_id, parse_rate, parse_text, profile_name, profile_table,
};
use crate::token::quoted;

/// The one key that isn't a profile's.
const DEFAULT_PROFILE: &str = "default_profile";

/// The keys that give a profile its token.
const TOKEN_KEYS: [&str; 2] = ["token", "token_command"];

/// The file to change, and the profile in it.
pub(super) struct Edit {
    target: Target,
    /// What the file says before the change.
    pub(super) before: Document,
    pub(super) profile: String,
    path: Setting<PathBuf>,
}

impl Edit {
    pub(super) fn new(args: &ConfigFile, environment: &Environment) -> anyhow::Result<Self> {
        let path = config_path(args.config.as_deref(), environment)?;
        let target = Target::find(&path.value)?;
        let before = target.read()?;
        let profile = profile_name(args.profile.as_deref(), environment, &before)?.value;
        Ok(Edit {
            target,
            before,
            profile,
            path,
        })
    }

    /// `lexbot config` with `what` to do in `profile` of the same file.
    pub(super) fn command(&self, what: &str, profile: Option<&str>) -> String {
        config_command(what, &self.path, profile)
    }

    /// Sets each of `keys` in the profile. Returns what the file says then.
    pub(super) fn set(&self, keys: &[(&str, Value)]) -> Result<Document, CliError> {
        self.target.update(|before| self.with(before, keys))
    }

    /// `document` with each of `keys` in the profile.
    pub(super) fn with(
        &self,
        document: Document,
        keys: &[(&str, Value)],
    ) -> Result<Document, CliError> {
        let mut keys = keys.iter();
        keys.try_fold(document, |document, (key, value)| {
            document.set(&self.path(key), value)
        })
    }

    /// Removes those of `keys` that the file has, and says which.
    fn remove(&self, keys: &[&str], console: Console) -> Result<(), CliError> {
        let (first, place) = (keys[0], self.place(keys[0]));
        let present = self.present(&self.profile, keys)?;
        if present.is_empty() {
            say(console, &format!("{first} is not set in {place}"));
            return Ok(());
        }
        self.target.update(|before| {
            let mut keys = present.iter();
            keys.try_fold(before, |document, key| document.remove(&self.path(key)))
        })?;
        let removed = present.join(" and ");
        say(console, &format!("removed {removed} from {place}"));
        Ok(())
    }

    /// Those of `keys` that the file has, in `profile` or at the top.
    fn present<'a>(&self, profile: &str, keys: &[&'a str]) -> Result<Vec<&'a str>, CliError> {
        let profile = self.before.profile(profile)?;
        let is_present = |key: &&&str| match **key {
            DEFAULT_PROFILE => self.before.has_default_profile(),
            key => profile.is_some_and(|profile| profile.contains_key(key)),
        };
        Ok(keys.iter().filter(is_present).copied().collect())
    }

    /// Where `key` is in the file.
    fn path<'a>(&'a self, key: &'a str) -> Vec<&'a str> {
        match key {
            DEFAULT_PROFILE => vec![key],
            _ => vec!["profiles", &self.profile, key],
        }
    }

    /// The same in words.
    pub(super) fn place(&self, key: &str) -> String {
        let path = self.before.path.display();
        match key {
            DEFAULT_PROFILE => path.to_string(),
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
    let key = &*args.key.name();
    let value = value(args.key, &args.value)?;
    let edit = Edit::new(&args.config, environment)?;
    if key == DEFAULT_PROFILE {
        let name = Setting::new(args.value.clone(), Origin::Flag(DEFAULT_PROFILE));
        profile_table(&name, &edit.path, &edit.before)?;
    }
    edit.set(&[(key, value.clone())])?;
    let shown = match args.key {
        // It may be a token in the wrong place.
        ConfigKey::TokenCommand => String::new(),
        _ => format!(" = {value}"),
    };
    say(console, &format!("set {key}{shown} in {}", edit.place(key)));
    let has_token = !edit.present(&edit.profile, &["token"])?.is_empty();
    if args.key == ConfigKey::TokenCommand && has_token {
        console.hint(&format!(
            "the profile has a token, too, which takes precedence; to remove both: {}",
            edit.command("remove-token", Some(&edit.profile))
        ));
    }
    Ok(())
}

/// The TOML value for `text`.
fn value(key: ConfigKey, text: &str) -> anyhow::Result<Value> {
    let value = match key {
        ConfigKey::ClientId => parse_client_id(text).map(client_id),
        ConfigKey::AccountId => parse_account_id(text).map(Value::from),
        ConfigKey::AppId => parse_app_id(text).map(Value::from),
        ConfigKey::Rate => parse_rate(text).map(|rate| match text.parse::<i64>() {
            Ok(whole) => whole.into(),
            Err(_) => rate.into(),
        }),
        ConfigKey::DefaultProfile | ConfigKey::TokenCommand => parse_text(text).map(Value::from),
        ConfigKey::BaseUrl => return Ok(BaseUrl::parse(text)?.as_str().into()),
    };
    value.map_err(|problem| {
        let name = key.name();
        if text.trim().is_empty() {
            return CliError::usage(format!("{name} {problem}"))
                .hint("to remove it, write unset in place of set")
                .into();
        }
        CliError::usage(format!(
            "invalid value {} for {name}: {problem}",
            quoted(text)
        ))
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
    let edit = Edit::new(&args.config, environment)?;
    Ok(edit.remove(&[&args.key.name()], console)?)
}

/// Runs `lexbot config remove-token`.
pub(super) fn remove_token(
    args: &ConfigFile,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<()> {
    let edit = Edit::new(args, environment)?;
    edit.remove(&TOKEN_KEYS, console)?;
    if environment.get_os("LEXBOT_TOKEN").is_some() {
        console.hint("LEXBOT_TOKEN is set; to remove it from this shell: unset LEXBOT_TOKEN");
    }
    for other in edit.before.profile_names()? {
        if other != edit.profile && !edit.present(&other, &TOKEN_KEYS)?.is_empty() {
            console.hint(&format!(
                "profile \"{other}\" has a token, too: {}",
                edit.command("remove-token", Some(&other))
            ));
        }
    }
    Ok(())
}

pub(super) fn say(console: Console, text: &str) {
    console.eprint_line(&sanitize(text));
}
