//! The API token: a value that formats as "(redacted)" and leaves by one door only.

mod encodings;

use std::fmt;

/// A token shorter than this shows nothing of itself: four characters of it would be too large a part.
const MIN_SHOWN: usize = 12;

/// What stands in the place of a token, or of a copy of it that a server sent back.
const REDACTED: &str = "(redacted)";

/// A Lexer API token.
///
/// Never empty, and always fit to stand in a header.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(String);

/// Why a text is no token. Says nothing of the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvalidToken {
    /// Nothing is left without the white space around it.
    Empty,
    /// It has a control character, or one outside ASCII.
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
    /// Takes `text` without the white space around it, which a copy and paste often brings along.
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

    /// The token itself: for the request header and the profile, and for nothing else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What people may see of it: its last four characters, or nothing of a short one.
    pub(crate) fn last_four(&self) -> String {
        if self.0.len() < MIN_SHOWN {
            return REDACTED.to_owned();
        }
        format!("…{}", &self.0[self.0.len() - 4..])
    }

    /// `text` with every copy of the token in it replaced: servers do send requests back in error pages.
    ///
    /// A copy is found in the spellings of JSON, URLs and HTML too, also where the text is none of them as a whole.
    pub(crate) fn redact(&self, text: &str) -> String {
        // Where neither it nor a spelling stands, there is nothing to look for: so it is in nearly every text. Most are
        // even too short, as the headers of every answer: to prepare the search costs more than to read them.
        if text.len() < self.0.len()
            || (!text.contains(&self.0) && !text.contains(['\\', '%', '&']))
        {
            return text.to_owned();
        }
        let mut redacted = String::with_capacity(text.len());
        let mut end = 0;
        for copy in encodings::find(text, self.0.as_bytes()) {
            redacted.push_str(&text[end..copy.start]);
            redacted.push_str(REDACTED);
            end = copy.end;
        }
        redacted.push_str(&text[end..]);
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
    fn only_a_header_value_is_a_token() {
        assert_eq!(
            Token::parse(" abc \r\n").map(|t| t.expose().to_owned()),
            Ok("abc".to_owned())
        );
        assert_eq!(Token::parse(" \n"), Err(InvalidToken::Empty));
        assert_eq!(Token::parse("a\nb"), Err(InvalidToken::InvalidCharacter));
        assert_eq!(Token::parse("tökèn"), Err(InvalidToken::InvalidCharacter));
    }

    #[test]
    fn formatting_never_shows_it() {
        let token = Token::parse("0123456789abcdef").unwrap();
        assert_eq!(format!("{token:?}"), "(redacted)");
        assert_eq!(token.last_four(), "…cdef");
        assert_eq!(
            Token::parse("0123456789a").unwrap().last_four(),
            "(redacted)"
        );
    }

    #[test]
    fn copies_are_found_behind_escapes_too() {
        let token = Token::parse(r#"a/"\%41b"#).unwrap();
        for copy in [
            r#"a/"\%41b"#,
            r#"a\/\"\\%41b"#,
            r"\u0061\u002F\u0022\u005c\u0025\u0034\u0031\u0062",
            "a%2f%22%5C%2541b",
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

    /// `text` as JSON may write it: each character for which a bit of `choice` is set as its number.
    fn spelled(text: &str, choice: u64) -> String {
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

        /// However JSON spells the token, no string of what is left has it.
        #[test]
        fn no_spelling_of_json_hides_the_token(token in "[!-~]{8,24}", choice in any::<u64>()) {
            let token = Token::parse(&token).unwrap();
            let spelled = spelled(token.expose(), choice);
            for json in [
                format!(r#"{{"error":"{spelled}"}}"#),
                format!(r#"[["x{spelled}y{spelled}"],{{"{spelled}":1}}]"#),
            ] {
                prop_assert!(serde_json::from_str::<Value>(&json).is_ok(), "{}", json);
                let text = token.redact(&json);
                prop_assert!(!text.contains(token.expose()));
                // Of a token with a backslash the text alone may be left without its escape, and be JSON no more.
                if let Ok(strings) = serde_json::from_str::<Value>(&text) {
                    prop_assert!(!has(&strings, token.expose()), "{}", text);
                }
            }
        }

        // Without brackets: what stands for a token could otherwise make up another with the text around it.
        #[test]
        fn any_text_is_survived_and_the_token_gone(before in any::<String>(), after in any::<String>(), token in "[!-'*-~]{1,24}") {
            prop_assume!(!"redacted".contains(&token));
            let token = Token::parse(&token).unwrap();
            let text = token.redact(&format!("{before}{}{after}", token.expose()));
            prop_assert!(!text.contains(token.expose()), "{}", text);
        }
    }

    /// Whether a string or a name in `value` has `text` in it.
    fn has(value: &Value, text: &str) -> bool {
        match value {
            Value::String(own) => own.contains(text),
            Value::Array(values) => values.iter().any(|value| has(value, text)),
            Value::Object(fields) => fields
                .iter()
                .any(|(name, value)| name.contains(text) || has(value, text)),
            _ => false,
        }
    }
}
