//! What a journal says was accepted.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _};
use std::path::Path;

use serde::Deserialize;

use super::{cannot, refuse_other_kinds};
use crate::api::Action;
use crate::error::CliError;
use crate::input::MAX_VALUE;
use crate::message::Ids;

/// How every line of a journal begins, whole or torn.
const BEGINNING: &[u8] = br#"{"action":""#;

/// The longest line: a result whose ID is as large as a value can be, every byte of it escaped.
const MAX_LINE: u64 = 8 * MAX_VALUE as u64;

/// The messages that were accepted, each for an action.
#[derive(Debug, Default)]
pub(crate) struct Accepted(HashSet<u128>);

/// What a line of a journal is read for.
#[derive(Deserialize)]
struct Record {
    action: String,
    object_id: Option<String>,
    account_id: Option<String>,
    outcome: String,
}

impl Accepted {
    /// What the journal at `path` says, without touching it; nothing where there is none.
    pub(crate) fn at(path: &Path) -> Result<Self, CliError> {
        refuse_other_kinds(path)?;
        match File::open(path) {
            Ok(file) => Ok(Self::read(&file, path)?.0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(cannot("open", path, &error)),
        }
    }

    /// Whether the message with these IDs was accepted for `action`. Without a message ID it is never known.
    pub(crate) fn contains(&self, action: Action, ids: &Ids) -> bool {
        let Ids {
            object_id,
            account_id,
        } = ids;
        object_id.as_ref().is_some_and(|id| {
            self.0
                .contains(&key(action.name(), id, account_id.as_deref()))
        })
    }

    /// Adds a message.
    pub(super) fn insert(&mut self, action: Action, ids: &Ids) {
        if let Some(id) = &ids.object_id {
            self.0
                .insert(key(action.name(), id, ids.account_id.as_deref()));
        }
    }

    /// Reads the journal `file`, and finds where its last whole line ends.
    pub(super) fn read(mut file: &File, path: &Path) -> Result<(Self, u64), CliError> {
        // A file of another kind may have no line breaks: it's told by its beginning, before a line is read.
        let mut beginning = Vec::new();
        file.take(BEGINNING.len() as u64)
            .read_to_end(&mut beginning)
            .and_then(|_| file.rewind())
            .map_err(|error| cannot("read", path, &error))?;
        if !BEGINNING.starts_with(&beginning) {
            return Err(not_a_journal(path, 1));
        }
        let mut reader = BufReader::with_capacity(64 << 10, file);
        let mut accepted = HashSet::new();
        let mut end = 0;
        let mut text = Vec::new();
        for line in 1.. {
            text.clear();
            let read = (&mut reader)
                .take(MAX_LINE)
                .read_until(b'\n', &mut text)
                .map_err(|error| cannot("read", path, &error))?;
            let is_whole = text.ends_with(b"\n");
            match serde_json::from_slice::<Record>(&text) {
                Ok(record) if is_whole => {
                    if record.outcome == "accepted"
                        && let Some(id) = &record.object_id
                    {
                        accepted.insert(key(&record.action, id, record.account_id.as_deref()));
                    }
                    end += read as u64;
                }
                _ if !is_whole && (read as u64) < MAX_LINE && is_torn(&text) => break,
                _ => return Err(not_a_journal(path, line)),
            }
        }
        Ok((Accepted(accepted), end))
    }
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

/// What tells messages apart: 128 bits of a hash, so that a long journal needs little memory and no two messages are
/// taken for one.
fn key(action: &str, object_id: &str, account_id: Option<&str>) -> u128 {
    let page = account_id.unwrap_or_default();
    // The length says where the page ends, whatever stands in it.
    let text = format!("{action} {} {page} {object_id}", page.len());
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    u128::from_be_bytes(bytes)
}
