//! Where the token comes from, and the command that prints it. The command runs only when the token is asked for.

use std::process::{Command, ExitStatus, Output, Stdio};

use crate::error::CliError;
use crate::token::{InvalidToken, Token};

/// How much of a failed command's stderr is shown, in characters.
const MAX_SHOWN_STDERR: usize = 500;

/// Where the token comes from.
pub(crate) enum TokenSource {
    /// `LEXBOT_TOKEN`, or `token` in the profile.
    Text(Result<Token, InvalidToken>),
    /// `token_command` in the profile.
    Command(String),
}

impl TokenSource {
    /// The token. `place` names the setting that it comes from; `fix` says how to set it again.
    pub(crate) fn token(&self, place: &str, fix: &str) -> Result<Token, CliError> {
        let token = match self {
            TokenSource::Text(token) => token.clone(),
            TokenSource::Command(command) => first_line(&run(command, place, fix)?),
        };
        token.map_err(|problem| CliError::configuration(format!("{place}: {problem}")).hint(fix))
    }
}

/// What `command` prints on stdout.
fn run(command: &str, place: &str, fix: &str) -> Result<Vec<u8>, CliError> {
    let output = shell(command).stdin(Stdio::null()).output();
    let output = output.map_err(|error| {
        CliError::configuration(format!("{place} could not be run: {error}")).hint(fix)
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let (status, stderr) = (status_text(output.status), stderr_text(command, &output));
    Err(
        CliError::configuration(format!("{place} failed with {status}{stderr}"))
            .hint("run the command by itself to see what it needs"),
    )
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

/// `cmd` takes the rest of its command line unchanged: quotes would become part of the command.
#[cfg(windows)]
fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt as _;
    let mut shell = Command::new("cmd");
    shell.arg("/C").raw_arg(command);
    shell
}

/// The token in the first line of `bytes`.
pub(crate) fn first_line(bytes: &[u8]) -> Result<Token, InvalidToken> {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    Token::parse(std::str::from_utf8(line).map_err(|_| InvalidToken::InvalidCharacter)?)
}

fn status_text(status: ExitStatus) -> String {
    status
        .code()
        .map_or_else(|| status.to_string(), |code| format!("exit code {code}"))
}

/// What the command wrote to stderr, without anything that may be the token: the first line of its stdout, and the
/// command itself, which the shell repeats if someone put the token there by mistake.
fn stderr_text(command: &str, output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stderr)
        .trim()
        .replace(command.trim(), "(the command)");
    if let Ok(token) = first_line(&output.stdout) {
        text = token.redact(&text);
    }
    if text.is_empty() {
        return text;
    }
    let shown: String = text.chars().take(MAX_SHOWN_STDERR).collect();
    let rest = if shown.len() < text.len() { "…" } else { "" };
    format!(": {shown}{rest}")
}

#[cfg(all(test, unix))]
mod tests {
    use proptest::prelude::*;

    use super::{MAX_SHOWN_STDERR, TokenSource, first_line};
    use crate::token::Token;

    fn run(command: &str) -> Result<String, String> {
        TokenSource::Command(command.to_owned())
            .token("token_command", "fix it")
            .map(|token| token.expose().to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn token_is_the_first_line_of_the_output() {
        assert_eq!(run("printf 'tok\\r\\nuser: ana\\n'"), Ok("tok".to_owned()));
        assert_eq!(run("printf tok; cat"), Ok("tok".to_owned()));
        assert_eq!(run("echo tok; echo careful >&2"), Ok("tok".to_owned()));
    }

    #[test]
    fn a_failed_command_is_shown_with_its_stderr() {
        assert_eq!(
            run("echo tok; echo no key >&2; exit 3"),
            Err("token_command failed with exit code 3: no key".to_owned())
        );
        assert_eq!(
            run("exit 1"),
            Err("token_command failed with exit code 1".to_owned())
        );
        assert_eq!(
            run("kill -9 $$"),
            Err("token_command failed with signal: 9 (SIGKILL)".to_owned())
        );
        let long = run("printf '%09999d' 0 >&2; exit 1").unwrap_err();
        assert!(long.ends_with("0…"));
        assert!(long.len() < MAX_SHOWN_STDERR + 60);
    }

    #[test]
    fn output_that_is_not_a_token_is_hidden() {
        assert_eq!(
            run("true"),
            Err("token_command: the token is empty".to_owned())
        );
        assert_eq!(
            run("printf 's3\\001cret'"),
            Err(
                "token_command: the token has a character that can't be sent in an HTTP header"
                    .to_owned()
            )
        );
    }

    #[test]
    fn a_token_in_stderr_is_redacted() {
        let error = run("set -x; echo s3cret-token; exit 1").unwrap_err();
        assert!(!error.contains("s3cret"), "{error}");
        let pasted = run("s3cret-token-in-the-wrong-place").unwrap_err();
        assert!(!pasted.contains("s3cret"), "{pasted}");
    }

    #[test]
    fn an_invalid_text_is_named_by_its_place() {
        let error = TokenSource::Text(Token::parse("s3\u{1}cret"))
            .token("LEXBOT_TOKEN", "set it again")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "LEXBOT_TOKEN: the token has a character that can't be sent in an HTTP header"
        );
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        /// Only what fits into a header is taken, and nothing of a second line.
        #[test]
        fn takes_the_first_line_of_any_output_or_nothing(output in prop::collection::vec(prop_oneof![any::<u8>(), b' '..=b'~', Just(b'\n')], 0..60)) {
            if let Ok(token) = first_line(&output) {
                let token = token.expose().as_bytes();
                prop_assert!(!token.is_empty() && token.iter().all(|byte| (b' '..=b'~').contains(byte)));
                let line = output.split(|byte| *byte == b'\n').next().unwrap();
                prop_assert!(line.windows(token.len()).any(|part| part == token));
            }
        }
    }
}
