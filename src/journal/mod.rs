//! The journal: results on disk, so that the same command can be run again until everything is accepted.
//!
//! It holds the lines that `--json` prints. One that is lost, because the power failed before it reached the disk,
//! costs a second request for a message, which does no harm; so nothing is flushed beyond what the system does.

mod earlier;
mod file;

pub(crate) use earlier::Earlier;

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::CliError;
use crate::fs::is_at;
use crate::handed_over::HANDED_OVER;
use crate::outcome::Outcome;
use crate::output::json_line;
use crate::result::MessageResult;
use file::{cannot, open_locked};

/// How often to look whether the journal was renamed or deleted.
const ROTATION_POLL: Duration = Duration::from_secs(1);

/// An open journal that no other process has open.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    earlier: Earlier,
    looked: Instant,
}

impl Journal {
    /// Opens or creates the journal at `path` and reads what it holds.
    ///
    /// A file that isn't a journal is left as it is, and so is one that another process has open.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let file = open_locked(path)?;
        let (earlier, end) = Earlier::read(&file, path)?;
        // What a kill left of a last line goes; its message is sent again.
        file.set_len(end)
            .and_then(|()| (&file).seek(SeekFrom::End(0)))
            .map_err(|error| cannot("write to", path, &error))?;
        Ok(Journal {
            path: path.to_owned(),
            file,
            earlier,
            looked: Instant::now(),
        })
    }

    /// What was accepted or handed over so far.
    pub(crate) fn earlier(&self) -> &Earlier {
        &self.earlier
    }

    /// Appends `result`. A skipped message is left out, because the next run skips it, too; one that was handed over
    /// is not, because the next run may have another list.
    ///
    /// A result that can't be written leaves nothing of itself behind.
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
        let mut written = 0;
        while written < line.len() {
            match self.file.write(&line[written..]) {
                Ok(0) => return self.roll_back(written, io::ErrorKind::WriteZero.into()),
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return self.roll_back(written, error),
            }
        }
        Ok(())
    }

    /// Removes the `written` bytes at the end of the file.
    fn roll_back(&mut self, written: usize, error: io::Error) -> io::Result<()> {
        if written > 0
            && let Ok(metadata) = self.file.metadata()
        {
            // If this fails, too, the next run removes them.
            let _ = self
                .file
                .set_len(metadata.len().saturating_sub(written as u64));
        }
        Err(error)
    }

    /// Goes on with a new file where the journal was renamed or deleted, as log rotation does.
    fn follow_rotation(&mut self) -> Result<(), CliError> {
        if self.looked.elapsed() < ROTATION_POLL {
            return Ok(());
        }
        self.looked = Instant::now();
        if !is_at(&self.file, &self.path) {
            self.file = open_locked(&self.path)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
