//! Replaces the configuration file as if the power could fail at any moment: a reader finds the old file or
//! the new one, whole, and two writers don't lose each other's changes.
//!
//! On Unix the file is the owner's alone. On Windows it inherits that from the user's own folders.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::file::{self, not_a_file};
use crate::error::CliError;
use crate::io_error::reason;

/// More links than this in a row are a loop.
const MAX_LINKS: usize = 40;

/// The file to be replaced, links followed: they stay links.
pub(crate) struct Target {
    named: PathBuf,
    file: PathBuf,
    directory: PathBuf,
}

impl Target {
    /// Finds the file that `path` leads to. It need not be there, but if something is, it must be a file.
    pub(crate) fn find(path: &Path) -> Result<Self, CliError> {
        let file = follow_links(path).map_err(|error| no_target(path, &reason(&error)))?;
        if let Some(problem) = fs::metadata(&file).ok().as_ref().and_then(not_a_file) {
            return Err(no_target(path, problem));
        }
        let directory = match file.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        Ok(Target {
            named: path.to_owned(),
            file,
            directory,
        })
    }

    /// The file's text; empty where there is no file.
    pub(crate) fn read(&self) -> Result<String, CliError> {
        Ok(file::read(&self.file)?.unwrap_or_default().text)
    }

    /// Replaces the file's text by what `edit` makes of it; returns the new text.
    ///
    /// No other run of lexbot changes it meanwhile. If anything fails, `edit` included, the file is as it was.
    pub(crate) fn update(
        &self,
        edit: impl FnOnce(&str) -> Result<String, CliError>,
    ) -> Result<String, CliError> {
        let failed = |error: io::Error| cannot_write(&self.named, &reason(&error));
        create_directory(&self.directory).map_err(|error| {
            CliError::configuration(format!(
                "cannot create the directory {}: {}",
                self.directory.display(),
                reason(&error)
            ))
            .hint("create it, or name another file with --config or LEXBOT_CONFIG")
        })?;
        let _held_until_the_end = self.lock().map_err(failed)?;
        let text = edit(&self.read()?)?;
        self.replace(&text).map_err(failed)?;
        Ok(text)
    }

    /// Waits for the lock on a file beside the target: the target itself is replaced, and its lock with it.
    fn lock(&self) -> io::Result<File> {
        let mut path = self.file.clone().into_os_string();
        path.push(".lock");
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = options.open(path)?;
        lock.lock()?;
        Ok(lock)
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        let mut new = tempfile::Builder::new()
            .prefix(".lexbot-")
            .suffix(".tmp")
            .tempfile_in(&self.directory)?;
        make_private(new.as_file())?;
        new.write_all(text.as_bytes())?;
        new.as_file().sync_all()?;
        new.persist(&self.file).map_err(|error| error.error)?;
        sync_directory(&self.directory)
    }
}

fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        if !fs::symlink_metadata(&target).is_ok_and(|metadata| metadata.is_symlink()) {
            return Ok(target);
        }
        let next = fs::read_link(&target)?;
        target = match target.parent() {
            Some(directory) => directory.join(next),
            None => next,
        };
    }
    Err(io::Error::other("it is a loop of symbolic links"))
}

#[cfg(unix)]
fn create_directory(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(not(unix))]
fn create_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// The umask may have taken from the mode that the file was created with, or a file system may have added to it.
#[cfg(unix)]
fn make_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

/// Makes the new name last, where the file system can and the directory may be read.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, Unsupported};
    let Ok(directory) = File::open(path) else {
        return Ok(());
    };
    match directory.sync_all() {
        Err(error) if matches!(error.kind(), InvalidInput | Unsupported) => Ok(()),
        other => other,
    }
}

/// Windows has no such call; its file systems keep the order of renames.
#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

fn no_target(path: &Path, why: &str) -> CliError {
    CliError::configuration(format!("cannot write {}: {why}", path.display()))
        .hint("name another file with --config or LEXBOT_CONFIG")
}

fn cannot_write(path: &Path, why: &str) -> CliError {
    CliError::configuration(format!("cannot write {}: {why}", path.display()))
        .hint("it is as it was; see that its directory can be written to and has room")
}
