//! Works out the settings. Only [`Settings::resolve`] reads the file; the rest are functions of values.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use toml::Table;

use super::file;
use super::keys::{
    ACCOUNT_ID, APP_ID, BASE_URL, CLIENT_ID, DEFAULT_PROFILE, Origin, RATE, Setting, Sources,
    TOKEN, TOKEN_COMMAND, parse_path,
};
use super::token_command::TokenSource;
use super::{BaseUrl, Document, Overrides, Settings, config_command};
use crate::api_facts;
use crate::env::Environment;
use crate::error::CliError;
use crate::shell;
use crate::token::Token;

/// The profile that is used if nothing names one.
pub(crate) const FALLBACK_PROFILE: &str = "default";

/// Requests per second by default: Lexer's limit for a token.
const DEFAULT_RATE: f64 = 10.0;

/// How long a request waits for its response without `--timeout`.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

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
        let text = file::read(path)?;
        if text.is_none() && matches!(config_path.origin, Origin::Flag(_)) {
            let create = config_command("set-token", &config_path, None);
            return Err(CliError::configuration(format!(
                "cannot read {}: no such file",
                path.display()
            ))
            .hint(format!("check --config, or create the file: {create}"))
            .into());
        }
        let document = Document::parse(path, &text.unwrap_or_default())?;
        let mut settings = from_document(overrides, environment, config_path.clone(), &document)?;
        refuse_token_elsewhere(&settings)?;
        settings
            .warnings
            .extend(file::warnings(path, document.holds_token()));
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
        return Ok(Setting::new(path.to_owned(), Origin::Flag("--config")));
    }
    if let Some(path) = path_from(environment, "LEXBOT_CONFIG")? {
        return Ok(Setting::new(path, Origin::Variable("LEXBOT_CONFIG")));
    }
    let directory = dirs::config_dir().unwrap_or_else(|| HOMELESS.into());
    let path = directory.join("lexbot").join("config.toml");
    Ok(Setting::new(path, Origin::Default))
}

/// The directory of the files that processes share: `LEXBOT_CACHE_DIR`, else in the user's cache directory. `None` if
/// the user has none.
pub(crate) fn cache_directory(environment: &Environment) -> Result<Option<PathBuf>, CliError> {
    let named = path_from(environment, "LEXBOT_CACHE_DIR")?;
    Ok(named.or_else(|| Some(dirs::cache_dir()?.join("lexbot"))))
}

/// The path in the environment variable `name`.
fn path_from(environment: &Environment, name: &str) -> Result<Option<PathBuf>, CliError> {
    let path = environment.get_os(name).map(|path| parse_path(path.into()));
    path.transpose().map_err(|problem| {
        let fix = shell::assignment(name, "PATH");
        CliError::configuration(format!("{name} {problem}")).hint(format!("set it again: {fix}"))
    })
}

/// The name of the profile in use. The file need not have it.
pub(crate) fn profile_name(
    flag: Option<&str>,
    environment: &Environment,
    document: &Document,
) -> Result<Setting<String>, CliError> {
    let sources = Sources {
        environment,
        table: Some(&document.table),
        origin: Origin::File,
        profile: "",
        path: &document.path,
    };
    let name = sources.get(flag.map(str::to_owned), &DEFAULT_PROFILE)?;
    Ok(name.unwrap_or_else(|| Setting::default(FALLBACK_PROFILE.to_owned())))
}

fn from_document(
    overrides: &Overrides,
    environment: &Environment,
    config_path: Setting<PathBuf>,
    document: &Document,
) -> anyhow::Result<Settings> {
    let profile = profile_name(overrides.profile, environment, document)?;
    let sources = Sources {
        environment,
        table: profile_table(&profile, &config_path, document)?,
        origin: Origin::Profile,
        profile: &profile.value,
        path: &document.path,
    };
    let may_be_empty = ["LEXBOT_TOKEN", "LEXBOT_CLIENT_ID", "LEXBOT_ACCOUNT_ID"];
    Ok(Settings {
        base_url: base_url(overrides.base_url, &sources)?,
        client_id: sources.get(overrides.client_id, &CLIENT_ID)?,
        account_id: sources.get(overrides.account_id.map(str::to_owned), &ACCOUNT_ID)?,
        rate: sources
            .get(None, &RATE)?
            .unwrap_or(Setting::default(DEFAULT_RATE)),
        app_id: sources.get(overrides.app_id.map(str::to_owned), &APP_ID)?,
        timeout: overrides
            .timeout
            .map_or(Setting::default(DEFAULT_TIMEOUT), |timeout| {
                Setting::new(timeout, Origin::Flag("--timeout"))
            }),
        token: token_source(&sources)?,
        empty_variables: may_be_empty
            .into_iter()
            .filter(|name| environment.is_empty(name))
            .collect(),
        profiles: document.profile_names()?,
        warnings: document.unknown_keys(&profile.value),
        profile,
        config_path,
    })
}

fn base_url(flag: Option<&str>, sources: &Sources) -> anyhow::Result<Setting<BaseUrl>> {
    let url = sources
        .get(flag.map(str::to_owned), &BASE_URL)?
        .unwrap_or_else(|| Setting::default(api_facts::DEFAULT_BASE_URL.to_owned()));
    let parsed = BaseUrl::parse(&url.value)
        .with_context(|| url.origin.place(sources.profile, sources.path))?;
    Ok(Setting::new(parsed, url.origin))
}

/// Where the token comes from. Whether a header can hold it is only checked when it is needed.
fn token_source(sources: &Sources) -> Result<Option<Setting<TokenSource>>, CliError> {
    if let Some(text) = sources.get(None, &TOKEN)? {
        return Ok(Some(
            text.map(|text| TokenSource::Text(Token::parse(&text))),
        ));
    }
    let command = sources.get(None, &TOKEN_COMMAND)?;
    Ok(command.map(|command| command.map(TokenSource::Command)))
}

/// Refuses settings that contain the token: they are printed.
fn refuse_token_elsewhere(settings: &Settings) -> Result<(), CliError> {
    let path = &settings.config_path;
    let places = [
        (settings.profile.origin, &*settings.profile.value),
        (settings.base_url.origin, settings.base_url.value.as_str()),
        (path.origin, &path.value.to_string_lossy()),
    ];
    let token = settings.known_token();
    let is_token = |text: &str| token.is_some_and(|token| token.is_in(text));
    match places.into_iter().find(|(_, text)| is_token(text)) {
        None => Ok(()),
        Some((origin, _)) => Err(CliError::configuration(format!(
            "{origin} contains the API token"
        ))
        .hint("the token belongs in LEXBOT_TOKEN or in the profile only: lexbot config set-token")),
    }
}

/// The table of the profile `name`. Only the fallback profile may be missing.
pub(crate) fn profile_table<'a>(
    name: &Setting<String>,
    config_path: &Setting<PathBuf>,
    document: &'a Document,
) -> Result<Option<&'a Table>, CliError> {
    let table = document.profile(&name.value)?;
    if table.is_some() || name.origin == Origin::Default {
        return Ok(table);
    }
    let existing = match document.profile_names()?.join(", ") {
        names if names.is_empty() => "no profiles".to_owned(),
        names => names,
    };
    Err(CliError::configuration(format!(
        "no profile \"{}\" ({}) in {}; it has {existing}",
        name.value,
        name.origin,
        document.path.display(),
    ))
    .hint(format!(
        "choose another, or create it: {}",
        config_command("set-token", config_path, Some(&name.value))
    )))
}

#[cfg(test)]
mod tests;
