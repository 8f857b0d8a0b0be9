//! What a journal says of earlier messages: which were accepted, and which handed over.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _};
use std::path::Path;

use memchr::memmem;
use serde::Deserialize;

use super::file::{cannot, refuse_other_kinds};
use crate::api::Action;
use crate::error::CliError;
use crate::handed_over::HANDED_OVER;
use crate::input::MAX_VALUE;
use crate::message::{Ids, Message};
use crate::outcome::Outcome;
use crate::result::MessageResult;

/// How every line of a journal begins, whole or torn.
const BEGINNING: &[u8] = br#"{"action":"#;

/// The longest line: a result whose ID is as large as a value can be, every byte of it escaped.
const MAX_LINE: u64 = 8 * MAX_VALUE as u64;

/// Why a message that was accepted earlier is skipped.
const ACCEPTED: &str = "the journal has it as accepted";

/// Why a message that was handed over earlier is skipped.
const WAS_HANDED_OVER: &str = "the journal has it as handed over";

/// The messages that are not sent again, each with its action.
///
/// A key is 128 bits of a hash, so that a long journal needs little memory and no two messages are taken for one.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    /// The accepted ones of the file, sorted: a million of them fill a table much more slowly than a list.
    accepted: Vec<u128>,
    /// Those that were accepted since.
    added: HashSet<u128>,
    handed_over: HashSet<u128>,
    hashers: [RandomState; 2],
}

/// What a line of a journal is read for.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    action: Option<Cow<'a, str>>,
    #[serde(borrow)]
    object_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    account_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    outcome: Cow<'a, str>,
    #[serde(borrow, default)]
    reason: Option<Cow<'a, str>>,
}

impl Earlier {
    /// What the journal at `path` says, without touching it; empty if the file doesn't exist.
    pub(crate) fn at(path: &Path) -> Result<Self, CliError> {
        refuse_other_kinds(path)?;
        match File::open(path) {
            Ok(file) => Ok(Self::read(&file, path)?.0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(cannot("open", path, &error)),
        }
    }

    /// Why `message` need not be sent again, if it was accepted or handed over. Without a message ID that is unknown.
    pub(crate) fn reason_to_skip(&self, message: &Message) -> Option<&'static str> {
        let key = self.key_of(Some(message.action), &message.ids)?;
        if self.accepted.binary_search(&key).is_ok() || self.added.contains(&key) {
            Some(ACCEPTED)
        } else {
            self.handed_over.contains(&key).then_some(WAS_HANDED_OVER)
        }
    }

    /// Adds a message that was accepted or handed over.
    pub(super) fn add(&mut self, result: &MessageResult) {
        let key = || self.key_of(result.action, &result.ids);
        match result.outcome {
            Outcome::Accepted => self.added.extend(key()),
            Outcome::Skipped => self.handed_over.extend(key()),
            _ => {}
        }
    }

    fn key_of(&self, action: Option<Action>, ids: &Ids) -> Option<u128> {
        self.key(
            action.map(Action::name),
            ids.object_id.as_deref(),
            ids.account_id.as_deref(),
        )
    }

    fn key(
        &self,
        action: Option<&str>,
        object_id: Option<&str>,
        account_id: Option<&str>,
    ) -> Option<u128> {
        let message = (action?, object_id?, account_id.unwrap_or_default());
        let [high, low] = self
            .hashers
            .each_ref()
            .map(|hasher| u128::from(hasher.hash_one(message)));
        Some(high << 64 | low)
    }

    /// Reads the journal `file`, and finds where its last whole line ends.
    pub(super) fn read(mut file: &File, path: &Path) -> Result<(Self, u64), CliError> {
        // A file of another kind may have no line breaks: its beginning shows that, before a line is read.
        let mut beginning = Vec::new();
        file.take(BEGINNING.len() as u64)
            .read_to_end(&mut beginning)
            .and_then(|_| file.rewind())
            .map_err(|error| cannot("read", path, &error))?;
        if !BEGINNING.starts_with(&beginning) {
            return Err(not_a_journal(path, 1));
        }
        let mut earlier = Earlier::default();
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let (mut keys, mut line, mut number, mut end) = (Vec::new(), Vec::new(), 0, 0);
        loop {
            line.clear();
            let count = reader
                .by_ref()
                .take(MAX_LINE)
                .read_until(b'\n', &mut line)
                .map_err(|error| cannot("read", path, &error))?;
            number += 1;
            if !line.ends_with(b"\n") {
                if count == 0 || is_torn(&line) {
                    break;
                }
                return Err(not_a_journal(path, number));
            }
            let Ok(record) = parse(&mut line) else {
                return Err(not_a_journal(path, number));
            };
            let key = earlier.key(
                record.action.as_deref(),
                record.object_id.as_deref(),
                record.account_id.as_deref(),
            );
            if record.outcome == "accepted" {
                keys.extend(key);
            } else if record.reason.as_deref() == Some(HANDED_OVER) {
                earlier.handed_over.extend(key);
            }
            end += count as u64;
        }
        keys.sort_unstable();
        earlier.accepted = keys;
        Ok((earlier, end))
    }
}

fn parse(line: &mut Vec<u8>) -> serde_json::Result<Record<'_>> {
    // Nearly all lines look like this, and most of their time would go into what comes after the IDs. A quote within a
    // string is escaped, so these are keys.
    if let Some(end) = memmem::find(line, br#","ok":true,"outcome":"accepted","#) {
        line.truncate(end);
        line.extend_from_slice(br#","outcome":"accepted"}"#);
    }
    serde_json::from_slice(line)
}

/// Whether a last line without a line break can be what a kill left of a result, or a crash of the machine of a file
/// that had just grown.
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
