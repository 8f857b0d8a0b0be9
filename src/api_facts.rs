//! The facts of Lexer's Chatbot User API, in one place: paths, header names, limits and what each status means.
//!
//! Each names its source: "Lexer page" is the page "Chatbot user API", "Lexer" another public page of Lexer's,
//! "inferred" our reading of them, "ours" a choice of lexbot's.

use std::fmt;

use crate::outcome::Outcome;

/// The base URL of the API (Lexer, an older edition of the page).
pub(crate) const DEFAULT_BASE_URL: &str = "https://clients.lexer.io/api/clients";

/// The header that carries the token (Lexer page).
pub(crate) const TOKEN_HEADER: &str = "auth-api-token";

/// The only value of `source` that the API accepts (Lexer page).
pub(crate) const SOURCE: &str = "facebook";

/// The only value of `state` that the API accepts (Lexer page).
pub(crate) const STATE: &str = "closed";

/// The `app_id` that stands for every app, apart from Meta's Page Inbox (ours).
pub(crate) const ANY_APP: &str = "any";

/// The page on which Lexer reports outages (Lexer).
pub(crate) const STATUS_PAGE: &str = "https://status.lexer.io";

/// The two things that a bot tells Lexer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// The bot handles this customer message: close it (Lexer page, "Claim and close").
    Claim,
    /// This reply was written by the bot (Lexer page, "Echo response").
    Echo,
}

impl Action {
    /// The last part of the endpoint's path (Lexer page), and the subcommand's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Action::Claim => "claim",
            Action::Echo => "echo",
        }
    }

    /// The word for a message that Lexer accepted.
    pub(crate) const fn done(self) -> &'static str {
        match self {
            Action::Claim => "claimed",
            Action::Echo => "echoed",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a response's status means for the message. Lexer advises to rely on the status, not on the body.
pub(crate) const fn outcome_of(status: u16) -> Outcome {
    match status {
        // 201 (Lexer page), 200 and 202 (Lexer), any other 2xx (inferred).
        200..=299 => Outcome::Accepted,
        // 401 (Lexer), 403 (inferred).
        401 | 403 => Outcome::Unauthorized,
        // 429 and 503 (Lexer). 408 and 425 come from a gateway and say nothing about the message, and neither does any
        // 5xx but those that stand for a bad request (inferred): another attempt can help.
        408 | 425 | 429 | 502..=504 | 506..=599 => Outcome::Unavailable,
        // 400 and 500 (Lexer page: a bad request, so another attempt can't help), 404 (Lexer), the rest (inferred).
        _ => Outcome::Rejected,
    }
}
