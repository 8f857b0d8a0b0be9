//! Works out the settings. The file is read once, at the edge; the rest are functions of values.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::profile::Profile;
use super::{
    BaseUrl, Document, Environment, Origin, Setting, Settings, config_path, file, pick, place,
    shell,
};
use crate::api;
use crate::cli::Connection;
use crate::fault::Fault;

impl Settings {
    /// Resolves the settings from the options, the environment and the configuration file.
    pub(crate) fn resolve(
        connection: &Connection,
        account_id: Option<&str>,
        environment: &Environment,
    ) -> anyhow::Result<Settings> {
        let config_path = config_path(connection.config.config.as_deref(), environment)?;
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
        let mut settings = from_document(
            connection,
            account_id,
            environment,
            config_path.clone(),
            &document,
        )?;
        settings.warnings.extend(warning);
        Ok(settings)
    }
}

fn from_document(
    connection: &Connection,
    account_id: Option<&str>,
    environment: &Environment,
    config_path: Setting<PathBuf>,
    document: &Document,
) -> anyhow::Result<Settings> {
    let path = &config_path.value;
    let name = pick::profile_name(connection.config.profile.as_deref(), environment, document)?;
    let profile = chosen_profile(&name, path, document)?;
    let url = pick::base_url(connection.base_url.as_deref(), environment, &profile)?;
    let base_url =
        BaseUrl::parse(&url.value).with_context(|| place(url.origin, &name.value, path))?;
    Ok(Settings {
        base_url: Setting::new(base_url, url.origin),
        client_id: pick::client_id(connection.client_id, environment, &profile)?,
        account_id: pick::account_id(account_id, environment, &profile)?,
        rate: pick::rate(&profile),
        app_id: profile.app_id.clone(),
        timeout: connection.timeout.unwrap_or(api::DEFAULT_TIMEOUT),
        token: pick::token(environment, profile)?,
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
) -> Result<Profile, Fault> {
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
    Err(Fault::configuration(format!(
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

fn no_such_file(path: &Path) -> Fault {
    Fault::configuration(format!("cannot read {}: no such file", path.display())).hint(format!(
        "check --config, or create the file: lexbot config set-token --config {}",
        shell::word(&path.to_string_lossy())
    ))
}

#[cfg(test)]
mod tests;
