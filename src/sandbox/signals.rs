//! SIGINT and SIGTERM: the end of the sandbox, or the business of the command that it runs.

use std::io;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};

/// Ends the process on either signal, with the code that a shell gives for it.
///
/// There is nothing to tidy up, but the default would not do: it doesn't end a process that a script started in
/// the background, nor the first one of a container.
pub(crate) fn end_the_process() -> io::Result<()> {
    for signal in [SIGINT, SIGTERM] {
        let always = Arc::new(AtomicBool::new(true));
        signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, always)?;
    }
    Ok(())
}

/// The signals, held back from the process. Handled rather than ignored, since the command would inherit that.
pub(crate) struct Signals {
    /// Gets a byte for each SIGTERM.
    #[cfg(unix)]
    terminated: std::os::unix::net::UnixStream,
}

impl Signals {
    /// Holds them back from now on. SIGINT is dropped: from a terminal, it reaches the command by itself.
    pub(crate) fn hold_back() -> io::Result<Self> {
        signal_hook::flag::register(SIGINT, Arc::new(AtomicBool::new(false)))?;
        #[cfg(unix)]
        {
            let (terminated, handler) = std::os::unix::net::UnixStream::pair()?;
            signal_hook::low_level::pipe::register(SIGTERM, handler)?;
            Ok(Signals { terminated })
        }
        #[cfg(not(unix))]
        Ok(Signals {})
    }

    /// Sends each SIGTERM on to `child`: who wants the sandbox to end means the command as well.
    #[cfg(unix)]
    pub(crate) fn pass_on_to(mut self, child: &Child) {
        use rustix::process::{Pid, Signal, kill_process};
        use std::io::Read as _;

        let pid = Pid::from_child(child);
        // Without room for a thread, only this is lost; the command runs already.
        let _ = std::thread::Builder::new().spawn(move || {
            while self.terminated.read_exact(&mut [0]).is_ok() {
                // Fails for a command that has just ended, which is what was wanted.
                let _ = kill_process(pid, Signal::TERM);
            }
        });
    }

    /// Elsewhere a process that is told to terminate isn't asked.
    #[cfg(not(unix))]
    pub(crate) fn pass_on_to(self, _: &Child) {}
}
