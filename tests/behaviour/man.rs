//! The man pages in `man/` are shown without a warning. That they are up to date is tested where they are made.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{program, requires};

#[test]
fn mandoc_finds_nothing() {
    if !requires("mandoc") {
        return;
    }
    for page in pages() {
        program("mandoc", ["-T", "lint"]).args([page]).run();
    }
}

#[test]
fn groff_finds_nothing() {
    if !requires("groff") {
        return;
    }
    for page in pages() {
        program("groff", ["-ww", "-man", "-T", "utf8", "-z"])
            .args([page])
            .run();
    }
}

fn pages() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let pages: Vec<_> = fs::read_dir(directory)
        .expect("man/ is there")
        .map(|entry| entry.expect("an entry of man/").path())
        .collect();
    assert!(pages.len() > 9, "only {} pages in man/", pages.len());
    pages
}
