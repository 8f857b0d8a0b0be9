//! What a journal says was accepted.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _};
use std::path::Path;

use memchr::memmem;
use serde::{Deserialize, de};

use super::{cannot, refuse_other_kinds};
use crate::api::Action;
use crate::error::CliError;
use crate::input::MAX_VALUE;
use crate::message::Ids;

/// How every line of a journal begins, whole or torn.
const BEGINNING: &[u8] = br#"{"action":""#;

/// The longest line: a result whose ID is as large as a value can be, every byte of it escaped.
const MAX_LINE: u64 = 8 * MAX_VALUE as u64;

/// The shortest line of an accepted message, in bytes, roughly.
const MIN_LINE: u64 = 200;

/// The messages that were accepted, each for an action.
#[derive(Debug, Default)]
pub(crate) struct Accepted(HashSet<u128, BuildHasherDefault<HashedAlready>>);

/// Takes a part of a key, which is a hash itself, for its hash.
#[derive(Debug, Default)]
struct HashedAlready(u64);

impl Hasher for HashedAlready {
    fn write(&mut self, bytes: &[u8]) {
        let mut low = [0; 8];
        low.copy_from_slice(&bytes[..8]);
        self.0 = u64::from_ne_bytes(low);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What a line of a journal is read for.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow)]
    object_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    account_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    outcome: Option<Cow<'a, str>>,
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
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        let lines_at_most = usize::try_from(size / MIN_LINE).unwrap_or_default();
        let mut accepted =
            HashSet::with_capacity_and_hasher(lines_at_most, BuildHasherDefault::default());
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let (mut line, mut number, mut end) = (Vec::new(), 0, 0);
        loop {
            line.clear();
            let count = reader
                .by_ref()
                .take(MAX_LINE)
                .read_until(b'\n', &mut line)
                .map_err(|error| cannot("read", path, &error))?;
            number += 1;
            let Some(text) = line.strip_suffix(b"\n") else {
                if count == 0 || is_torn(&line) {
                    break;
                }
                return Err(not_a_journal(path, number));
            };
            match accepted_key(text) {
                Ok(key) => accepted.extend(key),
                Err(_) => return Err(not_a_journal(path, number)),
            }
            end += count as u64;
        }
        Ok((Accepted(accepted), end))
    }
}

/// The key of the message of a result, if it was accepted.
fn accepted_key(line: &[u8]) -> serde_json::Result<Option<u128>> {
    // Nearly all lines of a long journal look like this. A quote within a string is escaped, so these are keys.
    let keys = memmem::find(line, b",\"ok\":true,\"outcome\":\"accepted\",");
    if let Some(ids) = keys.map(|end| &line[..end])
        && let Ok(record) = serde_json::from_slice::<Record>(&[ids, b"}"].concat())
    {
        return Ok(record.key());
    }
    let record: Record = serde_json::from_slice(line)?;
    let outcome = record.outcome.as_deref();
    let outcome = outcome.ok_or_else(|| de::Error::missing_field("outcome"))?;
    Ok((outcome == "accepted").then(|| record.key()).flatten())
}

impl Record<'_> {
    fn key(&self) -> Option<u128> {
        let id = self.object_id.as_ref()?;
        Some(key(&self.action, id, self.account_id.as_deref()))
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
