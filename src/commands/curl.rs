//! `--curl`: the command that does the same request, safe to paste into bash or zsh.

use crate::api::TOKEN_HEADER;
use crate::client::USER_AGENT;
use crate::shell::quoted;

/// The curl command that sends `body`, which has no line break in it, to `url`.
///
/// The token stays in the shell's variable, and a body may be larger than an argument: `printf` is a builtin, and curl
/// reads the header from descriptor 3 and the body from standard input, so neither is among arguments, which others
/// could see and the system limits.
pub(super) fn command(url: &str, body: &str) -> String {
    format!(
        "printf '{TOKEN_HEADER}: %s\\n' \"$LEXBOT_TOKEN\" | {{ printf %s {} | curl --disable --silent --show-error \
         --fail-with-body --write-out '\\n%{{http_code}}\\n' --globoff --path-as-is --header @/dev/fd/3 \
         --header 'content-type: application/json' --user-agent {} --data-binary @- {}; }} 3<&0",
        quoted(body),
        quoted(USER_AGENT),
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
            "printf 'auth-api-token: %s\\n' \"$LEXBOT_TOKEN\" | { printf %s '{\"a\":\"it'\\''s $(x) `y` !z\"}' | \
             curl --disable --silent --show-error --fail-with-body --write-out '\\n%{http_code}\\n' --globoff --path-as-is \
             --header @/dev/fd/3 --header 'content-type: application/json' --user-agent 'lexbot/0.1.0' \
             --data-binary @- 'https://x/1'; } 3<&0"
        );
    }
}
