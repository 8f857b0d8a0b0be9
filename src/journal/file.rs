//! The journal's file: opened for one process, and errors about it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use crate::error::{CliError, reason};
use crate::fs::open_private_to_append;

/// Opens or creates the journal at `path`, which no other process has open then.
pub(super) fn open_locked(path: &Path) -> Result<File, CliError> {
    refuse_other_kinds(path)?;
    let file = open_private_to_append(path).map_err(|error| cannot("open", path, &error))?;
    let shown = path.display();
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => {
            CliError::configuration(format!("another lexbot is using the journal {shown}"))
                .hint("wait for it to end, or give each run a journal of its own")
        }
        TryLockError::Error(error) => CliError::configuration(format!(
            "cannot lock the journal {shown}: {}",
            reason(&error)
        ))
        .hint("put it on a local disk"),
    })?;
    Ok(file)
}

/// A FIFO would block, a device would take anything: neither keeps what is written to it.
pub(super) fn refuse_other_kinds(path: &Path) -> Result<(), CliError> {
    let shown = path.display();
    let leads_nowhere =
        || fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    if path.is_symlink() && leads_nowhere() {
        return Err(CliError::configuration(format!(
            "the journal {shown} is a link to a file that isn't there"
        ))
        .hint("remove the link, or name the file itself"));
    }
    if path.exists() && !path.is_file() {
        return Err(CliError::configuration(format!(
            "{shown} is not a regular file, so it can't be a journal"
        ))
        .hint("give --journal a file of its own"));
    }
    Ok(())
}

/// The error if the system can't `do_what` with the journal at `path`.
pub(super) fn cannot(do_what: &str, path: &Path, error: &io::Error) -> CliError {
    let shown = path.display();
    CliError::configuration(format!(
        "cannot {do_what} the journal {shown}: {}",
        reason(error)
    ))
    .hint(match do_what {
        "open" => "give --journal a file that you may write to",
        _ => "free some space or repair the disk, and run it again: what the journal holds is skipped",
    })
}
