//! The API token: a value that formats as "(redacted)" and leaves by one door only.

use std::fmt;

/// A token shorter than this shows nothing of itself: four characters of it would be too large a part.
const SHORTEST_SHOWN: usize = 12;

/// What stands in the place of a token, or of a copy of it that a server sent back.
const REDACTED: &str = "(redacted)";

/// A Lexer API token.
///
/// Never empty, and always fit to stand in a header.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(String);

/// Why a text is no token. Says nothing of the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAToken {
    /// Nothing is left without the white space around it.
    Empty,
    /// It has a control character, or one outside ASCII.
    NotAHeaderValue,
}

impl fmt::Display for NotAToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotAToken::Empty => "the token is empty",
            NotAToken::NotAHeaderValue => {
                "the token has a character that can't be sent in an HTTP header"
            }
        })
    }
}

impl Token {
    /// Takes `text` without the white space around it, which a copy and paste often brings along.
    pub(crate) fn parse(text: &str) -> Result<Self, NotAToken> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotAToken::Empty);
        }
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(NotAToken::NotAHeaderValue);
        }
        Ok(Token(text.to_owned()))
    }

    /// The token itself: for the request header and the profile, and for nothing else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What people may see of it: its last four characters, or nothing of a short one.
    pub(crate) fn last_four(&self) -> String {
        if self.0.len() < SHORTEST_SHOWN {
            return REDACTED.to_owned();
        }
        format!("…{}", &self.0[self.0.len() - 4..])
    }

    /// `text` with every copy of the token in it replaced: servers do send requests back in error pages.
    ///
    /// A copy is found behind the escapes of JSON and of URLs too, also where the text is neither as a whole.
    pub(crate) fn redact(&self, text: &str) -> String {
        // Where neither it nor an escape stands, there is nothing to look for: so it is in nearly every text.
        if !text.contains(&self.0) && !text.contains(['\\', '%']) {
            return text.to_owned();
        }
        let mut redacted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some(length) = copy_at_start(rest.as_bytes(), self.0.as_bytes()) {
                redacted.push_str(REDACTED);
                rest = &rest[length..];
            } else {
                redacted.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        redacted
    }
}

/// The length of the copy of `token` that `text` begins with, if it does, each character as it is or escaped.
fn copy_at_start(text: &[u8], token: &[u8]) -> Option<usize> {
    token.iter().try_fold(0, |at, byte| {
        let (read, length) = unescaped(text.get(at..)?)?;
        (read == *byte || text[at] == *byte)
            .then(|| if read == *byte { at + length } else { at + 1 })
    })
}

/// The character that `text` begins with, without its escape, and how long it is with it.
fn unescaped(text: &[u8]) -> Option<(u8, usize)> {
    let hex = |digits: &[u8]| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok();
    Some(match text {
        [b'\\', b'u', b'0', b'0', high, low, ..] => (hex(&[*high, *low]).unwrap_or(b'\\'), 6),
        [b'\\', escaped @ (b'/' | b'"' | b'\\'), ..] => (*escaped, 2),
        [b'%', high, low, ..] => hex(&[*high, *low]).map_or((b'%', 1), |byte| (byte, 3)),
        [byte, ..] => (*byte, 1),
        [] => return None,
    })
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use super::{NotAToken, Token};

    #[test]
    fn only_a_header_value_is_a_token() {
        assert_eq!(
            Token::parse(" abc \r\n").map(|t| t.expose().to_owned()),
            Ok("abc".to_owned())
        );
        assert_eq!(Token::parse(" \n"), Err(NotAToken::Empty));
        assert_eq!(Token::parse("a\nb"), Err(NotAToken::NotAHeaderValue));
        assert_eq!(Token::parse("tökèn"), Err(NotAToken::NotAHeaderValue));
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
}
