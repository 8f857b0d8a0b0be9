//! The terminal's modes, to be restored after something that hides what is typed.

use std::fs::File;
use std::io::{self, Write as _};

use rustix::process::getpgrp;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};

/// The terminal of this process, and its modes at some time.
pub(crate) struct SavedTerminal {
    terminal: File,
    modes: Termios,
}

impl SavedTerminal {
    /// Saves the modes; fails if there is no terminal.
    pub(crate) fn save() -> io::Result<Self> {
        let terminal = File::options().read(true).write(true).open("/dev/tty")?;
        let modes = tcgetattr(&terminal)?;
        Ok(SavedTerminal { terminal, modes })
    }

    /// Restores the modes, unless the terminal is another job's now: the system would stop this process.
    ///
    /// Drops what was typed before: it was for the prompt. What is typed afterwards is for the shell.
    pub(crate) fn restore(&self) -> io::Result<()> {
        if tcgetpgrp(&self.terminal)? == getpgrp() {
            tcsetattr(&self.terminal, OptionalActions::Flush, &self.modes)?;
        }
        Ok(())
    }

    /// Ends the line on the terminal.
    pub(crate) fn end_line(&mut self) -> io::Result<()> {
        self.terminal.write_all(b"\n")
    }
}
