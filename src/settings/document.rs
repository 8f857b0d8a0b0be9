//! What a configuration file says: its profiles, its keys at the top, and where its TOML is broken.
//!
//! No error shows a value or a line of the file: it may be a token in the wrong place.

use std::path::{Path, PathBuf};

use toml::de::DeTable;
use toml::{Table, Value};

use super::keys::{DEFAULT_PROFILE, PROFILE_KEYS};
use crate::error::CliError;

/// A parsed configuration file.
#[derive(Clone)]
pub(crate) struct Document {
    pub(crate) path: PathBuf,
    pub(super) text: String,
    pub(super) table: Table,
}

impl Document {
    /// Parses `text`, the content of the file at `path`.
    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self, CliError> {
        let table = text.parse().map_err(|error| malformed(path, text, error))?;
        Ok(Document {
            path: path.to_owned(),
            text: text.to_owned(),
            table,
        })
    }

    /// Whether the file itself chooses a profile.
    pub(crate) fn has_default_profile(&self) -> bool {
        self.table.contains_key(DEFAULT_PROFILE.name)
    }

    /// The names of the profiles, sorted.
    pub(crate) fn profile_names(&self) -> Result<Vec<String>, CliError> {
        let profiles = self.profiles()?.into_iter().flat_map(Table::keys);
        Ok(profiles.cloned().collect())
    }

    /// The profile `name`, if the file has it. Its values aren't checked yet.
    pub(crate) fn profile(&self, name: &str) -> Result<Option<&Table>, CliError> {
        let profile = self.profiles()?.and_then(|profiles| profiles.get(name));
        profile
            .map(|profile| self.as_table(profile, &format!("profile \"{name}\"")))
            .transpose()
    }

    /// Whether any profile contains a token.
    pub(super) fn holds_token(&self) -> bool {
        let profiles = self.profiles().into_iter().flatten();
        profiles
            .flat_map(Table::values)
            .any(|profile| profile.get("token").is_some())
    }

    /// A warning for each unknown key at the top and in the profile `name`.
    pub(super) fn unknown_keys(&self, name: &str) -> Vec<String> {
        let path = self.path.display();
        let mut warnings = Vec::new();
        for key in self.table.keys().map(String::as_str) {
            if PROFILE_KEYS.contains(&key) {
                warnings.push(format!(
                    "{key} at the top of {path} has no effect: it belongs under {}",
                    header(name)
                ));
            } else if ![DEFAULT_PROFILE.name, "profiles"].contains(&key) {
                warnings.push(format!("unknown key \"{key}\" at the top of {path}"));
            }
        }
        let profile = self.profile(name).ok().flatten();
        for key in profile.into_iter().flat_map(Table::keys) {
            if !PROFILE_KEYS.contains(&key.as_str()) {
                warnings.push(format!(
                    "unknown key \"{key}\" in profile \"{name}\" of {path}"
                ));
            }
        }
        warnings
    }

    fn profiles(&self) -> Result<Option<&Table>, CliError> {
        let profiles = self.table.get("profiles");
        profiles
            .map(|profiles| self.as_table(profiles, "profiles"))
            .transpose()
    }

    fn as_table<'a>(&self, value: &'a Value, what: &str) -> Result<&'a Table, CliError> {
        value.as_table().ok_or_else(|| {
            CliError::configuration(format!("{what} in {} is not a table", self.path.display()))
                .hint("write it like this: [profiles.acme]")
        })
    }
}

/// The line that opens the table of `profile`, whose name is in quotes where TOML requires them.
pub(super) fn header(profile: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !profile.is_empty() && profile.bytes().all(is_bare) {
        return format!("[profiles.{profile}]");
    }
    // TOML reads the escapes of JSON, and its own writer would break a line at a line feed.
    format!("[profiles.{}]", serde_json::Value::from(profile))
}

/// A syntax error, at `FILE:LINE:COLUMN` as compilers write it. The parser's message says what it expected; its
/// `Display` would show the line.
fn malformed(path: &Path, text: &str, error: toml::de::Error) -> CliError {
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    // The parser doesn't report errors in the order of the file; people fix a file from its top.
    let (_, errors) = DeTable::parse_recoverable(text);
    let first = errors.into_iter().min_by_key(start).unwrap_or(error);
    let (line, column) = position(text, start(&first));
    CliError::configuration(format!(
        "{}:{line}:{column}: {}",
        path.display(),
        first.message()
    ))
    .hint(
        "correct the file in an editor; it is TOML: strings are quoted, and tables start with [profiles.NAME]",
    )
}

/// The line and the column of the byte at `offset`, counted in characters from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = String::from_utf8_lossy(&text.as_bytes()[..offset.min(text.len())]);
    let last_line = before.rsplit('\n').next().unwrap_or_default();
    (
        before.matches('\n').count() + 1,
        last_line.chars().count() + 1,
    )
}

#[cfg(test)]
mod tests {
    use super::{Document, position};
    use proptest::prelude::*;
    use std::path::Path;

    fn parse(text: &str) -> Document {
        Document::parse(Path::new("/c.toml"), text).unwrap()
    }

    fn parse_error(text: &str) -> String {
        Document::parse(Path::new("/c.toml"), text)
            .err()
            .unwrap()
            .to_string()
    }

    #[test]
    fn a_syntax_error_names_its_place_and_hides_its_line() {
        assert_eq!(
            parse_error("[profiles.acme]\ntoken = s3cret\n"),
            "/c.toml:2:9: string values must be quoted, expected literal string"
        );
        assert_eq!(parse_error("a = 1\na = 2\n"), "/c.toml:2:1: duplicate key");
        assert_eq!(
            parse_error("token = \"s3cret\n[profiles"),
            "/c.toml:1:16: invalid basic string, expected `\"`"
        );
        let nested = parse_error(&format!("a = {}", "[".repeat(200_000)));
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
    fn profiles_are_the_tables_under_profiles() {
        let document = parse("profiles.b.token = 'x'\n[profiles.a]\nclient_id = 1\n");
        assert_eq!(document.profile_names().unwrap(), ["a", "b"]);
        let a = document.profile("a").unwrap().unwrap();
        assert!(a.contains_key("client_id") && !a.contains_key("token"));
        assert!(document.holds_token());
        assert!(document.profile("c").unwrap().is_none());
        assert!(!parse("[profiles.a]\ntoken_command = 'x'\n").holds_token());
        assert!(!parse("profiles.token = 'x'\n").holds_token());
        assert!(parse("").profile_names().unwrap().is_empty());
    }

    #[test]
    fn a_wrong_type_is_named_and_its_value_hidden() {
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
