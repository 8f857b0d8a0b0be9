//! Where the token comes from. The command that prints it runs only when the token is asked for.

use std::time::Duration;

use super::token_command;
use crate::error::CliError;
use crate::input::ForeignFormat;
use crate::token::{InvalidToken, Token};

/// Where the token comes from.
pub(crate) enum TokenSource {
    /// `LEXBOT_TOKEN`, or `token` in the profile.
    Text(Result<Token, InvalidToken>),
    /// `token_command` in the profile.
    Command(String),
}

impl TokenSource {
    /// The token. `place` names the setting that it comes from; `fix` says how to set it again. A command may take
    /// this long.
    pub(crate) fn token(
        &self,
        limit: Option<Duration>,
        place: &str,
        fix: &str,
    ) -> Result<Token, CliError> {
        let token = match self {
            TokenSource::Text(token) => token.clone(),
            TokenSource::Command(command) => {
                first_line(&token_command::output_of(command, limit, place, fix)?)
            }
        };
        token.map_err(|problem| CliError::configuration(format!("{place}: {problem}")).hint(fix))
    }
}

/// The token in the first line of `bytes`.
pub(crate) fn first_line(bytes: &[u8]) -> Result<Token, InvalidToken> {
    if ForeignFormat::of(bytes) == Some(ForeignFormat::Utf16) {
        return Err(InvalidToken::Utf16);
    }
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    Token::parse(std::str::from_utf8(line).map_err(|_| InvalidToken::InvalidCharacter)?)
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::{TokenSource, first_line};
    use crate::token::Token;

    const LIMIT: Duration = Duration::from_mins(1);

    fn run(command: &str) -> Result<String, String> {
        run_within(LIMIT, command)
    }

    fn run_within(limit: Duration, command: &str) -> Result<String, String> {
        TokenSource::Command(command.to_owned())
            .token(Some(limit), "token_command", "fix it")
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
    fn a_failed_command_is_shown_with_its_status() {
        assert_eq!(
            run("echo tok; exit 3"),
            Err("token_command failed with exit code 3".to_owned())
        );
        assert_eq!(
            run("kill -9 $$"),
            Err("token_command failed with signal: 9 (SIGKILL)".to_owned())
        );
    }

    #[test]
    fn output_is_limited() {
        let longest = "printf 'tok\\n'; printf '%065532d' 0";
        assert_eq!(run(longest), Ok("tok".to_owned()));
        for more in [&format!("{longest}; echo")[..], "yes"] {
            assert_eq!(
                run(more),
                Err("token_command printed more than 64 KiB".to_owned())
            );
        }
    }

    #[test]
    fn a_command_has_a_time_limit() {
        let start = Instant::now();
        // The first leaves a child behind that holds stdout, the last closes it early.
        for command in ["sleep 60; true", "sleep 60", "exec >&-; sleep 60"] {
            assert_eq!(
                run_within(Duration::from_millis(100), command),
                Err("token_command did not end within 0.1 s".to_owned())
            );
        }
        assert!(start.elapsed() < Duration::from_secs(30));
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
    fn a_token_in_the_place_of_a_command_is_not_run() {
        for command in ["s3cret-token_in/the+wrong=place", " s3cret ", "-s3cret"] {
            assert_eq!(
                run(command),
                Err("token_command names a program that does not exist".to_owned())
            );
        }
        assert_eq!(run("true"), run("/bin/true"));
    }

    #[test]
    fn an_invalid_text_is_named_by_its_place() {
        let error = TokenSource::Text(Token::parse("s3\u{1}cret"))
            .token(None, "LEXBOT_TOKEN", "set it again")
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
