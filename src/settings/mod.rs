//! The settings in force, and where each came from.
//!
//! `resolve` works them out, once, by the rules in `keys`. `file` reads and replaces the configuration file,
//! `document` parses it, and `edit` changes its text. The token is only looked up when it is needed, because that may
//! run a command.

mod base_url;
mod document;
mod edit;
mod file;
mod keys;
mod resolve;
mod token_command;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use base_url::{BaseUrl, is_localhost};
pub(crate) use document::Document;
pub(crate) use file::Target;
pub(crate) use keys::{
    Origin, Setting, parse_account_id, parse_app_id, parse_client_id, parse_path, parse_rate,
    parse_text,
};
pub(crate) use resolve::{
    FALLBACK_PROFILE, cache_directory, config_path, profile_name, profile_table,
};
pub(crate) use token_command::first_line;

use crate::error::CliError;
use crate::shell;
use crate::token::Token;
use token_command::TokenSource;

/// Settings from command-line flags, which take precedence over all others.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Overrides<'a> {
    pub(crate) config: Option<&'a Path>,
    pub(crate) profile: Option<&'a str>,
    pub(crate) base_url: Option<&'a str>,
    pub(crate) client_id: Option<u64>,
    pub(crate) account_id: Option<&'a str>,
    pub(crate) app_id: Option<&'a str>,
    pub(crate) timeout: Option<Duration>,
}

/// Every setting in use.
pub(crate) struct Settings {
    /// The configuration file. It need not exist.
    pub(crate) config_path: Setting<PathBuf>,
    /// The profile. It need not be in the file if it is the default.
    pub(crate) profile: Setting<String>,
    /// The profiles in the file, sorted.
    pub(crate) profiles: Vec<String>,
    /// Where requests go.
    pub(crate) base_url: Setting<BaseUrl>,
    /// The ID of the Lexer client, for commands that can do without; see [`Settings::client_id`].
    pub(crate) client_id: Option<Setting<u64>>,
    /// The Facebook page of messages without one.
    pub(crate) account_id: Option<Setting<String>>,
    /// Requests per second; 0 for no limit.
    pub(crate) rate: Setting<f64>,
    /// The bot's Facebook app, or "any": echoes of this app are the bot's own.
    pub(crate) app_id: Option<Setting<String>>,
    /// How long to wait for a response.
    pub(crate) timeout: Setting<Duration>,
    /// Problems of the file that don't stop the run.
    pub(crate) warnings: Vec<String>,
    token: Option<Setting<TokenSource>>,
    /// The variables that are set, but empty, among those for the token, the client ID and the page.
    empty_variables: Vec<&'static str>,
}

/// Where to find the token.
const COPY_TOKEN: &str = "copy it from the bot user's page in Lexer (Manage > Team > Our Team)";

impl Settings {
    /// The token. Runs `token_command` if it comes from there.
    pub(crate) fn token(&self) -> anyhow::Result<Token> {
        self.token_within(None)
    }

    /// The token, if `token_command` takes no longer than this.
    pub(crate) fn token_within(&self, limit: Option<Duration>) -> anyhow::Result<Token> {
        let Some(token) = &self.token else {
            let fix = format!(
                "store one: {}\nor set LEXBOT_TOKEN",
                self.set_token_command()
            );
            return Err(self.missing("no token", "LEXBOT_TOKEN", &fix));
        };
        let fix = match token.origin {
            Origin::Profile("token_command") => {
                "the first line that it prints must be the token".to_owned()
            }
            Origin::Profile(_) => format!("store it again: {}", self.set_token_command()),
            _ => format!("set {} again", token.origin),
        };
        let place = self.place(token.origin);
        Ok(token.value.token(limit, &place, &fix)?)
    }

    /// The token, if it is valid and known without running `token_command`.
    pub(crate) fn known_token(&self) -> Option<&Token> {
        match &self.token.as_ref()?.value {
            TokenSource::Text(token) => token.as_ref().ok(),
            TokenSource::Command(_) => None,
        }
    }

