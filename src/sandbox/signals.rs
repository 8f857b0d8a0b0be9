//! SIGINT and SIGTERM while the sandbox runs a command: they are for the command.

use std::io;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};

/// Signals that don't end the process. Handled rather than ignored, since the command would inherit that.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: signal_hook::iterator::Signals,
}

impl Signals {
    /// Catches both signals from now on. SIGINT is dropped: a terminal sends it to the command as well.
    pub(crate) fn catch() -> io::Result<Self> {
        signal_hook::flag::register(SIGINT, Arc::new(AtomicBool::new(false)))?;
        Ok(Signals {
            #[cfg(unix)]
            terminate: signal_hook::iterator::Signals::new([SIGTERM])?,
        })
    }

    /// Forwards each SIGTERM to `child`, also one that has come before.
    #[cfg(unix)]
    pub(crate) fn forward_to(mut self, child: &Child) {
        use rustix::process::{Pid, Signal, kill_process};

        let pid = Pid::from_child(child);
        // If no thread can be started, the command runs all the same, only without this.
        let _ = std::thread::Builder::new().spawn(move || {
            for _ in self.terminate.forever() {
                // Fails if the command has just ended.
                let _ = kill_process(pid, Signal::TERM);
            }
        });
    }

    /// Windows terminates a process without a signal.
    #[cfg(not(unix))]
    pub(crate) fn forward_to(self, _: &Child) {}
}
