//! Words for commands that a hint tells the reader to type.

use std::borrow::Cow;

/// `text` as one word of a shell: in single quotes, unless it needs none.
pub(crate) fn word(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::word;

    #[test]
    fn only_what_a_shell_would_act_on_is_quoted() {
        assert_eq!(
            word("/home/ana/.config/lexbot/config.toml"),
            "/home/ana/.config/lexbot/config.toml"
        );
        assert_eq!(
            word("/Users/ana/Application Support/x"),
            "'/Users/ana/Application Support/x'"
        );
        assert_eq!(word("it's"), r"'it'\''s'");
        assert_eq!(word(""), "''");
    }

    /// The word that a shell makes of `quoted`, which must be one.
    fn read_by_shell(quoted: &str) -> String {
        let mut word = String::new();
        let (mut in_quotes, mut escaped) = (false, false);
        for character in quoted.chars() {
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
                        "{character:?} is open to the shell in {quoted}"
                    );
                    word.push(character);
                }
            }
        }
        assert!(!in_quotes && !escaped, "{quoted} doesn't end");
        word
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn any_text_is_one_word(text in any::<String>()) {
            prop_assert_eq!(read_by_shell(&word(&text)), text);
        }
    }
}
