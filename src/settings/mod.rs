//! The settings in force, and where each came from. `resolve` works them out, once.
//!
//! The token is worked out when it is asked for, since that may run a command.

mod base_url;
mod document;
mod edit;
mod file;
mod location;
mod origin;
mod precedence;
mod profile;
mod resolve;
mod token_source;
mod write;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use base_url::BaseUrl;
pub(crate) use document::Document;
pub(crate) use edit::{header, set_keys};
pub(crate) use location::config_path;
pub(crate) use origin::{Origin, Setting};
pub(crate) use precedence::{DEFAULT_PROFILE, check_account_id, check_client_id, profile_name};
pub(crate) use write::Target;

use crate::error::CliError;
use crate::shell;
use crate::token::Token;
use token_source::TokenSource;

/// Settings from the command line; they override all others.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Overrides<'a> {
    /// `--config`
    pub(crate) config: Option<&'a Path>,
    /// `--profile`
    pub(crate) profile: Option<&'a str>,
    /// `--base-url`
    pub(crate) base_url: Option<&'a str>,
    /// `--client-id`
    pub(crate) client_id: Option<u64>,
    /// `--account-id`
    pub(crate) account_id: Option<&'a str>,
    /// `--timeout`
    pub(crate) timeout: Option<Duration>,
}

/// Every setting in force, and where it came from.
pub(crate) struct Settings {
    /// The configuration file, whether it is there or not.
    pub(crate) config_path: Setting<PathBuf>,
    /// The profile. If nobody chose it, it need not be in the file.
    pub(crate) profile: Setting<String>,
    /// The profiles in the file, sorted.
    pub(crate) profiles: Vec<String>,
    /// Where requests go.
    pub(crate) base_url: Setting<BaseUrl>,
    /// The ID of the Lexer client; [`Settings::client_id`] is for a command that can't do without.
    pub(crate) client_id: Option<Setting<u64>>,
    /// The Facebook page of messages that name none.
    pub(crate) account_id: Option<Setting<String>>,
    /// Requests a second; 0 for no limit.
    pub(crate) rate: Setting<f64>,
    /// The app whose echoes are the bot's.
    pub(crate) app_id: Option<String>,
    /// How long to wait for an answer.
    pub(crate) timeout: Setting<Duration>,
    /// What the reader should know of the file, though it doesn't stop the run.
    pub(crate) warnings: Vec<String>,
    token: Option<Setting<TokenSource>>,
}

impl Settings {
    /// The token. Runs `token_command` if that is where it comes from.
    pub(crate) fn token(&self) -> anyhow::Result<Token> {
        let Some(token) = &self.token else {
            return Err(CliError::configuration(self.missing("no token"))
                .hint(format!(
                    "{}store one: {}\nor set LEXBOT_TOKEN",
                    self.other_profiles(),
                    self.set_token_command()
                ))
                .into());
        };
        let fix = match token.origin {
            Origin::Profile("token_command") => {
                "the first line that it prints must be the token".to_owned()
            }
            Origin::Profile(_) => format!("store it again: {}", self.set_token_command()),
            _ => format!("set {} again", token.origin),
        };
        let place = place(token.origin, &self.profile.value, &self.config_path.value);
        Ok(token.value.token(&place, &fix)?)
    }

    /// Where the token comes from, if there is one.
    pub(crate) fn token_origin(&self) -> Option<Origin> {
        self.token.as_ref().map(|token| token.origin)
    }

    /// The ID of the Lexer client.
    pub(crate) fn client_id(&self) -> anyhow::Result<u64> {
        if let Some(client_id) = &self.client_id {
            return Ok(client_id.value);
        }
        Err(CliError::configuration(self.missing("no client ID"))
            .hint(format!(
                "{}it stands beside the token in Lexer: give --client-id N, set LEXBOT_CLIENT_ID,\n\
                 or add client_id = N under {} in {}",
                self.other_profiles(),
                header(&self.profile.value),
                self.config_path.value.display()
            ))
            .into())
    }

    fn missing(&self, what: &str) -> String {
        let path = self.config_path.value.display();
        if self.profiles.contains(&self.profile.value) {
            format!("{what} in profile \"{}\" of {path}", self.profile.value)
        } else {
            format!(
                "{what}: there is no profile \"{}\" in {path}",
                self.profile.value
            )
        }
    }

    /// A line that leads to the profiles there are, where the one in force was nobody's choice.
    fn other_profiles(&self) -> String {
        if self.profiles.is_empty() || self.profiles.contains(&self.profile.value) {
            return String::new();
        }
        format!(
            "choose a profile with --profile: {}\nor ",
            self.profiles.join(", ")
        )
    }

    /// The command that stores a token where these settings would find it.
    fn set_token_command(&self) -> String {
        let mut words = vec!["lexbot config set-token".into()];
        if let Origin::Flag(flag) = self.config_path.origin {
            let path = self.config_path.value.to_string_lossy();
            words.extend([flag.into(), shell::word(&path).into_owned()]);
        }
        if let Origin::Flag(flag) = self.profile.origin {
            words.extend([flag.into(), shell::word(&self.profile.value).into_owned()]);
        }
        if self.client_id.is_none() {
            words.push("--client-id N".into());
        }
        words.join(" ")
    }
}

/// `origin` in words that lead the reader to it: the profile and the file are named too.
fn place(origin: Origin, profile: &str, path: &Path) -> String {
    match origin {
        Origin::Profile(key) => format!("{key} of profile \"{profile}\" in {}", path.display()),
        other => other.to_string(),
    }
}
