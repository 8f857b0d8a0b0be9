//! Quoting for the commands that lexbot prints for a POSIX shell.
//!
//! `shlex` chooses between three ways of quoting, so that similar commands would look different.

use std::borrow::Cow;

/// `text` as one word of a shell, in single quotes unless it needs none.
pub(crate) fn word(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(quoted(text))
    }
}

/// `text` as one word of a shell, always in single quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{quoted, word};

    #[test]
    fn quotes_only_what_a_shell_would_interpret() {
        for plain in [
            "/home/ana/.config/lexbot/config.toml",
            "http://127.0.0.1:1/a",
        ] {
            assert_eq!(word(plain), plain);
        }
        assert_eq!(
            word("/Users/ana/Application Support/x"),
            "'/Users/ana/Application Support/x'"
        );
        assert_eq!(word("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(word(""), "''");
        assert_eq!(quoted("plain"), "'plain'");
    }

    /// What a shell reads `text` as. Fails if it isn't a single word, or if the shell would interpret part of it.
    fn read_by_shell(text: &str) -> String {
        let mut word = String::new();
        let (mut in_quotes, mut escaped) = (false, false);
        for character in text.chars() {
            match character {
                _ if escaped => {
                    word.push(character);
                    escaped = false;
                }
                '\'' => in_quotes = !in_quotes,
                '\\' if !in_quotes => escaped = true,
                _ => {
                    let plain =
                        character.is_ascii_alphanumeric() || "-_./:@%+=,".contains(character);
                    assert!(
                        in_quotes || plain,
                        "the shell interprets {character:?} in {text}"
                    );
                    word.push(character);
                }
            }
        }
        assert!(!in_quotes && !escaped, "{text} isn't closed");
        word
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn any_text_is_one_word(text in any::<String>()) {
            prop_assert_eq!(read_by_shell(&word(&text)), text.as_str());
            prop_assert_eq!(read_by_shell(&quoted(&text)), text.as_str());
        }
    }
}
