//! Signals to a process and to everything that it started.
//!
//! A process group of its own would be simpler, but a process outside the terminal's foreground group can't ask for a
//! password there. Only Linux lists the children of a process: elsewhere, the process alone gets the signal.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

/// The process `pid`, and those that it and they have started.
pub(crate) fn with_descendants(pid: u32) -> Vec<Pid> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let children = children.unwrap_or_default();
    let descendants = children
        .split_whitespace()
        .filter_map(|child| child.parse().ok())
        .flat_map(with_descendants);
    let process = i32::try_from(pid).ok().and_then(Pid::from_raw);
    process.into_iter().chain(descendants).collect()
}

/// Sends `signal` to each process that still exists.
pub(crate) fn signal(processes: &[Pid], signal: Signal) {
    for pid in processes {
        let _ = kill_process(*pid, signal);
    }
}