    /// The source of the token, if it is set.
    pub(crate) fn token_origin(&self) -> Option<Origin> {
        self.token.as_ref().map(|token| token.origin)
    }

    /// The ID of the Lexer client, for commands that need it.
    pub(crate) fn client_id(&self) -> anyhow::Result<u64> {
        if let Some(client_id) = &self.client_id {
            return Ok(client_id.value);
        }
        let fix = format!(
            "give --client-id N, set LEXBOT_CLIENT_ID, or store it: {}\n\
             (Lexer shows the client ID beside the token)",
            self.config_command("set client_id N")
        );
        Err(self.missing("no client ID", "LEXBOT_CLIENT_ID", &fix))
    }

    /// The next step after Lexer has refused the token.
    pub(crate) fn refused_token_hint(&self) -> String {
        match self.token_origin() {
            Some(Origin::Variable(name)) => format!(
                "Lexer refused the token in {name}: {COPY_TOKEN},\n\
                 and put it into {name}, wherever that is set; config set-token doesn't change it"
            ),
            Some(origin @ Origin::Profile("token_command")) => format!(
                "Lexer refused the token that {} prints:\n\
                 {COPY_TOKEN} to where that command gets it",
                self.place(origin)
            ),
            _ => format!(
                "Lexer refused the token: {COPY_TOKEN} and store it with\n{}",
                self.set_token_command()
            ),
        }
    }

    /// The start of a hint if `variable` is set, but empty: often the cause of what is missing.
    pub(crate) fn note_if_empty(&self, variable: &str) -> String {
        if !self.empty_variables.contains(&variable) {
            return String::new();
        }
        format!(
            "{variable} is set but empty: in CI, that is a secret with a mistyped name, or one that pull requests from\n\
             forks don't get\n"
        )
    }

    /// The error that `what` is missing. Its hint starts with the possible cause: an empty `variable`, or the choice of the
    /// wrong profile.
    fn missing(&self, what: &str, variable: &str, fix: &str) -> anyhow::Error {
        let (profile, path) = (&self.profile.value, self.config_path.value.display());
        let mut hint = self.note_if_empty(variable);
        let message = if self.profiles.contains(profile) {
            format!("{what} in profile \"{profile}\" of {path}")
        } else {
            if !self.profiles.is_empty() {
                let profiles: Vec<_> = self.profiles.iter().map(|name| shell::word(name)).collect();
                hint = format!(
                    "{hint}choose a profile with --profile: {}\nor ",
                    profiles.join(", ")
                );
            }
            format!("{what}: there is no profile \"{profile}\" in {path}")
        };
        CliError::configuration(message).hint(hint + fix).into()
    }

    /// Where the setting with this origin is, as errors name it.
    fn place(&self, origin: Origin) -> String {
        origin.place(&self.profile.value, &self.config_path.value)
    }

    /// The command that stores a token for these settings.
    fn set_token_command(&self) -> String {
        let mut command = self.config_command("set-token");
        if self.client_id.is_none() {
            command.push_str(" --client-id N");
        }
        command
    }

    /// `lexbot config` with `what` to do for these settings.
    pub(crate) fn config_command(&self, what: &str) -> String {
        let is_chosen = matches!(self.profile.origin, Origin::Flag(_) | Origin::Variable(_));
        let profile = is_chosen.then_some(&*self.profile.value);
        config_command(what, &self.config_path, profile)
    }
}

/// `lexbot config` with `what` to do in `profile`, or in the default one. The path of the file is part of the command also
/// if it comes from a variable, because that may be set for this run only.
pub(crate) fn config_command(
    what: &str,
    config_path: &Setting<PathBuf>,
    profile: Option<&str>,
) -> String {
    let mut command = format!("lexbot config {what}");
    let path = config_path.value.to_string_lossy();
    let path = (config_path.origin != Origin::Default).then_some(&*path);
    for (flag, value) in [("--config", path), ("--profile", profile)] {
        if let Some(value) = value {
            command = format!("{command} {flag} {}", shell::word(value));
        }
    }
    command
}
