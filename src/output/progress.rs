//! The progress of a batch on a terminal: a bar for a file, a counter for a pipe.
//!
//! It is drawn on stderr and hidden while anything else is printed, so it never mixes with results.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is shown while a batch runs; nothing if stderr is not a terminal. A clone shows the same progress.
#[derive(Debug, Clone)]
pub(crate) struct Progress(pub(super) ProgressBar);

impl Progress {
    /// Shows nothing.
    pub(crate) fn none() -> Self {
        Progress(ProgressBar::hidden())
    }

    /// Shows how much of the input was read; `size` is its size in bytes, if that is known.
    pub(crate) fn of_input(size: Option<u64>) -> Self {
        let (bar, template) = match size {
            Some(size) => (
                ProgressBar::new(size),
                "[{bar:30}] {percent}% {msg}, {eta} left",
            ),
            None => (ProgressBar::no_length(), "{msg}"),
        };
        bar.set_draw_target(ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Progress(bar)
    }

    /// Shows that this many bytes of the input have been read.
    pub(crate) fn set_position(&self, bytes: u64) {
        self.0.set_position(bytes);
    }
}
