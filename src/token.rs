//! The API token: a value that formats as "(redacted)" and is readable only through [`Token::expose`].

mod encodings;

use std::fmt;

/// The last four characters of a token shorter than this aren't shown: they would be too large a part of it.
const MIN_SHOWN: usize = 12;

/// Replaces a token, and each copy of it that a server sends back.
const REDACTED: &str = "(redacted)";

/// A Lexer API token.
///
/// Never empty, and always a valid header value.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(String);

/// Why a string is not a valid token. Contains nothing of the string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvalidToken {
    /// It is empty or only white space.
    Empty,
    /// It contains a control character, or one outside ASCII.
    InvalidCharacter,
}

impl fmt::Display for InvalidToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InvalidToken::Empty => "the token is empty",
            InvalidToken::InvalidCharacter => {
                "the token has a character that can't be sent in an HTTP header"
            }
        })
    }
}

impl Token {
    /// Takes `text` without the white space around it, which often comes with copy and paste.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidToken> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidToken::Empty);
        }
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(InvalidToken::InvalidCharacter);
        }
        Ok(Token(text.to_owned()))
    }

    /// The token itself, for the request header and the profile only.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// The last four characters, which may be shown, or a placeholder for a short token.
    pub(crate) fn last_four(&self) -> String {
        if self.0.len() < MIN_SHOWN {
            return REDACTED.to_owned();
        }
        format!("…{}", &self.0[self.0.len() - 4..])
    }

    /// Returns `text` with every copy of the token replaced, because servers send requests back in error pages.
    ///
    /// Finds copies that are encoded for JSON, URLs or HTML, too, whatever the rest of the text is.
    pub(crate) fn redact(&self, text: &str) -> String {
        let may_have_copy = text.contains(&self.0) || text.contains(encodings::ESCAPES);
        if text.len() < self.0.len() || !may_have_copy {
            return text.to_owned();
        }
        let mut redacted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let copy = encodings::encoded_length(rest.as_bytes(), self.0.as_bytes());
            if copy.is_some() {
                redacted.push_str(REDACTED);
            } else {
                redacted.push(character);
            }
            rest = &rest[copy.unwrap_or(character.len_utf8())..];
        }
        redacted
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidToken, Token};
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn parse_accepts_only_header_values() {
        assert_eq!(
            Token::parse(" abc \r\n").map(|t| t.expose().to_owned()),
            Ok("abc".to_owned())
        );
        assert_eq!(Token::parse(" \n"), Err(InvalidToken::Empty));
        assert_eq!(Token::parse("a\nb"), Err(InvalidToken::InvalidCharacter));
        assert_eq!(Token::parse("tökèn"), Err(InvalidToken::InvalidCharacter));
    }

    #[test]
    fn formatting_never_shows_the_token() {
        let token = Token::parse("0123456789abcdef").unwrap();
        assert_eq!(format!("{token:?}"), "(redacted)");
        assert_eq!(token.last_four(), "…cdef");
        assert_eq!(
            Token::parse("0123456789a").unwrap().last_four(),
            "(redacted)"
        );
    }

    #[test]
    fn redact_finds_encoded_copies() {
        let token = Token::parse(r#"a/"\%41b"#).unwrap();
        for copy in [
            r#"a/"\%41b"#,
            r#"a\/\"\\%41b"#,
            r"\u0061\u002F\u0022\u005c\u0025\u0034\u0031\u0062",
            "a%2f%22%5C%2541b",
            r#"a\/\"\\%41b"#,
            r"a\\/\u0022\u005c%41\u0062",
            r#"a/\"\\%41b"#,
            "a/&quot;&#92;&#x25;41b",
        ] {
            assert_eq!(
                token.redact(&format!("ü{copy}{copy}!")),
                "ü(redacted)(redacted)!",
                "{copy}"
            );
        }
        for other in ["a/", r#"a/"\%41"#, "\\u00", "%4", ""] {
            assert_eq!(token.redact(other), other);
        }
    }

    /// Encodes `text` for JSON, with `\u00XX` for each character whose bit in `choice` is set.
    fn json_encoded(text: &str, choice: u64) -> String {
        (0..)
            .zip(text.chars())
            .map(|(number, character)| match character {
                _ if choice >> number & 1 == 1 => format!("\\u{:04x}", u32::from(character)),
                '"' | '\\' => format!("\\{character}"),
                _ => character.to_string(),
            })
            .collect()
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        /// However JSON encodes the token, no string in the redacted text contains it.
        #[test]
        fn redact_finds_every_json_encoding(token in "[!-~]{8,24}", choice in any::<u64>()) {
            let token = Token::parse(&token).unwrap();
            let encoded = json_encoded(token.expose(), choice);
            for json in [
                format!(r#"{{"error":"{encoded}"}}"#),
                format!(r#"[["x{encoded}y{encoded}"],{{"{encoded}":1}}]"#),
            ] {
                prop_assert!(serde_json::from_str::<Value>(&json).is_ok(), "{}", json);
                let text = token.redact(&json);
                prop_assert!(!text.contains(token.expose()));
                // Redacting a token with a backslash may cut an escape in two, and then this is no longer JSON.
                if let Ok(strings) = serde_json::from_str::<Value>(&text) {
                    prop_assert!(!has(&strings, token.expose()), "{}", text);
                }
            }
        }

        // Tokens without brackets: "(redacted)" and the text around it could otherwise form a token.
        #[test]
        fn redact_leaves_no_copy_in_any_text(before in any::<String>(), after in any::<String>(), token in "[!-'*-~]{1,24}") {
            prop_assume!(!"redacted".contains(&token));
            let token = Token::parse(&token).unwrap();
            let text = token.redact(&format!("{before}{}{after}", token.expose()));
            prop_assert!(!text.contains(token.expose()), "{}", text);
        }
    }

    /// Whether a string or a name in `value` contains `text`.
    fn has(value: &Value, text: &str) -> bool {
        match value {
            Value::String(string) => string.contains(text),
            Value::Array(values) => values.iter().any(|value| has(value, text)),
            Value::Object(fields) => fields
                .iter()
                .any(|(name, value)| name.contains(text) || has(value, text)),
            _ => false,
        }
    }
}
