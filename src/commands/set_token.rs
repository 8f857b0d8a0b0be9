//! `lexbot config set-token`: stores the token, and the options given with it, in a profile of the configuration file.
//!
//! Values from the environment and defaults are never written.

use std::io::{self, BufRead, IsTerminal as _};

use anyhow::Context as _;
use toml::Value;

use super::config_edit::{Edit, client_id, say};
use super::prompt::{self, Answer};
use crate::cli::SetToken;
use crate::env::Environment;
use crate::error::CliError;
use crate::output::{Console, sanitize};
use crate::settings::{BaseUrl, Document, FALLBACK_PROFILE, first_line};
use crate::shell;
use crate::token::Token;

/// The longest line that is read as a token: longer than a header may be.
const MAX_TOKEN: u64 = 64 * 1024;

/// How to give the token.
const HOW_TO_GIVE_IT: &str = "lexbot config set-token asks for it on a terminal and otherwise reads it from \
    standard input:\npass show lexer | lexbot config set-token";

/// Asks for the token and stores it.
pub(super) fn run(
    args: &SetToken,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<()> {
    let mut keys = keys(args)?;
    let edit = Edit::new(&args.config, environment)?;
    let profile = &edit.profile;
    // Try the edit before anyone types a token in vain.
    keys.insert(0, ("token", "".into()));
    edit.with(edit.before.clone(), &keys)?;
    let token = read_token(profile)?;
    keys[0].1 = token.expose().into();
    if let Some(note) = token.removed() {
        console.eprint_line(&note);
    }
    if let Some(warning) = token.warning() {
        console.warning(warning);
    }

    let after = edit.set(&keys)?;
    say(
        console,
        &format!(
            "stored the token {} in {}",
            token.last_four(),
            edit.place("token")
        ),
    );
    for hint in hints(&after, &edit, environment)? {
        console.hint(&hint);
    }
    Ok(())
}

/// The keys to store with the token.
fn keys(args: &SetToken) -> anyhow::Result<Vec<(&'static str, Value)>> {
    let mut keys = Vec::new();
    if let Some(id) = args.client_id {
        keys.push(("client_id", client_id(id)));
    }
    if let Some(page) = &args.account_id {
        keys.push(("account_id", page.as_str().into()));
    }
    if let Some(app) = &args.app_id {
        keys.push(("app_id", app.as_str().into()));
    }
    if let Some(url) = &args.base_url {
        let url = BaseUrl::parse(url).context("--base-url")?;
        keys.push(("base_url", url.as_str().into()));
    }
    Ok(keys)
}

fn read_token(profile: &str) -> anyhow::Result<Token> {
    let token = if io::stdin().is_terminal() {
        let text = format!("Token for profile \"{}\" (not shown): ", sanitize(profile));
        match prompt::ask(&text).context("cannot ask for the token on the terminal")? {
            Answer::Typed(text) => Token::parse(&text),
            Answer::Signal(signal) => return Err(CliError::interrupted_by(signal).into()),
        }
    } else {
        first_line(&read_line(io::stdin().lock())?)
    };
    token.map_err(|problem| refused(&problem.to_string()))
}

/// Reads one line of `input`.
fn read_line(input: impl BufRead) -> anyhow::Result<Vec<u8>> {
    let mut line = Vec::new();
    input
        .take(MAX_TOKEN + 1)
        .read_until(b'\n', &mut line)
        .context("cannot read the token from standard input")?;
    if line.len() as u64 > MAX_TOKEN {
        return Err(refused("the token is longer than 64 KiB"));
    }
    Ok(line)
}

fn refused(problem: &str) -> anyhow::Error {
    CliError::usage(problem).hint(HOW_TO_GIVE_IT).into()
}

/// What to do next, after the token was stored in `document`.
fn hints(
    document: &Document,
    edit: &Edit,
    environment: &Environment,
) -> Result<Vec<String>, CliError> {
    let mut hints = Vec::new();
    let profile = &*edit.profile;
    let word = shell::word(profile);
    let table = document.profile(profile)?;
    let has = |key| table.is_some_and(|table| table.contains_key(key));
    if has("token_command") {
        hints.push(
            "the profile has a token_command, too; the stored token takes precedence over it"
                .to_owned(),
        );
    }
    if environment.get_os("LEXBOT_TOKEN").is_some() {
        hints.push("LEXBOT_TOKEN is set and takes precedence over the stored token".to_owned());
    }
    if !has("client_id") && environment.get_os("LEXBOT_CLIENT_ID").is_none() {
        hints.push(format!(
            "the client ID (beside the token in Lexer) is still missing: {}",
            edit.command(&format!("set client_id N --profile {word}"))
        ));
    }
    let is_only_one = document.profile_names()? == [profile];
    if is_only_one && profile != FALLBACK_PROFILE && !document.has_default_profile() {
        hints.push(format!(
            "to use this profile, give --profile {word}, set LEXBOT_PROFILE={word},\n\
             or make it the default: {}",
            edit.command(&format!("set default_profile {word}"))
        ));
    }
    Ok(hints)
}

#[cfg(test)]
mod tests {
    use super::{MAX_TOKEN, read_line};
    use std::io;

    #[test]
    fn reads_one_line_only() {
        assert_eq!(read_line(&b"tok\nmore\n"[..]).unwrap(), b"tok\n");
        assert_eq!(read_line(&b"tok"[..]).unwrap(), b"tok");
        assert_eq!(read_line(&b""[..]).unwrap(), b"");
    }

    #[test]
    fn refuses_an_endless_line() {
        let error = read_line(io::BufReader::new(io::repeat(b'x'))).unwrap_err();
        assert_eq!(error.to_string(), "the token is longer than 64 KiB");
        let longest = vec![b'x'; usize::try_from(MAX_TOKEN).unwrap()];
        assert_eq!(read_line(&longest[..]).unwrap().len(), longest.len());
    }
}
