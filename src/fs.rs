//! Private files: creating one, warning about one that others can read or change, and replacing one so that even a power
//! failure leaves the old file or the new one.
//!
//! On Unix the modes are 0600 and 0700. On Windows, files inherit such rights from the user's own folders.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::shell;

/// How long to wait until another attempt to rename a file.
const RENAME_RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// A longer chain of symbolic links is taken for a loop.
const MAX_LINKS: usize = 40;

/// Others may read and write a file that is open, but not delete it.
#[cfg(windows)]
const SHARE_READ_AND_WRITE: u32 = 0x1 | 0x2;

/// How the names of the files that [`replace`] writes begin and end.
const TEMPORARY_PREFIX: &str = ".lexbot-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// Opens the file at `path` for reading and writing, and creates it if it doesn't exist.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    private_options().open(path)
}

/// Like [`open_private`], but every write goes to the end that the file has by then.
///
/// Windows can't shorten a file opened that way, so there a writer has to seek the end first.
pub(crate) fn open_private_to_append(path: &Path) -> io::Result<File> {
    private_options().append(cfg!(unix)).open(path)
}

fn private_options() -> OpenOptions {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, SHARE_READ_AND_WRITE);
    options
}

/// Whether the open `file` is still at `path`. Another process may have deleted or renamed it.
#[cfg(unix)]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(there)) => open.ino() == there.ino() && open.dev() == there.dev(),
        _ => false,
    }
}

/// On Windows, a file that [`open_private`] opened can't be deleted or renamed.
#[cfg(not(unix))]
pub(crate) fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// A warning if other users can read `what` in the file at `path`.
pub(crate) fn read_warning(path: &Path, what: &str) -> Option<String> {
    let (_, mode) = owner_and_mode(path)?;
    (mode & 0o044 != 0).then(|| {
        format!(
            "other users can read {what} in {}; to prevent that: chmod 600 {}",
            path.display(),
            shell::word(&path.to_string_lossy())
        )
    })
}

/// A warning if users other than this one and root can change the file or the directory at `path`, and with it what
/// `consequence` says.
pub(crate) fn change_warning(path: &Path, consequence: &str) -> Option<String> {
    const STICKY: u32 = 0o1000;
    const WRITABLE_BY_OTHERS: u32 = 0o022;

    let shown = path.display();
    let (is_others, mode) = owner_and_mode(path)?;
    if is_others {
        return Some(format!(
            "{shown} belongs to another user, who can change {consequence}"
        ));
    }
    // In a directory such as /tmp, others can't replace a file.
    let is_protected = path.is_dir() && mode & STICKY != 0;
    (mode & WRITABLE_BY_OTHERS != 0 && !is_protected).then(|| {
        format!(
            "other users can write to {shown}, and so change {consequence}; \
             to prevent that: chmod go-w {}",
            shell::word(&path.to_string_lossy())
        )
    })
}

/// Whether the file or the directory at `path` belongs to a user other than this one and root, and its mode. `None` for
/// anything else, such as a pipe.
#[cfg(unix)]
fn owner_and_mode(path: &Path) -> Option<(bool, u32)> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = fs::metadata(path).ok()?;
    let owners = [0, rustix::process::geteuid().as_raw()];
    (metadata.is_file() || metadata.is_dir())
        .then(|| (!owners.contains(&metadata.uid()), metadata.mode()))
}

/// Windows has no modes.
#[cfg(not(unix))]
fn owner_and_mode(_: &Path) -> Option<(bool, u32)> {
    None
}

/// Creates the directory `path` and those above it, where they don't exist. Each is durable.
pub(crate) fn create_private_directory(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        create_private_directory(parent)?;
    }
    create_one_private_directory(path)?;
    sync_directory(directory_of(path))
}

/// Creates the directory `path`, unless it exists, but none above it.
pub(crate) fn create_one_private_directory(path: &Path) -> io::Result<()> {
    let builder = &mut DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700);
    match builder.create(path) {
        // Perhaps another process created it just now.
        Err(_) if path.is_dir() => Ok(()),
        created => created,
    }
}

/// Replaces the file at `path` by one with this content. A reader finds the old file or the new one, whole.
///
/// The new file belongs to the owner of the old one: otherwise root would lock a user out of their own file.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let directory = directory_of(path);
    let mut new = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(TEMPORARY_SUFFIX)
        .tempfile_in(directory)?;
    #[cfg(unix)]
    keep_owner(path, new.as_file())?;
    new.write_all(content)?;
    new.as_file().sync_all()?;
    let new = new.into_temp_path().keep().map_err(|error| error.error)?;
    rename(&new, path).inspect_err(|_| drop(fs::remove_file(&new)))?;
    sync_directory(directory)
}

/// Renames a file. Some file systems of Windows can't replace one that another process is reading; this waits for that
/// process.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let mut retries = if cfg!(windows) { 40 } else { 0 };
    loop {
        match fs::rename(from, to) {
            Err(error) if retries > 0 && error.kind() == io::ErrorKind::PermissionDenied => {
                retries -= 1;
                thread::sleep(RENAME_RETRY_INTERVAL);
            }
            renamed => return renamed,
        }
    }
}

/// Gives `new` to the owner and the group of the file at `path`, if there is one.
#[cfg(unix)]
fn keep_owner(path: &Path, new: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    let Ok(old) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    if old.uid() != new.metadata()?.uid() {
        fchown(new, Some(old.uid()), None)
            .map_err(|_| io::Error::other("it belongs to another user"))?;
    }
    // With mode 0600 the group has no rights, so a failure changes nothing.
    let _ = fchown(new, None, Some(old.gid()));
    Ok(())
}

/// Removes the files that a killed [`replace`] left in `directory`. No other process may be replacing a file there.
pub(crate) fn remove_unfinished(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX) {
            let _ = fs::remove_file(entry.path());
        }
    }
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

/// Makes changes of names in the directory `path` durable, where the file system supports it and the directory is
/// readable.
///
/// Windows can't open a directory this way, so this does nothing there; its file systems keep the order of renames.
fn sync_directory(path: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, Unsupported};
    match File::open(path).map(|directory| directory.sync_all()) {
        Ok(Err(error)) if !matches!(error.kind(), InvalidInput | Unsupported) => Err(error),
        _ => Ok(()),
    }
}
