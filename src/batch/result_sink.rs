//! Where results are written, one at a time: the journal, then stdout.

use std::sync::Mutex;

use crate::journal::Journal;
use crate::locks::lock;
use crate::message::Message;
use crate::message_result::MessageResult;
use crate::output::{ReaderGone, Reporter, Tally};
use crate::value_part::Part;

/// Writes results, and remembers the first failure to do so.
#[derive(Debug)]
pub(super) struct ResultSink {
    has_journal: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    reporter: Reporter,
    journal: Option<Journal>,
    /// Why a result could not be written, or the input not be read.
    failure: Option<anyhow::Error>,
}

impl ResultSink {
    /// Writes to `journal`, if there is one, and prints with `reporter`.
    pub(super) fn new(reporter: Reporter, journal: Option<Journal>) -> Self {
        ResultSink {
            has_journal: journal.is_some(),
            state: Mutex::new(State {
                reporter,
                journal,
                failure: None,
            }),
        }
    }

    /// Why `message` need not be sent again, if the journal says so.
    pub(super) fn reason_to_skip(&self, message: &Message) -> Option<&'static str> {
        // Without a journal the lock, which every worker needs, is not worth taking.
        if !self.has_journal {
            return None;
        }
        let state = lock(&self.state);
        state.journal.as_ref()?.earlier.reason_to_skip(message)
    }

    /// Writes `result`: first to the journal, so that no printed result is missing there.
    ///
    /// A result that the journal can't take is printed all the same; so are those that come after a failure.
    pub(super) fn write(&self, part: &Part, mut result: MessageResult) -> anyhow::Result<()> {
        let mut state = lock(&self.state);
        // Under the lock, so that no result of the same value is written after its last one.
        result.value_done = part.finish();
        let journaled = match &mut state.journal {
            Some(journal) => journal.append(&result),
            None => Ok(()),
        };
        if journaled.is_err() {
            state.journal = None;
        }
        let printed = state.reporter.result(&result);
        journaled.and(printed)
    }

    /// Remembers the first failure. [`ReaderGone`] replaces any other.
    pub(super) fn fail(&self, error: anyhow::Error) {
        let failure = &mut lock(&self.state).failure;
        if failure.is_none() || error.is::<ReaderGone>() {
            *failure = Some(error);
        }
    }

    /// The counts and the first failure.
    pub(super) fn finish(&self) -> (Tally, Option<anyhow::Error>) {
        let mut state = lock(&self.state);
        (state.reporter.tally(), state.failure.take())
    }
}
