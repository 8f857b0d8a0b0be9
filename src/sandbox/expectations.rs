//! `--expect`: whether as many distinct messages were accepted as expected.

use std::collections::HashSet;

use super::http::Request;
use super::inbox;
use crate::api::Action;
use crate::cli::Expectation;
use crate::output::counted;

/// What is expected, and the accepted messages so far.
#[derive(Debug, Default)]
pub(crate) struct Expectations {
    expected: Vec<Expectation>,
    /// Action, `object_id` and `account_id`. Stays empty if nothing is expected, so that a sandbox that runs for weeks
    /// doesn't grow.
    accepted: HashSet<(&'static str, String, String)>,
}

impl Expectations {
    /// Expects all of `expected`.
    pub(crate) fn new(expected: &[Expectation]) -> Self {
        Expectations {
            expected: expected.to_owned(),
            accepted: HashSet::new(),
        }
    }

    /// Whether nothing is expected.
    pub(crate) fn is_empty(&self) -> bool {
        self.expected.is_empty()
    }

    /// Counts the message of an accepted `request`, unless it was accepted before.
    pub(crate) fn add(&mut self, request: &Request) {
        if self.is_empty() {
            return;
        }
        if let (Some((_, action)), Ok(fields)) =
            (inbox::endpoint(&request.path), inbox::fields(&request.body))
        {
            let id = |field| inbox::text(&fields, field).unwrap_or_default().to_owned();
            self.accepted
                .insert((action.name(), id("object_id"), id("account_id")));
        }
    }

    /// A sentence for each number that isn't as expected.
    pub(crate) fn unmet(&self) -> impl Iterator<Item = String> {
        self.expected.iter().filter_map(|expected| {
            let counts = |name| expected.action.is_none_or(|action| action.name() == name);
            let accepted = self.accepted.iter().filter(|(name, ..)| counts(*name));
            let accepted = accepted.count();
            let done = expected.action.map_or("accepted", Action::done);
            let expected_count = counted(expected.count as u64, "distinct message");
            let were = if accepted == 1 { "was" } else { "were" };
            (accepted != expected.count)
                .then(|| format!("expected {expected_count} to be {done}, but {accepted} {were}"))
        })
    }
}
