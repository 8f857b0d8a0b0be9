//! One function for each setting: the first of flag, variable, profile and default that says something.
//!
//! A value that another goes before isn't looked at, right or wrong.

use super::profile::{Profile, client_id as client_id_of};
use super::{Document, Origin, Setting, TokenSource};
use crate::api;
use crate::env::Environment;
use crate::error::CliError;
use crate::token::Token;

/// The profile where nobody chose one.
pub(crate) const DEFAULT_PROFILE: &str = "default";

/// Requests a second where nobody says: Lexer's limit for a token.
const DEFAULT_RATE: f64 = 10.0;

/// The name of the profile; whether there is one of that name is another question.
pub(crate) fn profile_name(
    flag: Option<&str>,
    environment: &Environment,
    document: &Document,
) -> Result<Setting<String>, CliError> {
    if let Some(name) = flag {
        return Ok(Setting::new(name.to_owned(), Origin::Flag("--profile")));
    }
    if let Some(name) = variable("LEXBOT_PROFILE", environment)? {
        return Ok(name);
    }
    Ok(match document.default_profile()? {
        Some(name) => Setting::new(name, Origin::File("default_profile")),
        None => Setting::new(DEFAULT_PROFILE.to_owned(), Origin::Default),
    })
}

/// The base URL's text.
pub(crate) fn base_url(
    flag: Option<&str>,
    environment: &Environment,
    profile: &Profile,
) -> Result<Setting<String>, CliError> {
    if let Some(url) = flag {
        return Ok(Setting::new(url.to_owned(), Origin::Flag("--base-url")));
    }
    if let Some(url) = variable("LEXBOT_BASE_URL", environment)? {
        return Ok(url);
    }
    Ok(match &profile.base_url {
        Some(url) => Setting::new(url.clone(), Origin::Profile("base_url")),
        None => Setting::new(api::DEFAULT_BASE_URL.to_owned(), Origin::Default),
    })
}

/// The client ID.
pub(crate) fn client_id(
    flag: Option<u64>,
    environment: &Environment,
    profile: &Profile,
) -> Result<Option<Setting<u64>>, CliError> {
    if let Some(id) = flag {
        check_client_id(id)?;
        return Ok(Some(Setting::new(id, Origin::Flag("--client-id"))));
    }
    if let Some(text) = variable("LEXBOT_CLIENT_ID", environment)? {
        let id = client_id_of(&text.value).ok_or_else(|| {
            CliError::configuration(format!("{} is not a whole number above 0", text.origin))
                .hint(format!("set it again: export {}=123", text.origin))
        })?;
        return Ok(Some(Setting::new(id, text.origin)));
    }
    Ok(profile
        .client_id
        .map(|id| Setting::new(id, Origin::Profile("client_id"))))
}

/// The Facebook page of messages that name none.
pub(crate) fn account_id(
    flag: Option<&str>,
    environment: &Environment,
    profile: &Profile,
) -> Result<Option<Setting<String>>, CliError> {
    if let Some(page) = flag {
        check_account_id(page)?;
        return Ok(Some(Setting::new(
            page.to_owned(),
            Origin::Flag("--account-id"),
        )));
    }
    if let Some(page) = variable("LEXBOT_ACCOUNT_ID", environment)? {
        return Ok(Some(page));
    }
    Ok(profile
        .account_id
        .clone()
        .map(|page| Setting::new(page, Origin::Profile("account_id"))))
}

/// Requests a second.
pub(crate) fn rate(profile: &Profile) -> Setting<f64> {
    match profile.rate {
        Some(rate) => Setting::new(rate, Origin::Profile("rate")),
        None => Setting::new(DEFAULT_RATE, Origin::Default),
    }
}

/// Where the token comes from.
pub(crate) fn token(
    environment: &Environment,
    profile: Profile,
) -> Result<Option<Setting<TokenSource>>, CliError> {
    if let Some(text) = variable("LEXBOT_TOKEN", environment)? {
        let token = TokenSource::Text(Token::parse(&text.value));
        return Ok(Some(Setting::new(token, text.origin)));
    }
    if let Some(token) = profile.token {
        return Ok(Some(Setting::new(
            TokenSource::Text(token),
            Origin::Profile("token"),
        )));
    }
    Ok(profile.token_command.map(|command| {
        Setting::new(
            TokenSource::Command(command),
            Origin::Profile("token_command"),
        )
    }))
}

/// Refuses a `--client-id` that is none.
pub(crate) fn check_client_id(id: u64) -> Result<(), CliError> {
    if id > 0 {
        return Ok(());
    }
    Err(
        CliError::usage("--client-id 0: a client ID is a whole number above 0")
            .hint("it stands beside the token in Lexer"),
    )
}

/// Refuses an `--account-id` that is none.
pub(crate) fn check_account_id(page: &str) -> Result<(), CliError> {
    if !page.trim().is_empty() {
        return Ok(());
    }
    Err(CliError::usage("--account-id is empty")
        .hint("give the ID of the Facebook page: --account-id PAGE"))
}

fn variable(
    name: &'static str,
    environment: &Environment,
) -> Result<Option<Setting<String>>, CliError> {
    let value = environment.get(name)?;
    Ok(value.map(|value| Setting::new(value, Origin::Variable(name))))
}
