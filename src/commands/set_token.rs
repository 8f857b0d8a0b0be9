//! `lexbot config set-token`: stores a token, and what was given with it, in a profile of the configuration file.
//!
//! Nothing but the token and the options given here is written: no value from the environment, nor a default.

use std::io::{self, BufRead, IsTerminal as _};
use std::sync::Arc;

use anyhow::Context as _;
use toml_edit::Value;

use crate::cli::SetToken;
use crate::env::Environment;
use crate::error::CliError;
use crate::output::{Console, sanitize};
use crate::settings::{
    BaseUrl, DEFAULT_PROFILE, Document, Target, check_account_id, check_client_id, config_path,
    header, profile_name, set_keys,
};
use crate::token::Token;

/// The longest line that is read as a token: more than a header may have.
const MAX_TOKEN: u64 = 64 * 1024;

/// Where the token can be given.
const HOW_TO_GIVE_IT: &str = "lexbot config set-token asks for it on a terminal, and else reads it from \
    standard input:\npass show lexer | lexbot config set-token";

/// Asks for the token and stores it.
pub(super) fn run(
    args: &SetToken,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<()> {
    let keys = keys(args)?;
    let path = config_path(args.config.config.as_deref(), environment)?.value;
    let target = Target::find(&path)?;
    // Nobody should type a token for a file that can't be edited.
    let before = Document::parse(&path, &target.read()?)?;
    let profile = profile_name(args.config.profile.as_deref(), environment, &before)?.value;
    before.has(&profile, "token")?;
    if profile.is_empty() {
        return Err(CliError::usage("--profile is empty")
            .hint("name a profile: --profile NAME")
            .into());
    }
    let token = read_token(&profile)?;
    let mut keys_with_token = vec![("token", Value::from(token.expose()))];
    keys_with_token.extend(keys);

    let text = target.update(|text| {
        Document::parse(&path, text)?;
        set_keys(&path, text, &profile, &keys_with_token)
    })?;
    console.eprint_line(&sanitize(&format!(
        "stored the token {} in profile \"{profile}\" of {}",
        token.last_four(),
        path.display()
    )));
    let after = Document::parse(&path, &text)?;
    for hint in hints(&after, &profile, environment)? {
        console.hint(&hint);
    }
    Ok(())
}

/// The keys to be stored with the token.
fn keys(args: &SetToken) -> anyhow::Result<Vec<(&'static str, Value)>> {
    if !args.unexpected.is_empty() {
        return Err(CliError::usage(
            "a token is never an argument: other users of the machine can see those",
        )
        .hint(HOW_TO_GIVE_IT)
        .into());
    }
    let mut keys = Vec::new();
    if let Some(id) = args.client_id {
        check_client_id(id)?;
        // TOML's integers end at 2^63; a string of digits will do as well.
        let value = i64::try_from(id).map_or_else(|_| id.to_string().into(), Value::from);
        keys.push(("client_id", value));
    }
    if let Some(page) = &args.account_id {
        check_account_id(page)?;
        keys.push(("account_id", page.into()));
    }
    if let Some(url) = &args.base_url {
        let url = BaseUrl::parse(url).context("--base-url")?;
        keys.push(("base_url", url.as_str().into()));
    }
    Ok(keys)
}

fn read_token(profile: &str) -> anyhow::Result<Token> {
    let text = if io::stdin().is_terminal() {
        let prompt = format!("Token for profile \"{}\" (not shown): ", sanitize(profile));
        // The prompt raises SIGINT for Ctrl-C. It mustn't end the process before the terminal echoes again.
        signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::default())
            .context("cannot watch for Ctrl-C")?;
        match rpassword::prompt_password(prompt) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                return Err(CliError::interrupted().into());
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => String::new(),
            answer => answer.context("cannot ask for the token on the terminal")?,
        }
    } else {
        first_line(io::stdin().lock())?
    };
    Token::parse(&text).map_err(|why| CliError::usage(why.to_string()).hint(HOW_TO_GIVE_IT).into())
}

/// The first line of `input`. What isn't UTF-8 in it becomes a character that no token has.
fn first_line(input: impl BufRead) -> anyhow::Result<String> {
    let mut line = Vec::new();
    input
        .take(MAX_TOKEN + 1)
        .read_until(b'\n', &mut line)
        .context("cannot read the token from standard input")?;
    if line.len() as u64 > MAX_TOKEN {
        return Err(CliError::usage("the token is longer than 64 KiB")
            .hint(HOW_TO_GIVE_IT)
            .into());
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// What the reader may want to do next, now that the file is as `document` says.
fn hints(
    document: &Document,
    profile: &str,
    environment: &Environment,
) -> Result<Vec<String>, CliError> {
    let mut hints = Vec::new();
    if document.has(profile, "token_command")? {
        hints.push(
            "the profile has a token_command too; the stored token now goes first".to_owned(),
        );
    }
    if environment.get_os("LEXBOT_TOKEN").is_some() {
        hints.push("LEXBOT_TOKEN is set, and goes before the stored token".to_owned());
    }
    if !document.has(profile, "client_id")? && environment.get_os("LEXBOT_CLIENT_ID").is_none() {
        hints.push(format!(
            "the client ID is still missing; it stands beside the token in Lexer: \
             add client_id = N under {}, or set LEXBOT_CLIENT_ID",
            header(profile)
        ));
    }
    let is_only_one = document.profile_names()? == [profile];
    if is_only_one && profile != DEFAULT_PROFILE && document.default_profile()?.is_none() {
        hints.push(format!(
            "to use this profile, give --profile {profile}, set LEXBOT_PROFILE={profile},\n\
             or make it the default: default_profile = \"{profile}\" at the top of the file"
        ));
    }
    Ok(hints)
}

#[cfg(test)]
mod tests {
    use super::{MAX_TOKEN, first_line};
    use std::io;

    #[test]
    fn only_the_first_line_counts() {
        assert_eq!(first_line(&b"tok\nmore\n"[..]).unwrap(), "tok\n");
        assert_eq!(first_line(&b"tok"[..]).unwrap(), "tok");
        assert_eq!(first_line(&b""[..]).unwrap(), "");
    }

    #[test]
    fn an_endless_line_ends() {
        let error = first_line(io::BufReader::new(io::repeat(b'x'))).unwrap_err();
        assert_eq!(error.to_string(), "the token is longer than 64 KiB");
        let longest = vec![b'x'; usize::try_from(MAX_TOKEN).unwrap()];
        assert_eq!(first_line(&longest[..]).unwrap().len(), longest.len());
    }
}
