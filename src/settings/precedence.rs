//! The keys of a profile, how each value is checked, and which source takes precedence.
//!
//! The same check serves for a profile and an environment variable. Overridden values are not validated, and no error
//! shows a value: it may be a token in the wrong place.

use std::fmt;

use toml::Value;

use crate::env::Environment;
use crate::error::CliError;

/// A value and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

impl<T> Setting<T> {
    pub(crate) fn new(value: T, origin: Origin) -> Self {
        Setting { value, origin }
    }
}

/// The possible sources of a setting, in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A command-line flag, such as `--base-url`.
    Flag(&'static str),
    /// An environment variable, such as `LEXBOT_BASE_URL`.
    Variable(&'static str),
    /// A key of the profile in force, such as `base_url`.
    Profile(&'static str),
    /// A key at the top of the configuration file, such as `default_profile`.
    File(&'static str),
    /// Nothing sets it.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(name) | Origin::Variable(name) => f.write_str(name),
            Origin::Profile(key) => write!(f, "{key} in the profile"),
            Origin::File(key) => write!(f, "{key} in the file"),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A setting that the configuration file may have.
pub(crate) struct Key<T> {
    /// Its name in the file.
    pub(crate) name: &'static str,
    /// The command-line flag and the environment variable that take precedence over the file.
    overridden_by: (&'static str, &'static str),
    /// A right value for hints, as TOML and a shell write it.
    example: &'static str,
    /// Returns what is wrong with a value, to follow the key's name.
    parse: fn(&Value) -> Result<T, &'static str>,
}

/// The profile that is used if none is named; at the top of the file.
pub(crate) const DEFAULT_PROFILE: Key<String> =
    Key::new("default_profile", r#""acme""#, string).overridden_by("--profile", "LEXBOT_PROFILE");

pub(crate) const TOKEN: Key<String> = Key::new("token", r#""…""#, text);

pub(crate) const TOKEN_COMMAND: Key<String> =
    Key::new("token_command", r#""pass show lexer""#, text);

pub(crate) const CLIENT_ID: Key<u64> =
    Key::new("client_id", "123", client_id).overridden_by("--client-id", "LEXBOT_CLIENT_ID");

pub(crate) const ACCOUNT_ID: Key<String> =
    Key::new("account_id", r#""112233445566""#, text_or_integer)
        .overridden_by("--account-id", "LEXBOT_ACCOUNT_ID");

pub(crate) const APP_ID: Key<String> = Key::new("app_id", r#""1234567890""#, text_or_integer);

/// The URL isn't checked here: its errors have hints of their own.
pub(crate) const BASE_URL: Key<String> =
    Key::new("base_url", r#""https://…""#, text).overridden_by("--base-url", "LEXBOT_BASE_URL");

pub(crate) const RATE: Key<f64> = Key::new("rate", "10", rate);

/// The keys that a profile may have.
pub(crate) const PROFILE_KEYS: [&str; 7] = [
    TOKEN.name,
    TOKEN_COMMAND.name,
    CLIENT_ID.name,
    ACCOUNT_ID.name,
    APP_ID.name,
    BASE_URL.name,
    RATE.name,
];

impl<T> Key<T> {
    const fn new(
        name: &'static str,
        example: &'static str,
        parse: fn(&Value) -> Result<T, &'static str>,
    ) -> Self {
        Key {
            name,
            overridden_by: ("", ""),
            example,
            parse,
        }
    }

    const fn overridden_by(self, flag: &'static str, variable: &'static str) -> Self {
        Key {
            overridden_by: (flag, variable),
            ..self
        }
    }

    /// Checks `value`, found at `place` in the configuration file.
    pub(crate) fn check(&self, value: &Value, place: &str) -> Result<T, CliError> {
        (self.parse)(value).map_err(|problem| {
            CliError::configuration(format!("{place} {problem}")).hint(format!(
                "write it like this: {} = {}",
                self.name, self.example
            ))
        })
    }

    /// The first value among `flag`, the environment variable and the configuration file.
    pub(crate) fn first_of(
        &self,
        flag: Option<T>,
        environment: &Environment,
        in_file: Result<Option<Setting<T>>, CliError>,
    ) -> Result<Option<Setting<T>>, CliError> {
        let (flag_name, variable) = self.overridden_by;
        if let Some(value) = flag {
            return Ok(Some(Setting::new(value, Origin::Flag(flag_name))));
        }
        let Some(text) = environment.get(variable)? else {
            return in_file;
        };
        let value = (self.parse)(&Value::String(text)).map_err(|problem| {
            CliError::configuration(format!("{variable} {problem}"))
                .hint(format!("set it again: export {variable}={}", self.example))
        })?;
        Ok(Some(Setting::new(value, Origin::Variable(variable))))
    }
}

fn string(value: &Value) -> Result<String, &'static str> {
    value.as_str().map(str::to_owned).ok_or("is not a string")
}

fn text(value: &Value) -> Result<String, &'static str> {
    string(value).and_then(|text| match text.trim() {
        "" => Err("is empty"),
        _ => Ok(text),
    })
}

fn text_or_integer(value: &Value) -> Result<String, &'static str> {
    value
        .as_integer()
        .map_or_else(|| text(value), |number| Ok(number.to_string()))
}

fn client_id(value: &Value) -> Result<u64, &'static str> {
    let id = match value {
        Value::Integer(number) => u64::try_from(*number).ok(),
        // u64's own parser would also take "+7".
        Value::String(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().ok()
        }
        _ => None,
    };
    id.filter(|id| *id > 0)
        .ok_or("is not a whole number above 0")
}

fn rate(value: &Value) -> Result<f64, &'static str> {
    let rate = match value {
        #[expect(
            clippy::cast_precision_loss,
            reason = "the last digits of a rate above 2^53 don't matter"
        )]
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    };
    rate.filter(|rate| rate.is_finite() && *rate >= 0.0)
        .ok_or("is not a number of 0 or more")
}

/// Refuses a `--client-id` of 0.
pub(crate) fn check_client_id(id: u64) -> Result<(), CliError> {
    if id > 0 {
        return Ok(());
    }
    Err(
        CliError::usage("--client-id 0: a client ID is a whole number above 0")
            .hint("it stands beside the token in Lexer"),
    )
}

/// Refuses a blank `--account-id`.
pub(crate) fn check_account_id(page: &str) -> Result<(), CliError> {
    if !page.trim().is_empty() {
        return Ok(());
    }
    Err(CliError::usage("--account-id is empty")
        .hint("give the ID of the Facebook page: --account-id PAGE"))
}

#[cfg(test)]
mod tests {
    use super::{ACCOUNT_ID, APP_ID, BASE_URL, CLIENT_ID, Key, RATE, TOKEN, TOKEN_COMMAND};
    use toml::Table;

    /// The value of `key` in `line`, or the error with its hint.
    fn check<T>(key: &Key<T>, line: &str) -> Result<T, String> {
        let table: Table = line.parse().unwrap();
        key.check(&table[key.name], key.name).map_err(|error| {
            let error = anyhow::Error::from(error);
            format!(
                "{error}; {}",
                crate::error::CliError::hint_of(&error).unwrap()
            )
        })
    }

    #[test]
    fn every_key_takes_each_of_its_types() {
        for (key, line, expected) in [
            (&TOKEN, "token = ' tok '", " tok "),
            (
                &TOKEN_COMMAND,
                "token_command = 'pass show x'",
                "pass show x",
            ),
            (&ACCOUNT_ID, "account_id = '112'", "112"),
            (&ACCOUNT_ID, "account_id = 112", "112"),
            (&APP_ID, "app_id = 'a'", "a"),
            (&APP_ID, "app_id = 9", "9"),
            (&BASE_URL, "base_url = 'https://h'", "https://h"),
        ] {
            assert_eq!(check(key, line).as_deref(), Ok(expected));
        }
        for (line, expected) in [
            ("client_id = 123", 123),
            ("client_id = '0123'", 123),
            ("client_id = '18446744073709551615'", u64::MAX),
        ] {
            assert_eq!(check(&CLIENT_ID, line), Ok(expected));
        }
        for (line, expected) in [("rate = 2.5", 2.5), ("rate = 0", 0.0), ("rate = 1e3", 1e3)] {
            assert_eq!(check(&RATE, line), Ok(expected));
        }
    }

    #[test]
    fn a_wrong_value_is_named_and_hidden() {
        fn assert_refused<T: std::fmt::Debug>(key: &Key<T>, values: &[&str], problem: &str) {
            for value in values {
                let expected = format!(
                    "{0} {problem}; write it like this: {0} = {1}",
                    key.name, key.example
                );
                let line = format!("{} = {value}", key.name);
                assert_eq!(check(key, &line).unwrap_err(), expected, "{line}");
            }
        }
        let no_strings = [
            "5",
            "true",
            "1.5",
            "['s3cret']",
            "{ s3cret = 1 }",
            "2001-01-01",
        ];
        for key in [TOKEN, TOKEN_COMMAND, BASE_URL] {
            assert_refused(&key, &no_strings, "is not a string");
            assert_refused(&key, &["''", "' '"], "is empty");
        }
        for key in [ACCOUNT_ID, APP_ID] {
            assert_refused(&key, &no_strings[1..], "is not a string");
            assert_refused(&key, &["''", "' '"], "is empty");
        }
        let ids = [
            "0",
            "-1",
            "1.5",
            "['s3cret']",
            "'s3cret'",
            "''",
            "'0'",
            "'+7'",
            "'-7'",
            "' 7'",
            "'7.0'",
            "'99999999999999999999'",
        ];
        assert_refused(&CLIENT_ID, &ids, "is not a whole number above 0");
        let rates = ["'s3cret'", "-1", "inf", "nan", "['s3cret']"];
        assert_refused(&RATE, &rates, "is not a number of 0 or more");
    }
}
