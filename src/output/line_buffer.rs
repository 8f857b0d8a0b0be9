//! Lines for standard output that are written together while there is more to come, for a line a system call would
//! be most of what a dry run costs.
//!
//! Whoever may have to wait for more input flushes first, so that no line ever waits for the input.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Console;

/// From so many bytes on lines are written without waiting for more.
const ENOUGH: usize = 64 << 10;

/// Lines that are still to be written. A copy is a handle on the same lines.
#[derive(Debug, Clone)]
pub(crate) struct LineBuffer {
    console: Console,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    lines: String,
    failure: Option<anyhow::Error>,
}

impl LineBuffer {
    /// No lines yet.
    pub(crate) fn new(console: Console) -> Self {
        LineBuffer {
            console,
            state: Arc::default(),
        }
    }

    /// Adds a line.
    pub(crate) fn line(&self, line: &str) -> anyhow::Result<()> {
        let mut state = self.state();
        state.lines.push_str(line);
        state.lines.push('\n');
        if state.lines.len() >= ENOUGH {
            self.write(&mut state)?;
        }
        Ok(())
    }

    /// Writes what there is.
    pub(crate) fn flush(&self) -> anyhow::Result<()> {
        self.write(&mut self.state())
    }

    /// The same for a reader, whose errors can be of one kind only; [`LineBuffer::failure`] has the real one.
    pub(crate) fn flush_for_reader(&self) -> io::Result<()> {
        self.flush().map_err(|error| {
            self.state().failure = Some(error);
            io::ErrorKind::Other.into()
        })
    }

    /// Why the reader was told that it can't go on, if it was.
    pub(crate) fn failure(&self) -> Option<anyhow::Error> {
        self.state().failure.take()
    }

    fn write(&self, state: &mut State) -> anyhow::Result<()> {
        if state.lines.is_empty() {
            return Ok(());
        }
        // What can't be written isn't tried again.
        let lines = std::mem::take(&mut state.lines);
        // The console adds the last line break.
        self.console
            .result(lines.strip_suffix('\n').unwrap_or(&lines))?;
        state.lines = lines;
        state.lines.clear();
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
