//! Files that only their owner may read, and replacing one as if the power could fail at any moment.
//!
//! On Unix the modes are 0600 and 0700. On Windows, files inherit such rights from the user's own folders.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A longer chain of symbolic links is taken for a loop.
const MAX_LINKS: usize = 40;

/// Opens the file at `path` for reading and writing, and creates it if it doesn't exist.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    private_options().open(path)
}

/// Does the same, but every write goes to the end of the file, wherever that is by then.
///
/// Not on Windows, where a file opened that way can't be shortened.
pub(crate) fn open_private_to_append(path: &Path) -> io::Result<File> {
    private_options().append(cfg!(unix)).open(path)
}

fn private_options() -> OpenOptions {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether `path` leads to the open `file`, which somebody may have deleted or renamed.
#[cfg(unix)]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(there)) => open.ino() == there.ino() && open.dev() == there.dev(),
        _ => false,
    }
}

/// On Windows an open file can't be deleted or renamed.
#[cfg(not(unix))]
pub(crate) fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Creates the directory `path` and those above it, where they don't exist.
pub(crate) fn create_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Replaces the file at `path` by one with this content. A reader finds the old file or the new one, whole.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let directory = directory_of(path);
    let mut new = tempfile::Builder::new()
        .prefix(".lexbot-")
        .suffix(".tmp")
        .tempfile_in(directory)?;
    // The umask may have cleared bits of the mode that the file was created with.
    #[cfg(unix)]
    new.as_file()
        .set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    new.write_all(content)?;
    new.as_file().sync_all()?;
    new.persist(path).map_err(|error| error.error)?;
    if cfg!(unix) {
        sync_directory(directory)?;
    }
    Ok(())
}

/// The directory that the file at `path` is in.
pub(crate) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The path at the end of a chain of symbolic links. There need not be a file.
pub(crate) fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        if !target.is_symlink() {
            return Ok(target);
        }
        let directory = target.parent().unwrap_or(Path::new(""));
        target = directory.join(fs::read_link(&target)?);
    }
    Err(io::Error::other("it is a loop of symbolic links"))
}

/// Makes a rename durable, where the file system supports it and the directory is readable.
///
/// Windows has no such call; its file systems keep the order of renames.
fn sync_directory(path: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, Unsupported};
    match File::open(path).map(|directory| directory.sync_all()) {
        Ok(Err(error)) if !matches!(error.kind(), InvalidInput | Unsupported) => Err(error),
        _ => Ok(()),
    }
}
