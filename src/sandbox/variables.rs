//! The environment variables that point lexbot, or a bot, at the sandbox.

use std::fmt::Write as _;

use crate::cli::SandboxArgs;
use crate::shell::word;
use crate::token::Token;

/// The page that is used when the user named none: any is known then.
const MADE_UP_PAGE: &str = "1234567890";

/// A name and a value each.
pub(crate) struct Variables([(&'static str, String); 4]);

impl Variables {
    /// The variables for a sandbox at `base_url`.
    pub(crate) fn new(base_url: &str, token: &Token, args: &SandboxArgs) -> Self {
        let page = args.account_id.first().map_or(MADE_UP_PAGE, String::as_str);
        Variables([
            ("LEXBOT_BASE_URL", base_url.to_owned()),
            ("LEXBOT_TOKEN", token.expose().to_owned()),
            ("LEXBOT_CLIENT_ID", args.client_id.to_string()),
            ("LEXBOT_ACCOUNT_ID", page.to_owned()),
        ])
    }

    /// Where the sandbox is.
    pub(crate) fn base_url(&self) -> &str {
        &self.0[0].1
    }

    /// The variables, for the environment of a process.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// A line that sets them in a shell.
    pub(crate) fn export(&self) -> String {
        self.pairs()
            .fold("export".to_owned(), |mut line, (name, value)| {
                let _ = write!(line, " {name}={}", word(value));
                line
            })
    }
}
