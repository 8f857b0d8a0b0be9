//! Finds programs on Windows as its shells do. std alone adds only `.exe` to a name, but `npm` and others are `.cmd` files.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The extensions of programs, if `PATHEXT` isn't set.
const DEFAULT_EXTENSIONS: &str = ".COM;.EXE;.BAT;.CMD";

/// The file of the program `name`, which is looked for in the directories of `path`, the value of `PATH`.
pub(crate) fn find_program(name: &OsStr, path: &OsStr) -> Option<PathBuf> {
    let extensions = std::env::var("PATHEXT").unwrap_or_default();
    let extensions = Some(&*extensions).filter(|list| !list.is_empty());
    let extensions = extensions.unwrap_or(DEFAULT_EXTENSIONS).split(';');
    let has_directory = Path::new(name).components().count() > 1;
    let directories = if has_directory { OsStr::new(".") } else { path };
    // A name with an extension may be the whole name of the file.
    let none = Path::new(name).extension().map(|_| "");
    let names = none.into_iter().chain(extensions).map(|extension| {
        let mut name = name.to_owned();
        name.push(extension);
        name
    });
    let names: Vec<_> = names.collect();
    std::env::split_paths(directories)
        .flat_map(|directory| names.iter().map(move |name| directory.join(name)))
        .find(|file| file.is_file())
}
