//! The environment variables as a value, so that other code can be tested without a process of its own.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};

use crate::error::CliError;
use crate::shell;
use crate::token::Token;

/// The variables of the process at its start.
#[derive(Debug, Default)]
pub(crate) struct Environment(HashMap<OsString, OsString>);

impl Environment {
    /// The variables of this process.
    ///
    /// Names are upper case on Windows, which ignores their case and writes "Path".
    pub(crate) fn of_process() -> Self {
        let variables = std::env::vars_os().map(|(mut name, value)| {
            if cfg!(windows) {
                name.make_ascii_uppercase();
            }
            (name, value)
        });
        Environment(variables.collect())
    }

    /// The value of `name`; an empty variable counts as unset.
    ///
    /// The error for a value that isn't Unicode names the variable and hides the value.
    pub(crate) fn get(&self, name: &str) -> Result<Option<String>, CliError> {
        let text = self.get_os(name).map(|value| value.clone().into_string());
        text.transpose().map_err(|_| {
            CliError::configuration(format!("{name} is not valid Unicode"))
                .hint(format!("set it again: {}", shell::assignment(name, "…")))
        })
    }

    /// `text` with every copy of the token in `LEXBOT_TOKEN` replaced.
    pub(crate) fn redact(&self, text: &str) -> String {
        let token = self.get("LEXBOT_TOKEN").ok().flatten();
        let token = token.and_then(|token| Token::parse(&token).ok());
        token.map_or_else(|| text.to_owned(), |token| token.redact(text))
    }

    /// Whether `name` is set, but empty.
    pub(crate) fn is_empty(&self, name: &str) -> bool {
        self.0
            .get(OsStr::new(name))
            .is_some_and(|value| value.is_empty())
    }

    /// The value of `name` in the system's encoding, for paths; an empty variable counts as unset.
    pub(crate) fn get_os(&self, name: &str) -> Option<&OsString> {
        self.0
            .get(OsStr::new(name))
            .filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::Environment;

    impl<const N: usize> From<[(&str, &str); N]> for Environment {
        fn from(variables: [(&str, &str); N]) -> Self {
            Environment(
                variables
                    .into_iter()
                    .map(|(name, value)| (name.into(), value.into()))
                    .collect(),
            )
        }
    }
}
