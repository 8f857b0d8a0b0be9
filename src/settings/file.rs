//! Reads and replaces the configuration file. Concurrent runs of lexbot don't lose each other's changes.
//!
//! The file must be a regular file, not too large, and UTF-8.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::error::{CliError, reason};
use crate::fs::{create_private_directory, directory_of, follow_links, open_private, replace};

/// Far more than settings need: a larger file must be some other file.
const MAX_SIZE: u64 = 1024 * 1024;

/// The content of a configuration file.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) text: String,
    /// Whether users other than its owner can read it.
    pub(crate) open_to_others: bool,
}

/// Reads the file at `path`; `None` if it doesn't exist.
///
/// The null device is an empty file. Anything else that isn't a regular file is refused before it is opened: opening
/// a pipe could block forever.
pub(crate) fn read(path: &Path) -> Result<Option<Contents>, CliError> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cannot_read(path, &reason(&error))),
    };
    if is_null_device(path, &metadata) {
        return Ok(Some(Contents::default()));
    }
    if let Some(problem) = not_a_file(&metadata) {
        return Err(cannot_read(path, problem));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_SIZE + 1).read_to_end(&mut bytes))
        .map_err(|error| cannot_read(path, &reason(&error)))?;
    Ok(Some(Contents {
        text: to_text(path, bytes)?,
        open_to_others: is_open_to_others(&metadata),
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

#[cfg(unix)]
fn is_open_to_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.mode() & 0o044 != 0
}

/// On Windows, files in the user's own folders inherit rights for that user only.
#[cfg(not(unix))]
fn is_open_to_others(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn is_null_device(_: &Path, metadata: &Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
    metadata.file_type().is_char_device()
        && fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == metadata.rdev())
}

#[cfg(not(unix))]
fn is_null_device(path: &Path, _: &Metadata) -> bool {
    path.as_os_str().eq_ignore_ascii_case("NUL")
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
        Ok(read(&self.file)?.unwrap_or_default().text)
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
