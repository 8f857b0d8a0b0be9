//! `--curl`: the command that does the same request, safe to paste into bash or zsh.

use crate::api::TOKEN_HEADER;
use crate::client::USER_AGENT;

/// The curl command that sends `body`, which has no line break in it, to `url`.
///
/// The token stays in the shell's variable: `printf` is a builtin, and curl reads the header from standard input,
/// so neither has it among its arguments, which others could see.
pub(super) fn command(url: &str, body: &str) -> String {
    format!(
        "printf '{TOKEN_HEADER}: %s\\n' \"$LEXBOT_TOKEN\" | curl --disable --silent --show-error --globoff --path-as-is --header @- \
         --header 'content-type: application/json' --user-agent {} --data-raw {} {}",
        quoted(USER_AGENT),
        quoted(body),
        quoted(url)
    )
}

/// `text` as one word of a shell, with nothing in it for the shell to act on.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{command, quoted};
    use proptest::prelude::*;

    #[test]
    fn a_quote_in_a_value_stays_in_the_value() {
        assert_eq!(
            command("https://x/1", r#"{"a":"it's $(x) `y` !z"}"#),
            "printf 'auth-api-token: %s\\n' \"$LEXBOT_TOKEN\" | curl --disable --silent --show-error --globoff --path-as-is --header @- \
             --header 'content-type: application/json' --user-agent 'lexbot/0.1.0' \
             --data-raw '{\"a\":\"it'\\''s $(x) `y` !z\"}' 'https://x/1'"
        );
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        /// Nothing stands outside the single quotes but the quotes that belong to the text.
        #[test]
        fn any_text_stays_within_its_quotes(text in any::<String>()) {
            let whole = quoted(&text);
            let inner = whole.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
            let parts: Vec<&str> = inner.unwrap().split(r"'\''").collect();
            prop_assert!(parts.iter().all(|part| !part.contains('\'')), "{}", whole);
            prop_assert_eq!(parts.join("'"), text);
        }
    }
}
