//! `--expect`: how many messages the sandbox has to accept.

use std::str::FromStr;

use crate::api::Action;

/// A number of distinct messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expectation {
    /// The action that counts; `None`: each.
    pub(crate) action: Option<Action>,
    /// How many messages.
    pub(crate) count: usize,
}

impl FromStr for Expectation {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (action, count) = match text.split_once('=') {
            Some(("claim", count)) => (Some(Action::Claim), count),
            Some(("echo", count)) => (Some(Action::Echo), count),
            _ => (None, text),
        };
        count
            .parse()
            .map(|count| Expectation { action, count })
            .map_err(|_| "expected a number of messages, such as 3, claim=3 or echo=3")
    }
}
