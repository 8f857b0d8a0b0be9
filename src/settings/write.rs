//! Replaces the configuration file. Concurrent runs of lexbot don't lose each other's changes.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::file::{self, not_a_file};
use crate::error::{CliError, reason};
use crate::fs::{create_private_directory, directory_of, follow_links, open_private, replace};

/// The file to replace. Symbolic links to it stay links.
pub(crate) struct Target {
    /// As the user wrote it.
    named: PathBuf,
    /// The end of the links.
    file: PathBuf,
}

impl Target {
    /// Follows the links from `path`. The file need not exist, but nothing except a file may be in its place.
    pub(crate) fn find(path: &Path) -> Result<Self, CliError> {
        let unusable = |problem: &str| {
            cannot_write(path, problem).hint("name another file with --config or LEXBOT_CONFIG")
        };
        let file = follow_links(path).map_err(|error| unusable(&reason(&error)))?;
        if let Some(problem) = fs::metadata(&file).ok().as_ref().and_then(not_a_file) {
            return Err(unusable(problem));
        }
        Ok(Target {
            named: path.to_owned(),
            file,
        })
    }

    /// The file's text; empty if it doesn't exist.
    pub(crate) fn read(&self) -> Result<String, CliError> {
        Ok(file::read(&self.file)?.unwrap_or_default().text)
    }

    /// Replaces the file's text by the result of `edit`, and returns it.
    ///
    /// No other run of lexbot changes the file meanwhile. If anything fails, including `edit`, it stays as it was.
    pub(crate) fn update(
        &self,
        edit: impl FnOnce(&str) -> Result<String, CliError>,
    ) -> Result<String, CliError> {
        let failed = |error: io::Error| {
            cannot_write(&self.named, &reason(&error))
                .hint("the file is unchanged; check that its directory is writable and the disk has space")
        };
        let directory = directory_of(&self.file);
        create_private_directory(directory).map_err(|error| {
            CliError::configuration(format!(
                "cannot create the directory {}: {}",
                directory.display(),
                reason(&error)
            ))
            .hint("create it, or name another file with --config or LEXBOT_CONFIG")
        })?;
        let _held_until_the_end = self.lock().map_err(failed)?;
        let text = edit(&self.read()?)?;
        replace(&self.file, text.as_bytes()).map_err(failed)?;
        Ok(text)
    }

    /// Waits for the lock on a file beside the target: the target itself is replaced, and its lock with it.
    fn lock(&self) -> io::Result<File> {
        let mut path = self.file.clone().into_os_string();
        path.push(".lock");
        let lock = open_private(Path::new(&path))?;
        lock.lock()?;
        Ok(lock)
    }
}

fn cannot_write(path: &Path, problem: &str) -> CliError {
    CliError::configuration(format!("cannot write {}: {problem}", path.display()))
}
