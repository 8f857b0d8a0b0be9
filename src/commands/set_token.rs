//! `lexbot config set-token`: stores the token, and the options given with it, in a profile of the configuration file.
//!
//! Values from the environment and defaults are never written.

use std::io::{self, BufRead, IsTerminal as _};

use anyhow::Context as _;
use toml::Value;

use super::config_edit::{Edit, client_id, say};
use super::prompt;
use crate::cli::SetToken;
use crate::env::Environment;
use crate::error::CliError;
use crate::output::{Console, sanitize};
use crate::settings::{BaseUrl, FALLBACK_PROFILE, first_line};
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
    // Find out whether the file can be changed before the user types the token.
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
    if environment.get_os("LEXBOT_TOKEN").is_some() {
        console.hint("LEXBOT_TOKEN is set and takes precedence over the stored token");
    }
    let table = after.profile(profile)?;
    let has_client_id = table.is_some_and(|table| table.contains_key("client_id"));
    if !has_client_id && environment.get_os("LEXBOT_CLIENT_ID").is_none() {
        console.hint(&format!(
            "the client ID (beside the token in Lexer) is still missing: {}",
            edit.command("set client_id N", Some(profile))
        ));
    }
    let is_only_one = after.profile_names()? == [profile.as_str()];
    if is_only_one && profile != FALLBACK_PROFILE && !after.has_default_profile() {
        console.hint(&format!(
            "to use this profile without --profile: {}",
            edit.command(
                &format!("set default_profile {}", shell::word(profile)),
                None
            )
        ));
    }
    Ok(())
}

/// The keys to store with the token.
fn keys(args: &SetToken) -> anyhow::Result<Vec<(&'static str, Value)>> {
    let url = args.base_url.as_deref().map(BaseUrl::parse);
    let url = url.transpose().context("--base-url")?;
    let keys = [
        ("client_id", args.client_id.map(client_id)),
        ("account_id", args.account_id.as_deref().map(Value::from)),
        ("app_id", args.app_id.as_deref().map(Value::from)),
        ("base_url", url.map(|url| url.as_str().into())),
    ];
    let given = |(key, value): (_, Option<Value>)| Some((key, value?));
    Ok(keys.into_iter().filter_map(given).collect())
}

fn read_token(profile: &str) -> anyhow::Result<Token> {
    let token = if io::stdin().is_terminal() {
        let text = format!("Token for profile \"{}\" (not shown): ", sanitize(profile));
        let answer = prompt::ask(&text).context("cannot ask for the token on the terminal")?;
        Token::parse(&answer.map_err(CliError::interrupted_by)?)
    } else {
        first_line(&read_line(io::stdin().lock())?)
    };
    token.map_err(refused)
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
