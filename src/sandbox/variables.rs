//! The environment variables that point lexbot, or a bot, at the sandbox.

use crate::cli::SandboxArgs;
use crate::shell::word;
use crate::token::Token;

/// The page if the user gave none: then the sandbox knows every page.
const DEFAULT_PAGE: &str = "1234567890";

/// Names and values.
pub(crate) struct Variables([(&'static str, String); 4]);

impl Variables {
    /// The variables for a sandbox at `base_url`.
    pub(crate) fn new(base_url: &str, token: &Token, args: &SandboxArgs) -> Self {
        let page = args.account_id.first().map_or(DEFAULT_PAGE, String::as_str);
        Variables([
            ("LEXBOT_BASE_URL", base_url.to_owned()),
            ("LEXBOT_TOKEN", token.expose().to_owned()),
            ("LEXBOT_CLIENT_ID", args.client_id.to_string()),
            ("LEXBOT_ACCOUNT_ID", page.to_owned()),
        ])
    }

    /// The sandbox's base URL.
    pub(crate) fn base_url(&self) -> &str {
        &self.0[0].1
    }

    /// The variables for a process's environment.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// A shell command that sets them.
    pub(crate) fn export(&self) -> String {
        let assignments: Vec<_> = self
            .pairs()
            .map(|(name, value)| format!("{name}={}", word(value)))
            .collect();
        format!("export {}", assignments.join(" "))
    }
}
