//! The man pages in `man/` are displayed without a warning. `src/cli/tests` tests that they are up to date.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{program, requires};

#[test]
fn mandoc_has_no_complaints() {
    assert_accepts(&["mandoc", "-T", "lint"]);
}

#[test]
fn groff_has_no_complaints() {
    assert_accepts(&["groff", "-ww", "-man", "-T", "utf8", "-z"]);
}

fn assert_accepts(command: &[&str]) {
    if requires(command[0]) {
        for page in pages() {
            program(command[0], &command[1..]).args([page]).run();
        }
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
