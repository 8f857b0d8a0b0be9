//! The configuration file as TOML: which profiles it has, what stands at its top, and where it is broken.
//!
//! No error shows a value, nor a line of the file: a token may stand in the wrong place.

use std::path::{Path, PathBuf};

use toml::de::DeTable;
use toml::{Table, Value};

use super::header;
use super::profile::{KEYS, Profile};
use crate::error::CliError;

/// The keys that may stand at the top of the file.
const TOP_KEYS: [&str; 2] = ["default_profile", "profiles"];

/// A parsed configuration file.
pub(crate) struct Document {
    path: PathBuf,
    table: Table,
}

impl Document {
    /// Parses `text`, which stands in the file at `path`.
    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self, CliError> {
        match text.parse() {
            Ok(table) => Ok(Document {
                path: path.to_owned(),
                table,
            }),
            Err(error) => Err(malformed(path, text, error)),
        }
    }

    /// The profile that the file itself chooses, with its key `default_profile`.
    pub(crate) fn default_profile(&self) -> Result<Option<String>, CliError> {
        match self.table.get("default_profile") {
            None => Ok(None),
            Some(Value::String(name)) => Ok(Some(name.clone())),
            Some(_) => Err(self.wrong(
                "default_profile",
                "is not a string",
                r#"default_profile = "acme""#,
            )),
        }
    }

    /// The names of the profiles, sorted.
    pub(crate) fn profile_names(&self) -> Result<Vec<String>, CliError> {
        Ok(self
            .profiles()?
            .map_or_else(Vec::new, |profiles| profiles.keys().cloned().collect()))
    }

    /// The profile `name`, or `None` where the file has none of that name.
    pub(crate) fn profile(&self, name: &str) -> Result<Option<Profile>, CliError> {
        let wrong = |key: &str, problem: &str, example: &str| {
            self.wrong(&format!("{key} of profile \"{name}\""), problem, example)
        };
        self.profile_table(name)?
            .map(|table| Profile::from_table(table, &wrong))
            .transpose()
    }

    /// Whether the profile `name` has `key`, whatever its value.
    pub(crate) fn has(&self, name: &str, key: &str) -> Result<bool, CliError> {
        let table = self.profile_table(name)?;
        Ok(table.is_some_and(|table| table.contains_key(key)))
    }

    /// Whether a token is written into any profile.
    pub(crate) fn holds_token(&self) -> bool {
        let Ok(Some(profiles)) = self.profiles() else {
            return false;
        };
        profiles.values().any(|profile| {
            profile
                .as_table()
                .is_some_and(|table| table.contains_key("token"))
        })
    }

    /// A warning for each key at the top, and in the profile `name`, that lexbot doesn't know.
    pub(crate) fn unknown_keys(&self, name: &str) -> Vec<String> {
        let path = self.path.display();
        let at_the_top = self
            .table
            .keys()
            .filter(|key| !TOP_KEYS.contains(&key.as_str()))
            .map(|key| {
                if KEYS.contains(&key.as_str()) {
                    format!(
                        "{key} at the top of {path} has no effect: it belongs under {}",
                        header(name)
                    )
                } else {
                    format!("unknown key \"{key}\" at the top of {path}")
                }
            });
        let in_the_profile = self
            .profile_table(name)
            .ok()
            .flatten()
            .into_iter()
            .flat_map(Table::keys)
            .filter(|key| !KEYS.contains(&key.as_str()))
            .map(|key| format!("unknown key \"{key}\" in profile \"{name}\" of {path}"));
        at_the_top.chain(in_the_profile).collect()
    }

    fn profiles(&self) -> Result<Option<&Table>, CliError> {
        match self.table.get("profiles") {
            None => Ok(None),
            Some(Value::Table(profiles)) => Ok(Some(profiles)),
            Some(_) => Err(self.wrong("profiles", "is not a table", "[profiles.acme]")),
        }
    }

    fn profile_table(&self, name: &str) -> Result<Option<&Table>, CliError> {
        match self.profiles()?.and_then(|profiles| profiles.get(name)) {
            None => Ok(None),
            Some(Value::Table(profile)) => Ok(Some(profile)),
            Some(_) => Err(self.wrong(
                &format!("profile \"{name}\""),
                "is not a table",
                "[profiles.acme]",
            )),
        }
    }

    fn wrong(&self, what: &str, problem: &str, example: &str) -> CliError {
        CliError::configuration(format!("{what} in {} {problem}", self.path.display()))
            .hint(format!("write it like this: {example}"))
    }
}

