//! Reads and replaces the configuration file. Concurrent runs of lexbot don't lose each other's changes.
//!
//! Anything readable can be read, including a pipe; only a regular file is written. Either must be UTF-8 and not too
//! large.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::Document;
use crate::error::{CliError, reason};
use crate::fs::{create_private_directory, directory_of, follow_links, remove_unfinished, replace};

/// Far more than settings need: a larger file must be some other file.
const MAX_SIZE: u64 = 1024 * 1024;

/// How long another process may hold the lock. A run of lexbot holds it for milliseconds.
const MAX_LOCK_WAIT: Duration = Duration::from_secs(5);

/// How often to look whether the lock is free. Waiting this way, Ctrl-C always ends the run.
const LOCK_POLL: Duration = Duration::from_millis(5);

/// The content of a configuration file.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) text: String,
    /// What the system says about the file, unless it is a pipe or a device.
    pub(crate) metadata: Option<Metadata>,
}

/// Reads the file at `path`; `None` if it doesn't exist. Waits for a pipe that no process writes to yet.
pub(crate) fn read(path: &Path) -> Result<Option<Contents>, CliError> {
    let failed = |error: io::Error| cannot_read(path, &reason(&error));
    // Systems differ in what opening a directory does.
    if path.is_dir() {
        return Err(cannot_read(path, "it is a directory"));
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut bytes = Vec::new();
    (&file)
        .take(MAX_SIZE + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(Some(Contents {
        text: to_text(path, bytes)?,
        metadata: file.metadata().ok().filter(Metadata::is_file),
    }))
}

/// What is wrong, if `metadata` isn't that of a regular file.
fn not_a_file(metadata: &Metadata) -> Option<&'static str> {
    if metadata.is_file() {
        None
    } else if metadata.is_dir() {
        Some("it is a directory")
    } else {
        Some("it is not a regular file")
    }
}

fn to_text(path: &Path, bytes: Vec<u8>) -> Result<String, CliError> {
    if bytes.len() as u64 > MAX_SIZE {
        return Err(cannot_read(path, "it is larger than 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let text = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = text.split(|byte| *byte == b'\n').count();
        CliError::configuration(format!("{}:{line}: not UTF-8 text", path.display()))
            .hint("save the file with the encoding UTF-8")
    })
}

fn cannot_read(path: &Path, problem: &str) -> CliError {
    let hint = if problem == "permission denied" {
        "give yourself permission to read it, or name another file with --config"
    } else {
        "name a configuration file with --config or LEXBOT_CONFIG"
    };
    CliError::configuration(format!("cannot read {}: {problem}", path.display())).hint(hint)
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
        let unusable = |problem: &str| {
            cannot_write(path, problem).hint("name another file with --config or LEXBOT_CONFIG")
        };
        let file = follow_links(path).map_err(|error| unusable(&reason(&error)))?;
        if let Some(problem) = fs::metadata(path).ok().as_ref().and_then(not_a_file) {
            return Err(unusable(problem));
        }
        Ok(Target {
            named: path.to_owned(),
            file,
        })
    }

    /// What the file says; nothing if it doesn't exist.
    pub(crate) fn read(&self) -> Result<Document, CliError> {
        let text = read(&self.file)?.unwrap_or_default().text;
        Document::parse(&self.named, &text)
    }

    /// Replaces the file by the result of `edit`, and returns that.
    ///
    /// No other run of lexbot changes the file meanwhile. If anything fails, including `edit`, it stays as it was.
    pub(crate) fn update(
        &self,
        edit: impl FnOnce(Document) -> Result<Document, CliError>,
    ) -> Result<Document, CliError> {
        let failed = |error: io::Error| {
            cannot_write(&self.named, &reason(&error))
                .hint("the file is unchanged; check its owner, the rights to its directory, and the space on the disk")
        };
        let directory = directory_of(&self.file);
        create_directory(directory)?;
        let lock = lock(&self.file)?;
        if lock.is_some() {
            remove_unfinished(directory);
        }
        let edited = edit(self.read()?)?;
        if edited.text.len() as u64 > MAX_SIZE {
            return Err(cannot_write(&self.named, "it would be larger than 1 MiB")
                .hint("the file is unchanged; remove what isn't needed, or name another file with --config"));
        }
        replace(&self.file, edited.text.as_bytes()).map_err(failed)?;
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
    created.map_err(|problem| {
        CliError::configuration(format!(
            "cannot create the directory {}: {problem}",
            directory.display()
        ))
        .hint("create it, or name another file with --config or LEXBOT_CONFIG")
    })
}

/// Waits for the lock on the file `target`. `None` if it can't be locked, as in some network file systems: the file is
/// then replaced without it.
fn lock(target: &Path) -> Result<Option<File>, CliError> {
    let path = lock_path(target);
    let Ok(file) = open_lock(&path) else {
        return Ok(None);
    };
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) if start.elapsed() >= MAX_LOCK_WAIT => {
                return Err(CliError::configuration(format!(
                    "another process holds the lock on {}",
                    path.display()
                ))
                .hint("nothing was stored; run it again when the other process has ended"));
            }
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_POLL),
        }
    }
}

/// What to lock for `target`: its directory, because `target` itself is replaced and a lock file would stay behind.
#[cfg(unix)]
fn lock_path(target: &Path) -> PathBuf {
    directory_of(target).to_owned()
}

#[cfg(unix)]
fn open_lock(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Windows can only lock files.
#[cfg(not(unix))]
fn lock_path(target: &Path) -> PathBuf {
    let mut path = target.to_owned().into_os_string();
    path.push(".lock");
    path.into()
}

#[cfg(not(unix))]
fn open_lock(path: &Path) -> io::Result<File> {
    crate::fs::open_private(path)
}

fn cannot_write(path: &Path, problem: &str) -> CliError {
    CliError::configuration(format!("cannot write {}: {problem}", path.display()))
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
