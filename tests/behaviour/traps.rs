//! Files that somebody else may have laid out: none makes lexbot wait, write where it shouldn't, or give away
//! what it knows.

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
