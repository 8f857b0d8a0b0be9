//! Works out the settings. The file is read once, at the edge; the rest are functions of values.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::profile::Profile;
use super::{
    BaseUrl, Document, Origin, Overrides, Setting, Settings, config_path, file, place, precedence,
};
use crate::api;
use crate::env::Environment;
use crate::error::CliError;
use crate::shell;

impl Settings {
    /// Resolves the settings from the options, the environment and the configuration file.
    pub(crate) fn resolve(
        overrides: &Overrides,
        environment: &Environment,
    ) -> anyhow::Result<Settings> {
        let config_path = config_path(overrides.config, environment)?;
        let path = &config_path.value;
        let contents = file::read(path)?;
        if contents.is_none() && matches!(config_path.origin, Origin::Flag(_)) {
            return Err(no_such_file(path).into());
        }
        let contents = contents.unwrap_or_default();
        let document = Document::parse(path, &contents.text)?;
        let warning = (contents.open_to_others && document.holds_token()).then(|| {
            format!(
                "other users can read the token in {}; close it to them: chmod 600 {}",
                path.display(),
                shell::word(&path.to_string_lossy())
            )
        });
        let mut settings = from_document(overrides, environment, config_path.clone(), &document)?;
        settings.warnings.extend(warning);
        Ok(settings)
    }
}

fn from_document(
    overrides: &Overrides,
    environment: &Environment,
    config_path: Setting<PathBuf>,
    document: &Document,
) -> anyhow::Result<Settings> {
    let path = &config_path.value;
    let name = precedence::profile_name(overrides.profile, environment, document)?;
    let profile = chosen_profile(&name, path, document)?;
    let url = precedence::base_url(overrides.base_url, environment, &profile)?;
    let base_url =
        BaseUrl::parse(&url.value).with_context(|| place(url.origin, &name.value, path))?;
    Ok(Settings {
        base_url: Setting::new(base_url, url.origin),
        client_id: precedence::client_id(overrides.client_id, environment, &profile)?,
        account_id: precedence::account_id(overrides.account_id, environment, &profile)?,
        rate: precedence::rate(&profile),
        app_id: profile.app_id.clone(),
        timeout: match overrides.timeout {
            Some(timeout) => Setting::new(timeout, Origin::Flag("--timeout")),
            None => Setting::new(api::DEFAULT_TIMEOUT, Origin::Default),
        },
        token: precedence::token(environment, profile)?,
        profiles: document.profile_names()?,
        warnings: document.unknown_keys(&name.value),
        profile: name,
        config_path,
    })
}

/// The profile `name`, which must be there if somebody chose it.
fn chosen_profile(
    name: &Setting<String>,
    path: &Path,
    document: &Document,
) -> Result<Profile, CliError> {
    if let Some(profile) = document.profile(&name.value)? {
        return Ok(profile);
    }
    if name.origin == Origin::Default {
        return Ok(Profile::default());
    }
    let names = document.profile_names()?;
    let there_are = if names.is_empty() {
        "it has no profiles".to_owned()
    } else {
        format!("it has {}", names.join(", "))
    };
    Err(CliError::configuration(format!(
        "no profile \"{}\" ({}) in {}; {there_are}",
        name.value,
        name.origin,
        path.display(),
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
