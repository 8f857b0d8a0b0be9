//! Files that another user may have planted: none of them makes lexbot wait, write to the wrong place, or leak.

mod config;
mod state;

use std::process::Command;

use crate::support::Home;

/// Makes a named pipe in the home.
fn make_pipe(home: &Home, name: &str) {
    let made = Command::new("mkfifo")
        .arg(home.path().join(name))
        .status()
        .expect("mkfifo");
    assert!(made.success());
}
