//! The rate limit: how many requests at once, and the file through which processes share the limit.
//!
//! No test relies on speed: a run waits for a time far in the future, and the test sees what it doesn't do.

mod jobs;
mod state_file;
#[cfg(unix)]
mod turns;

use std::path::{Path, PathBuf};

use crate::example::claim;
use crate::support::{Home, Server};

/// The directory with the state files, as seen from a home.
fn directory() -> PathBuf {
    let cache = if cfg!(target_os = "macos") {
        "Library/Caches"
    } else {
        ".cache"
    };
    Path::new(cache).join("lexbot")
}

/// The state files in `home`.
fn state_files(home: &Home) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(home.path().join(directory()));
    let paths = entries
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    paths.collect()
}

/// The only state file in `home`.
#[track_caller]
fn state_file(home: &Home) -> PathBuf {
    let [file] = <[PathBuf; 1]>::try_from(state_files(home)).expect("one state file");
    file
}

/// Claims `m_1` in `home`, and nothing else is printed.
#[track_caller]
fn assert_claims(home: &Home, server: &Server) {
    claim()
        .home(home)
        .server(server)
        .stdout("201 m_1 claimed\n")
        .run();
}

/// A home in which lexbot has run against `server`, and the state file that it left.
#[track_caller]
fn home_after_a_run(server: &Server) -> (Home, PathBuf) {
    let home = Home::new();
    assert_claims(&home, server);
    let file = state_file(&home);
    (home, file)
}
