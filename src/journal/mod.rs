//! The journal: results on disk, so that the same command can be run again until everything is accepted.
//!
//! It holds the lines that `--json` prints. They are not flushed to the disk: one that is lost when the power fails
//! costs a second request for its message, which does no harm.

mod earlier;

pub(crate) use earlier::Earlier;

use std::fs::{self, File, TryLockError};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{CliError, reason};
use crate::fs::{is_at, open_private_to_append};
use crate::handed_over::HANDED_OVER;
use crate::message_result::MessageResult;
use crate::outcome::Outcome;
use crate::output::json_line;

/// How often to look whether the journal was renamed or deleted.
const ROTATION_POLL: Duration = Duration::from_secs(1);

/// An open journal that no other process has open.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    /// What was accepted or handed over so far.
    pub(crate) earlier: Earlier,
    /// When the path was last checked for a rotation.
    rotation_checked: Instant,
}

impl Journal {
    /// Opens or creates the journal at `path` and reads what it holds.
    ///
    /// A file that isn't a journal is left as it is, and so is one that another process has open.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let file = open_locked(path)?;
        let (earlier, end) = Earlier::read(&file, path)?;
        // Removes an incomplete last line, which a killed run left; its message is sent again.
        file.set_len(end)
            .map_err(|error| cannot("write to", path, &error))?;
        Ok(Journal {
            path: path.to_owned(),
            file,
            earlier,
            rotation_checked: Instant::now(),
        })
    }

    /// Appends `result`. A skipped message is left out, because the next run skips it, too; one that was handed over
    /// is not, because the next run may have another list.
    ///
    /// If writing fails, no part of the line stays in the file.
    pub(crate) fn append(&mut self, result: &MessageResult) -> anyhow::Result<()> {
        if result.outcome == Outcome::Skipped && result.reason != HANDED_OVER {
            return Ok(());
        }
        self.follow_rotation()?;
        let line = json_line(result)? + "\n";
        self.write(line.as_bytes())
            .map_err(|error| cannot("write to", &self.path, &error))?;
        self.earlier.add(result);
        Ok(())
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        // Another process may have shortened the file.
        self.file.seek(SeekFrom::End(0))?;
        let mut rest = line;
        let error = loop {
            match self.file.write(rest) {
                Ok(0) => break io::ErrorKind::WriteZero.into(),
                Ok(count) if count == rest.len() => return Ok(()),
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break error,
            }
        };
        let written = (line.len() - rest.len()) as u64;
        if let Ok(metadata) = self.file.metadata() {
            // If this fails, too, the next run removes the incomplete line.
            let _ = self.file.set_len(metadata.len().saturating_sub(written));
        }
        Err(error)
    }

    /// Opens a new file where the journal was renamed or deleted, as log rotation does.
    fn follow_rotation(&mut self) -> Result<(), CliError> {
        if self.rotation_checked.elapsed() < ROTATION_POLL {
            return Ok(());
        }
        self.rotation_checked = Instant::now();
        if !is_at(&self.file, &self.path) {
            self.file = open_locked(&self.path)?;
        }
        Ok(())
    }
}

/// Opens or creates the journal at `path`, and locks it against other processes.
fn open_locked(path: &Path) -> Result<File, CliError> {
    check_kind(path)?;
    let file = open_private_to_append(path).map_err(|error| cannot("open", path, &error))?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => {
            let shown = path.display();
            CliError::configuration(format!("another lexbot is using the journal {shown}"))
                .hint("wait for it to end, or give each run a journal of its own")
        }
        TryLockError::Error(error) => cannot("lock", path, &error),
    })?;
    Ok(file)
}

/// Refuses what can't be a journal: a FIFO would block, and a device keeps nothing.
fn check_kind(path: &Path) -> Result<(), CliError> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(CliError::configuration(format!(
            "{shown} is not a regular file, so it can't be a journal"
        ))
        .hint("give --journal a file of its own")),
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
            Err(CliError::configuration(format!(
                "the journal {shown} is a link to a file that isn't there"
            ))
            .hint("remove the link, or name the file itself"))
        }
        _ => Ok(()),
    }
}

/// The error if the system can't `do_what` with the journal at `path`.
fn cannot(do_what: &str, path: &Path, error: &io::Error) -> CliError {
    let (shown, reason) = (path.display(), reason(error));
    CliError::configuration(format!("cannot {do_what} the journal {shown}: {reason}")).hint(
        match do_what {
            "open" => "give --journal a file that you may write to",
            "lock" => "put it on a local disk",
            _ => "free some space or repair the disk, and run it again: what the journal holds is skipped",
        },
    )
}

#[cfg(test)]
mod tests;
