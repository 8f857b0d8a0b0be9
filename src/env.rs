//! The environment variables, read in one place so that tests of the rest need no process of their own.

use std::collections::HashMap;
use std::ffi::OsString;

use crate::error::CliError;

/// The variables of the process as they were at its start.
#[derive(Debug, Default)]
pub(crate) struct Environment(HashMap<OsString, OsString>);

impl Environment {
    /// The variables of this process.
    ///
    /// Windows doesn't tell upper case from lower in their names, and says "Path": there, all are in upper case here.
    pub(crate) fn of_process() -> Self {
        let named = |(name, value): (OsString, OsString)| {
            if cfg!(windows) {
                (name.to_ascii_uppercase(), value)
            } else {
                (name, value)
            }
        };
        Environment(std::env::vars_os().map(named).collect())
    }

    /// The value of `name`; an empty variable counts as unset.
    ///
    /// A value that isn't Unicode is a fault that names the variable and not the value.
    pub(crate) fn get(&self, name: &str) -> Result<Option<String>, CliError> {
        match self.get_os(name) {
            None => Ok(None),
            Some(value) => value
                .to_str()
                .map(|text| Some(text.to_owned()))
                .ok_or_else(|| {
                    CliError::configuration(format!("{name} is not valid Unicode"))
                        .hint(format!("set it again: export {name}=…"))
                }),
        }
    }

    /// The value of `name` as the system has it, for paths; an empty variable counts as unset.
    pub(crate) fn get_os(&self, name: &str) -> Option<&OsString> {
        self.0
            .get(std::ffi::OsStr::new(name))
            .filter(|value| !value.is_empty())
    }
}

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
