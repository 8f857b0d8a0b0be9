//! The API token: a value that formats as "(redacted)" and is readable only through [`Token::expose`].

mod encodings;

use std::fmt;
use std::path::Path;

pub(crate) use encodings::MAX_ENCODED;
use encodings::Patterns;

use crate::pasted_text::peeled;

/// The last four characters of a token shorter than this aren't shown: they would be too large a part of it.
const MIN_SHOWN: usize = 12;

/// Replaces a token, and each copy of it that a server sends back.
pub(crate) const REDACTED: &str = "(redacted)";

/// A shorter token isn't redacted: too much of what isn't the token looks like it.
const MIN_REDACTED: usize = 8;

/// What may stand before a token where people copy it from.
const PREFIXES: [&str; 2] = ["Auth-Api-Token:", "Bearer "];

/// A Lexer API token.
///
/// Never empty, without white space, and always a valid header value.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token {
    text: String,
    /// What was removed around it.
    removed: Vec<&'static str>,
    /// The forms in which it is redacted; none if it is too short.
    patterns: Option<Box<Patterns>>,
}

impl Token {
    /// Takes the token in `text`, without what often comes with copy and paste: white space, quotes, and the name and
    /// scheme of a header. The error says what is wrong and contains nothing of the text.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let mut removed = Vec::new();
        let mut text = text.trim_end_matches(['\r', '\n']);
        while let Some((rest, what)) = without_wrapping(text) {
            text = rest;
            if !removed.contains(&what) {
                removed.push(what);
            }
        }
        if text.is_empty() || text.eq_ignore_ascii_case("Bearer") {
            return Err("the token is empty");
        }
        if text.contains(char::is_whitespace) {
            return Err("the token contains white space");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("the token has a character that can't be sent in an HTTP header");
        }
        let is_long = text.len() >= MIN_REDACTED;
        Ok(Token {
            text: text.to_owned(),
            removed,
            patterns: is_long.then(|| Box::new(Patterns::new(text.as_bytes()))),
        })
    }

    /// What was removed around the token, in words.
    pub(crate) fn removed(&self) -> Option<String> {
        let removed = self.removed.join(", ");
        (!removed.is_empty()).then(|| format!("removed around the token: {removed}"))
    }

    /// A warning about a token that can't be redacted.
    pub(crate) fn warning(&self) -> Option<&'static str> {
        self.patterns.is_none().then_some(
            "the token has fewer than 8 characters, so it isn't redacted where a server sends it back",
        )
    }

    /// The token itself, for the request header and the profile only.
    pub(crate) fn expose(&self) -> &str {
        &self.text
    }

    /// The last four characters, which may be shown, or a placeholder for a short token.
    pub(crate) fn last_four(&self) -> String {
        if self.text.len() < MIN_SHOWN {
            return REDACTED.to_owned();
        }
        format!("…{}", &self.text[self.text.len() - 4..])
    }

    /// Returns `text` with every copy of the token replaced, because servers send requests back in error pages.
    ///
    /// Finds copies in base64, and those that are encoded for JSON, URLs or HTML, whatever the rest of the text is; and
    /// where the text breaks off, the first 8 or more characters of a copy. Leaves a shorter token alone.
    pub(crate) fn redact(&self, text: &str) -> String {
        let Some(patterns) = &self.patterns else {
            return text.to_owned();
        };
        let encodings = encodings::encodings(text);
        let mut redacted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(copy) = patterns.find(rest, encodings) {
            redacted.push_str(&rest[..copy.start]);
            redacted.push_str(REDACTED);
            rest = &rest[copy.end..];
        }
        redacted.push_str(rest);
        redacted
    }

    /// Whether `text` contains what [`Token::redact`] would replace.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let encodings = encodings::encodings(text);
        let found = |patterns: &Patterns| patterns.find(text, encodings);
        self.patterns.as_deref().and_then(found).is_some()
    }
}

/// Removes one thing that stands around a token, and says what it was.
fn without_wrapping(text: &str) -> Option<(&str, &'static str)> {
    if let Some(peeled) = peeled(text) {
        return Some(peeled);
    }
    PREFIXES.iter().find_map(|prefix| {
        let (start, rest) = text.split_at_checked(prefix.len())?;
        start
            .eq_ignore_ascii_case(prefix)
            .then_some((rest, prefix.trim_end()))
    })
}

