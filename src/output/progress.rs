//! The progress of a batch, on a terminal: a bar for a file, a counter for a pipe.
//!
//! It's drawn on standard error and taken away before anything else is printed, so that it never stands among
//! results.

use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::tally::{Tally, a_second};

/// What is shown while a batch runs; nothing where standard error is no terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    start: Instant,
}

impl Progress {
    /// Shows nothing.
    pub(crate) fn none() -> Self {
        Progress {
            bar: ProgressBar::hidden(),
            start: Instant::now(),
        }
    }

    /// Shows how far a run has come; `bytes` is the size of its input where that is known.
    pub(crate) fn of_input(bytes: Option<u64>) -> Self {
        let (bar, template) = match bytes {
            Some(bytes) => (
                ProgressBar::new(bytes),
                "[{bar:30}] {percent}% {msg}, {eta} left",
            ),
            None => (ProgressBar::no_length(), "{msg}"),
        };
        bar.set_draw_target(ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Progress {
            bar,
            start: Instant::now(),
        }
    }

    /// A handle with which the reader says how much of the input it has read.
    pub(crate) fn input_position(&self) -> InputPosition {
        InputPosition(self.bar.clone())
    }

    /// Shows `tally`.
    pub(crate) fn show(&self, tally: &Tally) {
        if self.bar.is_hidden() {
            return;
        }
        let done = tally.total();
        self.bar.set_message(format!(
            "{done} done, {:.1} a second, {} failed",
            a_second(done, self.start.elapsed()),
            tally.failures()
        ));
    }

    /// Prints something without the bar in its way.
    pub(crate) fn suspend<R>(&self, print: impl FnOnce() -> R) -> R {
        self.bar.suspend(print)
    }

    /// Takes it away for good.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// How far the reader has come.
#[derive(Debug, Clone)]
pub(crate) struct InputPosition(ProgressBar);

impl InputPosition {
    /// So many bytes of the input have been read.
    pub(crate) fn at(&self, bytes: u64) {
        self.0.set_position(bytes);
    }
}
