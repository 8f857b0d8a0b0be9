//! Reads the text of the configuration file, which must be a regular file, not too large, and UTF-8.

use std::fs::{self, Metadata};
use std::io::{self, Read as _};
use std::path::Path;

use crate::error::{CliError, reason};

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
    fs::File::open(path)
        .and_then(|file| file.take(MAX_SIZE + 1).read_to_end(&mut bytes))
        .map_err(|error| cannot_read(path, &reason(&error)))?;
    Ok(Some(Contents {
        text: to_text(path, bytes)?,
        open_to_others: is_open_to_others(&metadata),
    }))
}

/// What is wrong, if `metadata` isn't that of a regular file.
pub(crate) fn not_a_file(metadata: &Metadata) -> Option<&'static str> {
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
        "give yourself the right to read it, or name another file with --config"
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
