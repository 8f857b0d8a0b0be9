//! Which messages a journal records as accepted or handed over.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

use serde::Deserialize;

use super::{cannot, check_kind};
use crate::api_facts::Action;
use crate::error::CliError;
use crate::handed_over::HANDED_OVER;
use crate::message::{Ids, Message};
use crate::message_result::MessageResult;
use crate::outcome::Outcome;

/// How every line of a journal begins.
const BEGINNING: &[u8] = br#"{"action":"#;

/// Why a message that was accepted earlier is skipped.
const ACCEPTED: &str = "the journal has it as accepted";

/// Why a message that was handed over earlier is skipped.
const WAS_HANDED_OVER: &str = "the journal has it as handed over";

/// The messages that are not sent again, each with its action.
///
/// Only hashes are kept, so that a long journal needs little memory. Each run has another, random hash function. If a
/// journal has ten million messages, about one in 10^12 others has the hash of one of them, and is skipped wrongly.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    accepted: HashSet<u64>,
    handed_over: HashSet<u64>,
    hasher: RandomState,
}

/// The keys of a journal line that matter here.
#[derive(Deserialize)]
struct Record {
    action: Option<String>,
    object_id: Option<String>,
    account_id: Option<String>,
    outcome: String,
    reason: Option<String>,
}

impl Earlier {
    /// What the journal at `path` says, without touching it; empty if the file doesn't exist.
    pub(crate) fn at(path: &Path) -> Result<Self, CliError> {
        check_kind(path)?;
        match File::open(path) {
            Ok(file) => Ok(Self::read(&file, path)?.0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(cannot("open", path, &error)),
        }
    }

    /// Why `message` need not be sent again, if it was accepted or handed over. A message without an ID is always sent.
    pub(crate) fn reason_to_skip(&self, message: &Message) -> Option<&'static str> {
        let key = self.key(Some(message.action.name()), &message.ids)?;
        if self.accepted.contains(&key) {
            Some(ACCEPTED)
        } else {
            self.handed_over.contains(&key).then_some(WAS_HANDED_OVER)
        }
    }

    /// Adds a message that was accepted or handed over.
    pub(super) fn add(&mut self, result: &MessageResult) {
        let key = self.key(result.action.map(Action::name), &result.ids);
        match result.outcome {
            Outcome::Accepted => self.accepted.extend(key),
            Outcome::Skipped => self.handed_over.extend(key),
            _ => {}
        }
    }

    fn key(&self, action: Option<&str>, ids: &Ids) -> Option<u64> {
        let page = ids.account_id.as_deref().unwrap_or_default();
        let message = (action?, ids.object_id.as_deref()?, page);
        Some(self.hasher.hash_one(message))
    }

    /// Reads the journal `file`, and finds where its last whole line ends.
    pub(super) fn read(file: &File, path: &Path) -> Result<(Self, u64), CliError> {
        let cannot_read = |error| cannot("read", path, &error);
        let mut earlier = Earlier::default();
        let mut reader = BufReader::with_capacity(1 << 20, file);
        // A file of another kind may have no line breaks, so look at its beginning before reading a line.
        let beginning = reader.fill_buf().map_err(cannot_read)?;
        if !BEGINNING.starts_with(&beginning[..beginning.len().min(BEGINNING.len())]) {
            return Err(not_a_journal(path, 1));
        }
        let (mut line, mut end) = (Vec::new(), 0);
        for number in 1.. {
            line.clear();
            reader.read_until(b'\n', &mut line).map_err(cannot_read)?;
            if !line.ends_with(b"\n") {
                if is_torn(&line) {
                    break;
                }
                return Err(not_a_journal(path, number));
            }
            earlier
                .add_line(&line)
                .map_err(|_| not_a_journal(path, number))?;
            end += line.len() as u64;
        }
        Ok((earlier, end))
    }

    fn add_line(&mut self, line: &[u8]) -> serde_json::Result<()> {
        let record: Record = serde_json::from_slice(line)?;
        let ids = Ids {
            object_id: record.object_id,
            account_id: record.account_id,
            ..Ids::default()
        };
        let key = self.key(record.action.as_deref(), &ids);
        if record.outcome == "accepted" {
            self.accepted.extend(key);
        } else if record.reason.as_deref() == Some(HANDED_OVER) {
            self.handed_over.extend(key);
        }
        Ok(())
    }
}

/// Whether a last line without a line break is part of a result, which a killed run left, or the zeros that a crash of
/// the machine can leave at the end of a file that was growing.
fn is_torn(text: &[u8]) -> bool {
    text.starts_with(BEGINNING) || BEGINNING.starts_with(text) || text.iter().all(|byte| *byte == 0)
}

fn not_a_journal(path: &Path, line: u64) -> CliError {
    let shown = path.display();
    CliError::configuration(format!(
        "{shown} is not a journal of lexbot: line {line} is not a result"
    ))
    .hint("it was left as it is; give --journal another file")
}
