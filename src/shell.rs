//! Quoting for the commands that lexbot prints: for PowerShell on Windows, elsewhere for a POSIX shell.
//!
//! `shlex` chooses between three ways of quoting, so that similar commands would look different.

use std::borrow::Cow;

/// What needs no quotes, besides letters and digits.
const PLAIN: &[u8] = if cfg!(windows) {
    br"-_./:\+="
} else {
    b"-_./:@%+=,"
};

/// `text` as one word of the user's shell, in single quotes unless it needs none.
pub(crate) fn word(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || PLAIN.contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        Cow::Borrowed(text)
    } else if cfg!(windows) {
        Cow::Owned(quoted_for_powershell(text))
    } else {
        Cow::Owned(quoted(text))
    }
}

/// The command that sets the environment variable `name` to `value` in the user's shell.
pub(crate) fn assignment(name: &str, value: &str) -> String {
    if cfg!(windows) {
        format!("$env:{name} = {}", quoted_for_powershell(value))
    } else {
        format!("export {name}={}", word(value))
    }
}

/// PowerShell takes typographic quotes for plain ones.
fn quoted_for_powershell(text: &str) -> String {
    let mut quoted = String::from("'");
    for character in text.chars() {
        if "'\u{2018}\u{2019}\u{201a}\u{201b}".contains(character) {
            quoted.push(character);
        }
        quoted.push(character);
    }
    quoted + "'"
}

/// `text` as one word of a POSIX shell, always in single quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    #[cfg(unix)]
    use super::word;
    use super::{quoted, quoted_for_powershell};

    #[test]
    fn powershell_takes_the_whole_text_literally() {
        for (text, word) in [
            ("", "''"),
            (r"C:\Users\ana $HOME", r"'C:\Users\ana $HOME'"),
            ("it's ‘quoted’", "'it''s ‘‘quoted’’'"),
        ] {
            assert_eq!(quoted_for_powershell(text), word);
        }
    }

    #[cfg(unix)]
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
            #[cfg(unix)]
            prop_assert_eq!(read_by_shell(&word(&text)), text.as_str());
            prop_assert_eq!(read_by_shell(&quoted(&text)), text.as_str());
        }
    }
}
