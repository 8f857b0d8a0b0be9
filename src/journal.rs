//! The journal: results on disk, so that the same command can be run again until everything is accepted.
//!
//! It holds the lines that `--json` prints. One that is lost, because the power failed before it reached the disk,
//! costs a second request for a message, which does no harm; so nothing is flushed beyond what the system does.

use std::collections::HashSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::api::Action;
use crate::fault::Fault;
use crate::input::{Line, Lines};
use crate::io_error::reason;
use crate::outcome::{Kind, Outcome};
use crate::report::json_line;

/// How every line of a journal begins, whole or torn.
const BEGINNING: &[u8] = br#"{"action":""#;

/// The longest line: a result with the largest body that is kept, every byte of it escaped.
const LONGEST_LINE: usize = 1 << 20;

/// An open journal that no other process has open.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    accepted: HashSet<u128>,
}

/// What a journal is read for.
#[derive(Deserialize)]
struct Record {
    action: String,
    object_id: Option<String>,
    account_id: Option<String>,
    outcome: String,
}

impl Journal {
    /// Opens or creates the journal at `path` and reads what it holds.
    ///
    /// A file that isn't a journal is left as it is, and so is one that another process has open.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let shown = path.display();
        if path.exists() && !path.is_file() {
            return Err(Fault::configuration(format!(
                "{shown} is not a regular file, so it can't be a journal"
            ))
            .hint("give --journal a file of its own")
            .into());
        }
        let file = options.open(path).map_err(|error| {
            Fault::configuration(format!(
                "cannot open the journal {shown}: {}",
                reason(&error)
            ))
            .hint("give --journal a file that you may write to")
        })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Fault::configuration(format!(
                    "another lexbot is using the journal {shown}"
                ))
                .hint("wait for it to end, or give each run a journal of its own")
                .into());
            }
            Err(TryLockError::Error(error)) => {
                return Err(Fault::configuration(format!(
                    "cannot lock the journal {shown}: {}",
                    reason(&error)
                ))
                .hint("put it on a local disk")
                .into());
            }
        }
        let mut journal = Journal {
            path: path.to_owned(),
            file,
            accepted: HashSet::new(),
        };
        journal.load()?;
        Ok(journal)
    }

    /// Whether a message was accepted for `action` already.
    pub(crate) fn has(
        &self,
        action: Action,
        object_id: Option<&str>,
        account_id: Option<&str>,
    ) -> bool {
        object_id.is_some_and(|id| self.accepted.contains(&key(action.name(), id, account_id)))
    }

    /// Appends `outcome`. One that was skipped is left out: it says nothing new, and the next run would skip it too.
    pub(crate) fn note(&mut self, outcome: &Outcome) -> anyhow::Result<()> {
        let kind = outcome.verdict.kind();
        if kind == Kind::Skipped {
            return Ok(());
        }
        // One write for line and line break: nobody sees half a line unless the disk is full.
        let line = json_line(outcome)? + "\n";
        self.file
            .write_all(line.as_bytes())
            .map_err(|error| self.cannot("write to", &error))?;
        if kind == Kind::Accepted
            && let Some(id) = &outcome.object_id
        {
            let account_id = outcome.account_id.as_deref();
            self.accepted
                .insert(key(outcome.action.name(), id, account_id));
        }
        Ok(())
    }

    fn load(&mut self) -> anyhow::Result<()> {
        let reader = BufReader::with_capacity(64 << 10, &self.file);
        let mut lines = Lines::new(reader, LONGEST_LINE);
        let mut accepted = HashSet::new();
        let mut end = 0;
        let torn = loop {
            let line = lines.next().map_err(|error| self.cannot("read", &error))?;
            let text = match line {
                None => break false,
                Some(Line::Text(text)) => text,
                Some(Line::TooLong) => return Err(self.not_a_journal(lines.number()).into()),
            };
            let whole = lines.position() - end > text.len() as u64;
            match serde_json::from_slice::<Record>(&text) {
                Ok(record) if whole => {
                    if record.outcome == "accepted"
                        && let Some(id) = &record.object_id
                    {
                        accepted.insert(key(&record.action, id, record.account_id.as_deref()));
                    }
                    end = lines.position();
                }
                // The last line was torn when the run was killed: it goes, and its message is sent again.
                _ if !whole && (text.starts_with(BEGINNING) || BEGINNING.starts_with(&text)) => {
                    break true;
                }
                _ => return Err(self.not_a_journal(lines.number()).into()),
            }
        };
        drop(lines);
        self.accepted = accepted;
        let continue_there = || -> io::Result<()> {
            if torn {
                self.file.set_len(end)?;
            }
            (&self.file).seek(SeekFrom::Start(end))?;
            Ok(())
        };
        continue_there().map_err(|error| self.cannot("write to", &error).into())
    }

    fn cannot(&self, do_what: &str, error: &io::Error) -> Fault {
        let path = self.path.display();
        Fault::configuration(format!(
            "cannot {do_what} the journal {path}: {}",
            reason(error)
        ))
        .hint("make room or mend the disk, and run it again: what the journal holds is skipped")
    }

    fn not_a_journal(&self, line: u64) -> Fault {
        Fault::configuration(format!(
            "{} is not a journal of lexbot: line {line} is not a result",
            self.path.display()
        ))
        .hint("it was left as it is; give --journal another file")
    }
}

/// What tells messages apart: 128 bits of a hash, so that a long journal needs little memory and no two messages
/// are taken for one.
fn key(action: &str, object_id: &str, account_id: Option<&str>) -> u128 {
    let text = format!("{action}\n{}\n{object_id}", account_id.unwrap_or_default());
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    u128::from_be_bytes(bytes)
}
