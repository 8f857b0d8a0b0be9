//! `--curl`: the command that does the same request, safe to paste into bash or zsh.

use crate::api::TOKEN_HEADER;
use crate::client::USER_AGENT;
use crate::shell::quoted;

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

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn a_quote_in_a_value_stays_in_the_value() {
        assert_eq!(
            command("https://x/1", r#"{"a":"it's $(x) `y` !z"}"#),
            "printf 'auth-api-token: %s\\n' \"$LEXBOT_TOKEN\" | curl --disable --silent --show-error --globoff --path-as-is --header @- \
             --header 'content-type: application/json' --user-agent 'lexbot/0.1.0' \
             --data-raw '{\"a\":\"it'\\''s $(x) `y` !z\"}' 'https://x/1'"
        );
    }
}
