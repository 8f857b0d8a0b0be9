//! Finds programs on Windows as its shells do. std alone adds only `.exe` to a name, but `npm` and others are `.cmd` files.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The extensions of programs, if `PATHEXT` isn't set.
const DEFAULT_EXTENSIONS: &str = ".COM;.EXE;.BAT;.CMD";

/// The file of the program `name`, which is looked for in the directories of `path`, the value of `PATH`.
pub(crate) fn find_program(name: &OsStr, path: &OsStr) -> Option<PathBuf> {
    let extensions = std::env::var("PATHEXT").unwrap_or_default();
    let extensions = Some(&*extensions).filter(|list| !list.is_empty());
    let extensions: Vec<_> = extensions
        .unwrap_or(DEFAULT_EXTENSIONS)
        .split(';')
        .collect();
    let has_directory = Path::new(name).components().count() > 1;
    let directories = if has_directory { OsStr::new(".") } else { path };
    std::env::split_paths(directories)
        .map(|directory| directory.join(name))
        .find_map(|file| find_file(&file, &extensions))
}

/// The file at `path` with one of these extensions, unless it has one already.
fn find_file(path: &Path, extensions: &[&str]) -> Option<PathBuf> {
    let with = |extension: &str| -> PathBuf {
        let mut name = OsString::from(path);
        name.push(extension);
        name.into()
    };
    let has_one = path.extension().and_then(OsStr::to_str).is_some_and(|own| {
        let mut endings = extensions
            .iter()
            .filter_map(|extension| extension.strip_prefix('.'));
        endings.any(|extension| extension.eq_ignore_ascii_case(own))
    });
    if has_one && path.is_file() {
        return Some(path.to_owned());
    }
    extensions
        .iter()
        .map(|extension| with(extension))
        .find(|file| file.is_file())
}