/// Whether `text` may contain a token, so that an error must not repeat it. Times, message IDs, links, file names and
/// plain words don't count as one.
pub(crate) fn may_be_token(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let is_time = word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-+:./,TZtz".contains(&byte));
        let is_id = word.starts_with("m_") || word.starts_with("mid.");
        let is_link = word.contains("://") && !word.contains(['@', '?']);
        let is_file = Path::new(word).exists()
            || word
                .rsplit_once('.')
                .is_some_and(|(_, end)| end.len() < 7 && end.starts_with(char::is_lowercase));
        let is_words = word
            .split(['-', '_', '.', '/'])
            .all(|part| part.len() < 16 && !part.contains(|c: char| c.is_ascii_digit()));
        word.len() >= MIN_REDACTED && !(is_time || is_id || is_link || is_file || is_words)
    })
}

/// `text` in quotes, unless it may be a token.
pub(crate) fn quoted(text: &str) -> String {
    if may_be_token(text) {
        "(not shown, because it may be a token)".to_owned()
    } else {
        format!("{text:?}")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use super::Token;
    use proptest::prelude::*;
    use serde_json::Value;

    const EMPTY: &str = "the token is empty";
    const WHITE_SPACE: &str = "the token contains white space";
    const INVALID_CHARACTER: &str =
        "the token has a character that can't be sent in an HTTP header";

    #[test]
    fn parse_accepts_only_header_values() {
        assert_eq!(
            Token::parse(" abc \r\n").map(|t| t.expose().to_owned()),
            Ok("abc".to_owned())
        );
        assert_eq!(Token::parse(" \n"), Err(EMPTY));
        for text in ["a\nb", "a b", "\"a\u{a0}b\"", "Bearer a b", "a: b"] {
            assert_eq!(Token::parse(text), Err(WHITE_SPACE), "{text}");
        }
        assert_eq!(Token::parse("a\u{1}b"), Err(INVALID_CHARACTER));
        assert_eq!(Token::parse("tökèn"), Err(INVALID_CHARACTER));
    }

    #[test]
    fn parse_removes_what_is_copied_along_with_a_token() {
        for (text, removed) in [
            ("abc", None),
            ("abc\r\n", None),
            (" abc\t", Some("white space")),
            ("\u{a0}abc\u{2003}", Some("white space")),
            ("\"abc\"", Some("quotes")),
            ("'abc'", Some("quotes")),
            ("“abc”", Some("quotes")),
            ("‘abc’", Some("quotes")),
            ("Auth-Api-Token:abc", Some("Auth-Api-Token:")),
            ("bearer abc", Some("Bearer")),
            ("auth-api-token: abc", Some("Auth-Api-Token:, white space")),
            (
                " 'Auth-Api-Token: \"Bearer  abc\"' ",
                Some("white space, quotes, Auth-Api-Token:, Bearer"),
            ),
        ] {
            let token = Token::parse(text).unwrap();
            assert_eq!(token.expose(), "abc", "{text}");
            let removed = removed.map(|removed| format!("removed around the token: {removed}"));
            assert_eq!(token.removed(), removed, "{text}");
        }
        for text in ["'abc", "abc\"", "tok'en\"\\", "Bearer1", "x-Bearer:abc"] {
            assert_eq!(Token::parse(text).unwrap().expose(), text);
        }
        assert_eq!(Token::parse("“abc‘"), Err(INVALID_CHARACTER));
        for text in ["''", "\" \"", "Bearer ''", "Auth-Api-Token: Bearer", "''''"] {
            assert_eq!(Token::parse(text), Err(EMPTY), "{text}");
        }
    }

    #[test]
    fn a_short_token_is_not_redacted_and_causes_a_warning() {
        let short = Token::parse("test123").unwrap();
        let text = "test123_1 dGVzdDEyMw==";
        assert_eq!(short.redact(text), text);
        assert!(short.warning().is_some() && !short.is_in("test123"));
        let token = Token::parse("test1234").unwrap();
        assert_eq!(token.redact("test1234_1"), "(redacted)_1");
        assert!(token.warning().is_none() && token.is_in("test1234_1"));
    }

    #[test]
    fn redact_finds_the_token_in_base64() {
        // Its base64 has the two digits in which the alphabets differ.
        let token = Token::parse("k~~?9fA>~~?zQ7").unwrap();
        for (text, expected) in [
            ("a35+PzlmQT5+fj96UTc=", "(redacted)="),
            ("a35-PzlmQT5-fj96UTc", "(redacted)"),
            ("a35%2BPzlmQT5%2bfj96UTc%3D.", "(redacted)%3D."),
            (
                r"\u003da35+PzlmQT5+fj96UTc\u003d",
                r"\u003d(redacted)\u003d",
            ),
        ] {
            assert_eq!(token.redact(text), expected, "{text}");
        }
        let token = Token::parse("Zq7xKw3vRt9y").unwrap();
        for (text, encoded, expected) in [
            ("Zq7xKw3vRt9y", "WnE3eEt3M3ZSdDl5", "(redacted)"),
            ("u:Zq7xKw3vRt9y", "dTpacTd4S3czdlJ0OXk=", "dT(redacted)="),
            ("me:Zq7xKw3vRt9y", "bWU6WnE3eEt3M3ZSdDl5", "bWU6(redacted)"),
            (
                "token=Zq7xKw3vRt9y\n",
                "dG9rZW49WnE3eEt3M3ZSdDl5Cg==",
                "dG9rZW49(redacted)Cg==",
            ),
            ("xZq7xKw3vRt9yz", "eFpxN3hLdzN2UnQ5eXo=", "e(redacted)o="),
        ] {
            assert_eq!(base64(text.as_bytes()), encoded);
            assert_eq!(token.redact(encoded), expected, "{text}");
        }
    }

    #[test]
    fn redact_finds_copies_that_break_off_after_8_characters() {
        let token = Token::parse(r#"Zq7x&K"3vR"#).unwrap();
        for copy in [
            r#"Zq7x&K"3"#,
            r#"Zq7x&K"3v"#,
            r#"Zq7x\u0026K\"3"#,
            r#"Zq7x\u0026K\"3\u00"#,
            r#"Zq7x&K\\\"3\"#,
            "Zq7x%26K%223",
            "Zq7x%26K%223%7",
            "Zq7x&amp;K&quot;3",
            "Zq7x&amp;K&quot;3&#11",
            // In base64, after none, one and two other bytes.
            "WnE3eCZLIjN",
            "FpxN3gmSyIz",
            "hacTd4JksiM3",
        ] {
            assert_eq!(token.redact(&format!("seen {copy}")), "seen (redacted)");
        }
        assert_eq!(token.redact(r#""Zq7x&K"3…" is"#), r#""(redacted)…" is"#);
        for text in [
            r#"Zq7x&K""#,
            "Zq7x&amp;K&quot;",
            r#"Zq7x&K"3 "#,
            "WnE3eCZLIj",
        ] {
            assert_eq!(token.redact(text), text);
        }
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
            r"a/&quot;\\%41b",
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
        fn redact_finds_every_json_encoding(token in "[a-z][!-~]{7,23}", choice in any::<u64>()) {
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

        /// Wherever the token is in a text that is sent in base64, at most one digit on each side has bits of it.
        #[test]
        fn redact_finds_the_token_at_every_place_in_base64(before in prop::collection::vec(any::<u8>(), 0..7), token in "[!-~]{10,24}", after in prop::collection::vec(any::<u8>(), 0..7), cut in 0_usize..20) {
            let Ok(parsed) = Token::parse(&token) else { return Ok(()) };
            prop_assume!(parsed.expose() == token);
            let start = before.len() * 8 / 6;
            let end = (before.len() + token.len()) * 8 / 6;
            let encoded = base64(&[&before, token.as_bytes(), &after].concat());
            let redacted = parsed.redact(&encoded);
            prop_assert!(redacted.starts_with(&format!("{}(redacted)", &encoded[..start])), "{} {}", encoded, redacted);
            prop_assert!(redacted.len() <= start + "(redacted)".len() + encoded.len() - end);
            // As much of it as 8 characters need, or more.
            let broken = &encoded[..(start + 12 + cut).min(end)];
            prop_assert_eq!(parsed.redact(broken), format!("{}(redacted)", &encoded[..start]));
        }

        // Tokens without brackets: "(redacted)" and the text around it could otherwise form a token.
        #[test]
        fn redact_leaves_no_copy_in_any_text(before in any::<String>(), after in any::<String>(), token in "[a-z][!-'*-~]{7,23}") {
            let token = Token::parse(&token).unwrap();
            let text = token.redact(&format!("{before}{}{after}", token.expose()));
            prop_assert!(!text.contains(token.expose()), "{}", text);
        }
    }

    /// `bytes` in base64.
    fn base64(bytes: &[u8]) -> String {
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let digit = |chunk: &[u8], number: usize| {
            let byte = |at| usize::from(*chunk.get(at).unwrap_or(&0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            if number <= chunk.len() {
                char::from(digits[bits >> (18 - 6 * number) & 63])
            } else {
                '='
            }
        };
        let chunks = bytes.chunks(3);
        chunks
            .flat_map(|chunk| (0..4).map(move |number| digit(chunk, number)))
            .collect()
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
