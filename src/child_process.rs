//! Signals to a process and to everything that it started.
//!
//! A process group of its own would be simpler, but a process outside the terminal's foreground group can't ask for a
//! password there. Only Linux lists the children of a process: elsewhere, the process alone gets the signal.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long processes have to end after SIGTERM.
const TERMINATION_GRACE: Duration = Duration::from_millis(100);

/// How long processes have to stop.
const MAX_STOP_WAIT: Duration = Duration::from_secs(1);

/// How often to look whether they have.
const STOP_POLL: Duration = Duration::from_millis(1);

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

/// Ends the process `pid` and those that it and they have started: with SIGTERM, then with SIGKILL.
pub(crate) fn end_with_descendants(pid: u32) {
    let mut processes = stop_with_descendants(pid);
    signal(&processes, Signal::TERM);
    signal(&processes, Signal::CONT);
    thread::sleep(TERMINATION_GRACE);
    processes.extend(stop_with_descendants(pid));
    signal(&processes, Signal::KILL);
}

/// Stops the process `pid` and those that it and they have started, and returns them. Until they continue, they start no
/// others, which a list made while they run would miss.
fn stop_with_descendants(pid: u32) -> Vec<Pid> {
    let deadline = Instant::now() + MAX_STOP_WAIT;
    let mut stopped = Vec::new();
    loop {
        // In this order: what a process starts before it stops is in the list.
        let are_stopped = stopped.iter().copied().all(is_stopped);
        let found = with_descendants(pid);
        if are_stopped && found == stopped || Instant::now() >= deadline {
            return found;
        }
        signal(&found, Signal::STOP);
        stopped = found;
        thread::sleep(STOP_POLL);
    }
}

/// Whether a process has stopped or ended. The signal alone says little: it may be in the middle of a system call.
fn is_stopped(pid: Pid) -> bool {
    let path = format!("/proc/{}/stat", pid.as_raw_pid());
    // The state comes after the name, which may have brackets itself.
    let state = fs::read_to_string(path)
        .ok()
        .and_then(|text| text.rsplit_once(") ")?.1.chars().next());
    state.is_none_or(|state| matches!(state, 'T' | 't' | 'Z' | 'X'))
}

/// Sends `signal` to each process that still exists.
pub(crate) fn signal(processes: &[Pid], signal: Signal) {
    for pid in processes {
        let _ = kill_process(*pid, signal);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{MAX_STOP_WAIT, is_stopped, signal, stop_with_descendants, with_descendants};
    use rustix::process::Signal;
    use std::process::Command;
    use std::time::{Duration, Instant};

    #[test]
    fn a_process_that_is_stopped_starts_no_others() {
        for _ in 0..20 {
            let mut shell = Command::new("sh")
                .args(["-c", "for _ in $(seq 40); do sleep 5 & done; wait"])
                .spawn()
                .unwrap();
            let start = Instant::now();
            while with_descendants(shell.id()).len() < 3 {
                assert!(start.elapsed() < Duration::from_secs(10));
            }
            let start = Instant::now();
            let stopped = stop_with_descendants(shell.id());
            // On a machine that is too busy, not all of them stop in time.
            let is_late = start.elapsed() >= MAX_STOP_WAIT;
            let is_complete = with_descendants(shell.id()) == stopped;
            let are_stopped = stopped.iter().copied().all(is_stopped);
            signal(&with_descendants(shell.id()), Signal::KILL);
            shell.wait().unwrap();
            assert!(is_late || is_complete && are_stopped);
        }
    }
}