/// A breach of TOML's own rules, at `FILE:LINE:COLUMN` as compilers write it. The parser's message says what
/// it expected; its `Display` would show the line.
fn malformed(path: &Path, text: &str, error: toml::de::Error) -> CliError {
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    // The parser reports the kinds of breaches one after another; a reader mends a file from its top.
    let (_, errors) = DeTable::parse_recoverable(text);
    let first = errors.into_iter().min_by_key(start).unwrap_or(error);
    let (line, column) = position(text, start(&first));
    CliError::configuration(format!(
        "{}:{line}:{column}: {}",
        path.display(),
        first.message()
    ))
    .hint(
        "mend the file in an editor; it is TOML: strings stand in quotes, tables open with [profiles.NAME]",
    )
}

/// The line and the column, counted in characters from 1, of the byte at `offset`.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let mut lines = before.split(|byte| *byte == b'\n');
    let line = lines.clone().count();
    let column = lines
        .next_back()
        .map_or(0, |last| String::from_utf8_lossy(last).chars().count());
    (line, column + 1)
}

#[cfg(test)]
mod tests {
    use super::{Document, position};
    use proptest::prelude::*;
    use std::path::Path;

    fn parse(text: &str) -> Document {
        Document::parse(Path::new("/c.toml"), text).unwrap()
    }

    fn refusal(text: &str) -> String {
        Document::parse(Path::new("/c.toml"), text)
            .err()
            .unwrap()
            .to_string()
    }

    #[test]
    fn a_breach_of_toml_is_told_with_its_place_and_without_its_line() {
        assert_eq!(
            refusal("[profiles.acme]\ntoken = s3cret\n"),
            "/c.toml:2:9: string values must be quoted, expected literal string"
        );
        assert_eq!(refusal("a = 1\na = 2\n"), "/c.toml:2:1: duplicate key");
        assert_eq!(
            refusal("token = \"s3cret\n[profiles"),
            "/c.toml:1:16: invalid basic string, expected `\"`"
        );
        let nested = refusal(&format!("a = {}", "[".repeat(200_000)));
        assert!(nested.starts_with("/c.toml:1:"), "{nested}");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("é = x", "é = ".len()), (1, 5));
        assert_eq!(position("a\nb\n", 4), (3, 1));
        assert_eq!(position("a", 99), (1, 2));
    }

    #[test]
    fn the_profiles_are_what_stands_under_profiles() {
        let document = parse("profiles.b.token = 'x'\n[profiles.a]\nclient_id = 1\n");
        assert_eq!(document.profile_names().unwrap(), ["a", "b"]);
        assert!(document.has("a", "client_id").unwrap());
        assert!(!document.has("a", "token").unwrap());
        assert!(document.holds_token());
        assert!(document.profile("c").unwrap().is_none());
        assert!(!parse("[profiles.a]\ntoken_command = 'x'\n").holds_token());
        assert!(parse("").profile_names().unwrap().is_empty());
    }

    #[test]
    fn what_should_be_a_table_is_named_and_not_shown() {
        for (text, expected) in [
            ("profiles = 's3cret'", "profiles in /c.toml is not a table"),
            ("[[profiles]]\nx = 1", "profiles in /c.toml is not a table"),
            (
                "profiles.acme = 's3cret'",
                "profile \"acme\" in /c.toml is not a table",
            ),
        ] {
            let error = parse(text).profile("acme").err().unwrap();
            assert_eq!(error.to_string(), expected);
        }
        assert_eq!(
            parse("default_profile = 3")
                .default_profile()
                .unwrap_err()
                .to_string(),
            "default_profile in /c.toml is not a string"
        );
    }

    #[test]
    fn unknown_keys_are_named_with_their_table() {
        let document = parse(
            "tokn = 1\ntoken = 'x'\n[profiles.acme]\nclientid = 1\napp_id = 3\n[profiles.other]\nodd = 1\n",
        );
        assert_eq!(
            document.unknown_keys("acme"),
            [
                "token at the top of /c.toml has no effect: it belongs under [profiles.acme]",
                "unknown key \"tokn\" at the top of /c.toml",
                "unknown key \"clientid\" in profile \"acme\" of /c.toml",
            ]
        );
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn no_text_makes_the_parser_panic(text in ".{0,200}") {
            let _ = Document::parse(Path::new("/c.toml"), &text);
        }

        #[test]
        fn no_text_like_toml_makes_the_parser_panic(text in r#"([\[\]{}=.,'"\\#\n a-c0-9éprofilestkn_]|profiles|token|rate){0,60}"#) {
            if let Ok(document) = Document::parse(Path::new("/c.toml"), &text) {
                let _ = (document.profile("a"), document.profile_names(), document.unknown_keys("a"));
            }
        }
    }
}
