//! Works out the settings. The file is read once, at the edge; the rest are functions of values.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use toml::Table;

use super::file::{self, Contents};
use super::precedence::{
    ACCOUNT_ID, APP_ID, BASE_URL, CLIENT_ID, DEFAULT_PROFILE, Key, Origin, RATE, Setting, TOKEN,
    TOKEN_COMMAND, check_account_id, check_client_id,
};
use super::token_source::TokenSource;
use super::{BaseUrl, Document, Overrides, Settings, place};
use crate::api;
use crate::env::Environment;
use crate::error::CliError;
use crate::shell;
use crate::token::Token;

/// The profile that is used if nothing names one.
pub(crate) const FALLBACK_PROFILE: &str = "default";

/// Requests per second by default: Lexer's limit for a token.
const DEFAULT_RATE: f64 = 10.0;

/// The configuration directory of a user without a home directory, as in containers.
const HOMELESS: &str = "/.config";

impl Settings {
    /// Resolves the settings from the flags, the environment and the configuration file.
    pub(crate) fn resolve(
        overrides: &Overrides,
        environment: &Environment,
    ) -> anyhow::Result<Settings> {
        let config_path = config_path(overrides.config, environment)?;
        let path = &config_path.value;
        let contents = match file::read(path)? {
            Some(contents) => contents,
            None if matches!(config_path.origin, Origin::Flag(_)) => {
                return Err(no_such_file(path).into());
            }
            None => Contents::default(),
        };
        let document = Document::parse(path, &contents.text)?;
        let mut settings = from_document(overrides, environment, config_path.clone(), &document)?;
        if contents.open_to_others && document.holds_token() {
            settings.warnings.push(format!(
                "other users can read the token in {}; close it to them: chmod 600 {}",
                path.display(),
                shell::word(&path.to_string_lossy())
            ));
        }
        Ok(settings)
    }
}

/// The path of the configuration file: `--config`, else `LEXBOT_CONFIG`, else in the user's configuration directory.
/// The file need not exist.
pub(crate) fn config_path(
    flag: Option<&Path>,
    environment: &Environment,
) -> Result<Setting<PathBuf>, CliError> {
    if let Some(path) = flag {
        if path.as_os_str().is_empty() {
            return Err(CliError::usage("--config is empty").hint("name a file: --config FILE"));
        }
        return Ok(Setting::new(path.to_owned(), Origin::Flag("--config")));
    }
    if let Some(path) = environment.get_os("LEXBOT_CONFIG") {
        return Ok(Setting::new(path.into(), Origin::Variable("LEXBOT_CONFIG")));
    }
    let directory = dirs::config_dir()
        .or_else(|| cfg!(unix).then(|| HOMELESS.into()))
        .ok_or_else(|| {
            CliError::configuration("the user has no configuration directory")
                .hint("name the file: --config FILE, or set LEXBOT_CONFIG")
        })?;
    let path = directory.join("lexbot").join("config.toml");
    Ok(Setting::new(path, Origin::Default))
}

/// The name of the profile in force. The file need not have it.
pub(crate) fn profile_name(
    flag: Option<&str>,
    environment: &Environment,
    document: &Document,
) -> Result<Setting<String>, CliError> {
    let flag = flag.map(str::to_owned);
    let name = DEFAULT_PROFILE.first_of(flag, environment, document.default_profile())?;
    Ok(name.unwrap_or_else(|| Setting::new(FALLBACK_PROFILE.to_owned(), Origin::Default)))
}

