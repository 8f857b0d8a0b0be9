//! Warnings about a configuration file that other users can read or change, and about such a journal.
//!
//! Who can change it can have the token sent elsewhere, and any command run as `token_command`. On Windows, files in the
//! user's own folders inherit rights for that user only.

use std::fs::Metadata;
use std::path::Path;

/// A warning for each right of other users to the file at `path`, which has `metadata`, or to its directory.
///
/// `holds_token` says whether reading it is a danger, too.
#[cfg(unix)]
pub(super) fn warnings(path: &Path, metadata: &Metadata, holds_token: bool) -> Vec<String> {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;

    use crate::fs::directory_of;
    use crate::shell;

    let mut warnings = Vec::new();
    if holds_token && metadata.mode() & 0o044 != 0 {
        warnings.push(format!(
            "other users can read the token in {}; to prevent that: chmod 600 {}",
            path.display(),
            shell::word(&path.to_string_lossy())
        ));
    }
    warnings.extend(change_warning(path, metadata, SETTINGS));
    // A link can be replaced, and so can the file that it leads to, and each directory above that.
    let file = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut directories: Vec<&Path> = file.ancestors().skip(1).collect();
    directories.insert(0, directory_of(path));
    directories.dedup_by_key(|directory| fs::canonicalize(directory).ok());
    for directory in directories {
        let metadata = fs::metadata(directory).ok();
        warnings
            .extend(metadata.and_then(|metadata| change_warning(directory, &metadata, SETTINGS)));
    }
    warnings
}

#[cfg(not(unix))]
pub(super) fn warnings(_: &Path, _: &Metadata, _: bool) -> Vec<String> {
    Vec::new()
}

/// A warning if users other than this one and root can write the journal at `path`.
#[cfg(unix)]
pub(crate) fn journal_warning(path: &Path) -> Option<String> {
    let metadata = std::fs::metadata(path).ok().filter(Metadata::is_file)?;
    change_warning(path, &metadata, "which messages are skipped")
}

#[cfg(not(unix))]
pub(crate) fn journal_warning(_: &Path) -> Option<String> {
    None
}

/// What is at stake with the configuration file.
#[cfg(unix)]
const SETTINGS: &str = "where the token is sent and which commands lexbot runs";

/// A warning if users other than this one and root can change what is at `path`, and with it what `consequence` says.
#[cfg(unix)]
fn change_warning(path: &Path, metadata: &Metadata, consequence: &str) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;

    use crate::shell;

    const STICKY: u32 = 0o1000;
    const WRITABLE_BY_OTHERS: u32 = 0o022;

    let shown = path.display();
    let owners = [0, rustix::process::geteuid().as_raw()];
    if !owners.contains(&metadata.uid()) {
        return Some(format!(
            "{shown} belongs to another user, who can change {consequence}"
        ));
    }
    // In a directory such as /tmp, others can't replace a file.
    let is_protected = metadata.is_dir() && metadata.mode() & STICKY != 0;
    (metadata.mode() & WRITABLE_BY_OTHERS != 0 && !is_protected).then(|| {
        format!(
            "other users can write to {shown}, and so change {consequence}; \
             to prevent that: chmod go-w {}",
            shell::word(&path.to_string_lossy())
        )
    })
}
