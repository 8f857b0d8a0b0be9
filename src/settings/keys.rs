//! The keys of the configuration file, how each value is checked, and which source takes precedence.
//!
//! The same parsers serve for the file, environment variables and flags. They return what is wrong, to follow the name of
//! the setting. Overridden values are not validated, and no error shows a value: it may be a token in the wrong place.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::api_facts::ANY_APP;
use crate::env::Environment;
use crate::error::CliError;
use crate::pasted_text::cleaned;
use crate::shell;

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

    pub(super) fn default(value: T) -> Self {
        Setting::new(value, Origin::Default)
    }

    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Setting<U> {
        Setting::new(convert(self.value), self.origin)
    }
}

/// The value and its source, as hints name them.
impl<T: fmt::Display> fmt::Display for Setting<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.value, self.origin)
    }
}

/// The possible sources of a setting, in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A command-line flag, such as `--base-url`.
    Flag(&'static str),
    /// An environment variable, such as `LEXBOT_BASE_URL`.
    Variable(&'static str),
    /// A key of the profile in use, such as `base_url`.
    Profile(&'static str),
    /// A key at the top of the configuration file, such as `default_profile`.
    File(&'static str),
    /// Nothing sets it.
    Default,
}

impl Origin {
    /// The source as errors name it, with the profile and the file where it is in one.
    pub(super) fn place(self, profile: &str, path: &Path) -> String {
        let path = path.display();
        match self {
            Origin::Profile(key) => format!("{key} of profile \"{profile}\" in {path}"),
            Origin::File(key) => format!("{key} in {path}"),
            other => other.to_string(),
        }
    }
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
pub(super) struct Key<T> {
    /// Its name in the file.
    pub(super) name: &'static str,
    /// The command-line flag and the environment variable that take precedence over the file.
    overridden_by: (&'static str, &'static str),
    /// A valid value for hints, as TOML and a shell write it.
    example: &'static str,
    /// Returns what is wrong with a value, to follow the key's name.
    parse: fn(&str) -> Result<T, &'static str>,
}

impl<T> Key<T> {
    const fn new(
        name: &'static str,
        example: &'static str,
        parse: fn(&str) -> Result<T, &'static str>,
    ) -> Self {
        Key {
            name,
            overridden_by: ("", ""),
            example,
            parse,
        }
    }

    const fn overridden_by(mut self, flag: &'static str, variable: &'static str) -> Self {
        self.overridden_by = (flag, variable);
        self
    }
}

/// The profile that is used if none is named; at the top of the file.
pub(super) const DEFAULT_PROFILE: Key<String> =
    Key::new("default_profile", r#""acme""#, parse_text)
        .overridden_by("--profile", "LEXBOT_PROFILE");

pub(super) const TOKEN: Key<String> =
    Key::new("token", r#""…""#, parse_text).overridden_by("", "LEXBOT_TOKEN");

pub(super) const TOKEN_COMMAND: Key<String> =
    Key::new("token_command", r#""pass show lexer""#, parse_text);

pub(super) const CLIENT_ID: Key<u64> =
    Key::new("client_id", "123", parse_client_id).overridden_by("--client-id", "LEXBOT_CLIENT_ID");

pub(super) const ACCOUNT_ID: Key<String> =
    Key::new("account_id", r#""112233445566""#, parse_account_id)
        .overridden_by("--account-id", "LEXBOT_ACCOUNT_ID");

pub(super) const APP_ID: Key<String> = Key::new("app_id", r#""1517776481860111""#, parse_app_id)
    .overridden_by("--app-id", "LEXBOT_APP_ID");

/// The URL isn't checked here: its errors have hints of their own.
pub(super) const BASE_URL: Key<String> = Key::new("base_url", r#""https://…""#, parse_text)
    .overridden_by("--base-url", "LEXBOT_BASE_URL");

pub(super) const RATE: Key<f64> = Key::new("rate", "10", parse_rate);

/// The keys that a profile may have.
pub(super) const PROFILE_KEYS: [&str; 7] = [
    TOKEN.name,
    TOKEN_COMMAND.name,
    CLIENT_ID.name,
    ACCOUNT_ID.name,
    APP_ID.name,
    BASE_URL.name,
    RATE.name,
];

/// Where settings without a flag are looked up.
pub(super) struct Sources<'a> {
    pub(super) environment: &'a Environment,
    /// The profile, or the top of the file.
    pub(super) table: Option<&'a Table>,
    /// The origin of a key in `table`.
    pub(super) origin: fn(&'static str) -> Origin,
    pub(super) profile: &'a str,
    pub(super) path: &'a Path,
}

impl Sources<'_> {
    /// The first value among `flag`, the environment variable and the file.
    pub(super) fn get<T>(
        &self,
        flag: Option<T>,
        key: &Key<T>,
    ) -> Result<Option<Setting<T>>, CliError> {
        let (flag_name, variable) = key.overridden_by;
        if let Some(value) = flag {
            return Ok(Some(Setting::new(value, Origin::Flag(flag_name))));
        }
        let (text, origin, fix) = if let Some(text) = self.environment.get(variable)? {
            let fix = shell::assignment(variable, key.example.trim_matches('"'));
            let fix = format!("set it again: {fix}");
            (Ok(text), Origin::Variable(variable), fix)
        } else if let Some(value) = self.table.and_then(|table| table.get(key.name)) {
            let fix = format!("write it like this: {} = {}", key.name, key.example);
            (text_of(value), (self.origin)(key.name), fix)
        } else {
            return Ok(None);
        };
        match text.and_then(|text| (key.parse)(&text)) {
            Ok(value) => Ok(Some(Setting::new(value, origin))),
            Err(problem) => {
                let place = origin.place(self.profile, self.path);
                Err(CliError::configuration(format!("{place} {problem}")).hint(fix))
            }
        }
    }
}

/// The text of `value`, as a variable would have it.
fn text_of(value: &Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Float(number) => Ok(number.to_string()),
        _ => Err("must be a string or a number"),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Parses the client ID in a flag or a setting.
pub(crate) fn parse_client_id(text: &str) -> Result<u64, &'static str> {
    // u64's own parser would also accept "+7".
    let id = text.parse().ok().filter(|id| is_number(text) && *id > 0);
    id.ok_or("must be a whole number above 0")
}

/// Parses the ID of the bot's Facebook app, or "any".
pub(crate) fn parse_app_id(text: &str) -> Result<String, &'static str> {
    let is_valid = is_number(text) || text == ANY_APP;
    let id = is_valid.then(|| text.to_owned());
    id.ok_or("must be the digits of a Facebook App ID, or any")
}

/// Parses the ID of a Facebook page in a flag or a setting.
pub(crate) fn parse_account_id(text: &str) -> Result<String, &'static str> {
    let id = Some(cleaned(text)).filter(|id| is_number(id));
    id.map(str::to_owned)
        .ok_or("must be the digits of a Facebook page ID")
}

/// Parses a rate limit in requests per second.
pub(crate) fn parse_rate(text: &str) -> Result<f64, &'static str> {
    let rate = text.parse().ok();
    rate.filter(|rate: &f64| rate.is_finite() && *rate >= 0.0)
        .ok_or("must be a number of 0 or more")
}

/// Refuses a blank text.
pub(crate) fn parse_text(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("must not be empty");
    }
    Ok(text.to_owned())
}

/// Refuses a blank path.
pub(crate) fn parse_path(path: PathBuf) -> Result<PathBuf, &'static str> {
    if let Some(text) = path.to_str() {
        parse_text(text)?;
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use toml::Table;

    use super::{
        ACCOUNT_ID, APP_ID, BASE_URL, CLIENT_ID, Key, Origin, RATE, Sources, TOKEN, TOKEN_COMMAND,
    };
    use crate::env::Environment;

    /// The value of `key` in `line`, or the error with its hint.
    fn check<T>(key: &Key<T>, line: &str) -> Result<T, String> {
        let table: Table = line.parse().unwrap();
        let sources = Sources {
            environment: &Environment::default(),
            table: Some(&table),
            origin: Origin::File,
            profile: "",
            path: Path::new("FILE"),
        };
        let setting = sources.get(None, key).map_err(|error| {
            let error = anyhow::Error::from(error);
            format!(
                "{error}; {}",
                crate::error::CliError::hint_of(&error).unwrap()
            )
        })?;
        Ok(setting.unwrap().value)
    }

    #[test]
    fn every_key_takes_each_of_its_types() {
        for (key, line, expected) in [
            (&TOKEN, "token = ' tok '", " tok "),
            (&TOKEN, "token = 123456789", "123456789"),
            (
                &TOKEN_COMMAND,
                "token_command = 'pass show x'",
                "pass show x",
            ),
            (&ACCOUNT_ID, "account_id = '112'", "112"),
            (&ACCOUNT_ID, "account_id = 112", "112"),
            (&ACCOUNT_ID, "account_id = ' \"112\"'", "112"),
            (&APP_ID, "app_id = 'any'", "any"),
            (&APP_ID, "app_id = '9'", "9"),
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
                    "{0} in FILE {problem}; write it like this: {0} = {1}",
                    key.name, key.example
                );
                let line = format!("{} = {value}", key.name);
                assert_eq!(check(key, &line).unwrap_err(), expected, "{line}");
            }
        }
        let others = ["true", "['s3cret']", "{ s3cret = 1 }", "2001-01-01"];
        for key in [TOKEN, TOKEN_COMMAND, BASE_URL, ACCOUNT_ID, APP_ID] {
            assert_refused(&key, &others, "must be a string or a number");
        }
        assert_refused(&CLIENT_ID, &others, "must be a string or a number");
        for key in [TOKEN, TOKEN_COMMAND, BASE_URL] {
            assert_refused(&key, &["''", "' '"], "must not be empty");
        }
        let pages = [
            "-1", "1.5", "''", "' '", "'Acme'", "'77x'", "'7 7'", "'\"\"'",
        ];
        let problem = "must be the digits of a Facebook page ID";
        assert_refused(&ACCOUNT_ID, &pages, problem);
        let apps = ["''", "' '", "'s3cret'", "'Any'", "-1", "'1,2'"];
        let problem = "must be the digits of a Facebook App ID, or any";
        assert_refused(&APP_ID, &apps, problem);
        let ids = [
            "0",
            "-1",
            "1.5",
            "'s3cret'",
            "''",
            "'0'",
            "'+7'",
            "'-7'",
            "' 7'",
            "'7.0'",
            "'99999999999999999999'",
        ];
        assert_refused(&CLIENT_ID, &ids, "must be a whole number above 0");
        let rates = ["'s3cret'", "-1", "inf", "nan"];
        assert_refused(&RATE, &rates, "must be a number of 0 or more");
    }
}
