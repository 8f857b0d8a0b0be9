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
}