fn from_document(
    overrides: &Overrides,
    environment: &Environment,
    config_path: Setting<PathBuf>,
    document: &Document,
) -> anyhow::Result<Settings> {
    let name = profile_name(overrides.profile, environment, document)?;
    let profile = Profile {
        table: profile_table(&name, document)?,
        name: &name.value,
        path: &config_path.value,
    };
    if let Some(id) = overrides.client_id {
        check_client_id(id)?;
    }
    if let Some(page) = overrides.account_id {
        check_account_id(page)?;
    }
    let account_id = overrides.account_id.map(str::to_owned);
    Ok(Settings {
        base_url: base_url(overrides.base_url, environment, &profile)?,
        client_id: CLIENT_ID.first_of(overrides.client_id, environment, profile.get(&CLIENT_ID))?,
        account_id: ACCOUNT_ID.first_of(account_id, environment, profile.get(&ACCOUNT_ID))?,
        rate: profile
            .get(&RATE)?
            .unwrap_or(Setting::new(DEFAULT_RATE, Origin::Default)),
        app_id: profile.get(&APP_ID)?.map(|app_id| app_id.value),
        timeout: match overrides.timeout {
            Some(timeout) => Setting::new(timeout, Origin::Flag("--timeout")),
            None => Setting::new(api::DEFAULT_TIMEOUT, Origin::Default),
        },
        token: token_source(environment, &profile)?,
        profiles: document.profile_names()?,
        warnings: document.unknown_keys(&name.value),
        profile: name,
        config_path,
    })
}

fn base_url(
    flag: Option<&str>,
    environment: &Environment,
    profile: &Profile,
) -> anyhow::Result<Setting<BaseUrl>> {
    let flag = flag.map(str::to_owned);
    let url = BASE_URL
        .first_of(flag, environment, profile.get(&BASE_URL))?
        .unwrap_or_else(|| Setting::new(api::DEFAULT_BASE_URL.to_owned(), Origin::Default));
    let parsed = BaseUrl::parse(&url.value)
        .with_context(|| place(url.origin, profile.name, profile.path))?;
    Ok(Setting::new(parsed, url.origin))
}

/// Where the token comes from. It is only validated when it is needed.
fn token_source(
    environment: &Environment,
    profile: &Profile,
) -> Result<Option<Setting<TokenSource>>, CliError> {
    let text = match environment.get("LEXBOT_TOKEN")? {
        Some(text) => Some(Setting::new(text, Origin::Variable("LEXBOT_TOKEN"))),
        None => profile.get(&TOKEN)?,
    };
    if let Some(text) = text {
        let token = TokenSource::Text(Token::parse(&text.value));
        return Ok(Some(Setting::new(token, text.origin)));
    }
    let command = profile.get(&TOKEN_COMMAND)?;
    Ok(command.map(|command| Setting::new(TokenSource::Command(command.value), command.origin)))
}

/// The profile in force.
struct Profile<'a> {
    name: &'a str,
    path: &'a Path,
    /// None if the file doesn't have it.
    table: Option<&'a Table>,
}

impl Profile<'_> {
    fn get<T>(&self, key: &Key<T>) -> Result<Option<Setting<T>>, CliError> {
        let Some(value) = self.table.and_then(|table| table.get(key.name)) else {
            return Ok(None);
        };
        let origin = Origin::Profile(key.name);
        let value = key.check(value, &place(origin, self.name, self.path))?;
        Ok(Some(Setting::new(value, origin)))
    }
}

/// The table of the profile `name`. Only the fallback profile may be missing.
fn profile_table<'a>(
    name: &Setting<String>,
    document: &'a Document,
) -> Result<Option<&'a Table>, CliError> {
    let table = document.profile(&name.value)?;
    if table.is_some() || name.origin == Origin::Default {
        return Ok(table);
    }
    let names = document.profile_names()?;
    let existing = if names.is_empty() {
        "it has no profiles".to_owned()
    } else {
        format!("it has {}", names.join(", "))
    };
    Err(CliError::configuration(format!(
        "no profile \"{}\" ({}) in {}; {existing}",
        name.value,
        name.origin,
        document.path.display(),
    ))
    .hint(format!(
        "choose another, or create it: lexbot config set-token --profile {}",
        shell::word(&name.value)
    )))
}

fn no_such_file(path: &Path) -> CliError {
    CliError::configuration(format!("cannot read {}: no such file", path.display())).hint(format!(
        "check --config, or create the file: lexbot config set-token --config {}",
        shell::word(&path.to_string_lossy())
    ))
}

#[cfg(test)]
mod tests;
