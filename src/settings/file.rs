//! Reads and replaces the configuration file, and warns if other users can read or change it. Concurrent runs of lexbot
//! don't lose each other's changes.
//!
//! Anything readable can be read, including a pipe; only a regular file is written. Either must be UTF-8 and not too
//! large.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::Document;
use crate::error::{CliError, reason};
use crate::fs::{
    change_warning, create_private_directory, directory_of, follow_links, open_private,
    read_warning, remove_unfinished, replace,
};

/// Far more than settings need: a larger file must be some other file.
const MAX_SIZE: u64 = 1024 * 1024;

/// How long to wait for the lock. A run of lexbot holds it for milliseconds.
const MAX_LOCK_WAIT: Duration = Duration::from_secs(5);

/// The interval between attempts to take the lock. Unlike a blocking call, this never delays Ctrl-C.
const LOCK_POLL: Duration = Duration::from_millis(5);

/// Reads the file at `path`; `None` if it doesn't exist. Waits for a pipe that no process writes to yet.
pub(super) fn read(path: &Path) -> Result<Option<String>, CliError> {
    // Systems differ in what opening a directory does.
    if path.is_dir() {
        return Err(unusable("read", path, "it is a directory"));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SIZE + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => to_text(path, bytes).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable("read", path, &reason(&error))),
    }
}

fn to_text(path: &Path, bytes: Vec<u8>) -> Result<String, CliError> {
    if bytes.len() as u64 > MAX_SIZE {
        return Err(unusable("read", path, "it is larger than 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let text = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = text.split(|byte| *byte == b'\n').count();
        CliError::configuration(format!("{}:{line}: not UTF-8 text", path.display()))
            .hint("save the file with the encoding UTF-8")
    })
}

fn unusable(verb: &str, path: &Path, problem: &str) -> CliError {
    CliError::configuration(format!("cannot {verb} {}: {problem}", path.display()))
        .hint("correct that, or name another file with --config or LEXBOT_CONFIG")
}

/// Warnings if other users can change the file at `path`, if there is one, or a directory above it; and one if they can
/// read it and it holds a token.
pub(super) fn warnings(path: &Path, holds_token: bool) -> Vec<String> {
    let Ok(file) = fs::canonicalize(path) else {
        return Vec::new();
    };
    // Who can write to the directory of a link, or to any directory above the file, can replace the file.
    let mut places = vec![path, directory_of(path)];
    places.extend(file.ancestors().skip(1));
    places.dedup_by_key(|place| fs::canonicalize(place).ok());
    let mut warnings = Vec::new();
    if holds_token {
        warnings.extend(read_warning(path, "the token"));
    }
    let consequence = "where the token is sent and which commands lexbot runs";
    let change_warnings = places
        .into_iter()
        .filter_map(|place| change_warning(place, consequence));
    warnings.extend(change_warnings);
    warnings
}

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
        let file = follow_links(path).map_err(|error| unusable("write", path, &reason(&error)))?;
        if path.exists() && !path.is_file() {
            return Err(unusable("write", path, "it is not a regular file"));
        }
        Ok(Target {
            named: path.to_owned(),
            file,
        })
    }

    /// The parsed file; empty if it doesn't exist.
    pub(crate) fn read(&self) -> Result<Document, CliError> {
        Document::parse(&self.named, &read(&self.file)?.unwrap_or_default())
    }

    /// Replaces the file by the result of `edit`, and returns that.
    ///
    /// No other run of lexbot changes the file meanwhile. If anything fails, including `edit`, it stays as it was.
    pub(crate) fn update(
        &self,
        edit: impl FnOnce(Document) -> Result<Document, CliError>,
    ) -> Result<Document, CliError> {
        let directory = directory_of(&self.file);
        create_directory(directory)?;
        let lock = lock(&self.file)?;
        if lock.is_some() {
            remove_unfinished(directory);
        }
        let edited = edit(self.read()?)?;
        replace(&self.file, edited.text.as_bytes()).map_err(|error| {
            unusable("write", &self.named, &reason(&error))
                .hint("the file is unchanged; check its owner, the rights to its directory, and the space on the disk")
        })?;
        Ok(edited)
    }
}

/// Creates `directory` and those above it, but not the user's home directory, as git does: a wrong HOME is a mistake.
fn create_directory(directory: &Path) -> Result<(), CliError> {
    let home = dirs::home_dir().filter(|home| directory.starts_with(home) && !home.exists());
    let created = match home {
        Some(home) => Err(format!("there is no home directory {}", home.display())),
        None => create_private_directory(directory).map_err(|error| reason(&error)),
    };
    created.map_err(|problem| unusable("create the directory", directory, &problem))
}

/// Waits for the lock on the file `target`. `None` if it can't be locked, as in some network file systems: the file is
/// then replaced without it.
fn lock(target: &Path) -> Result<Option<File>, CliError> {
    // Not `target` itself, which is replaced, and not a lock file, which would stay behind. But Windows can't lock a
    // directory.
    let opened = if cfg!(unix) {
        File::open(directory_of(target))
    } else {
        open_private(&target.with_added_extension("lock"))
    };
    let Ok(file) = opened else {
        return Ok(None);
    };
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) if start.elapsed() < MAX_LOCK_WAIT => {
                thread::sleep(LOCK_POLL);
            }
            Err(TryLockError::WouldBlock) => {
                let path = target.display();
                return Err(CliError::configuration(format!(
                    "another process holds the lock on {path}"
                ))
                .hint("nothing was stored; run it again when the other process has ended"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_SIZE, to_text};
    use std::path::Path;

    #[test]
    fn refuses_a_large_file_and_invalid_utf8() {
        let path = Path::new("/c.toml");
        let largest = usize::try_from(MAX_SIZE).unwrap();
        assert_eq!(to_text(path, vec![b' '; largest]).unwrap().len(), largest);
        assert_eq!(
            to_text(path, vec![b' '; largest + 1])
                .unwrap_err()
                .to_string(),
            "cannot read /c.toml: it is larger than 1 MiB"
        );
        assert_eq!(
            to_text(path, b"a = 1\n# caf\xe9\n".to_vec())
                .unwrap_err()
                .to_string(),
            "/c.toml:2: not UTF-8 text"
        );
    }
}
