//! The last line of a terminal, which says what is going on and disappears when it is over.
//!
//! It is erased while anything else is printed, so it never mixes with that.

use std::io::{self, Write as _};
use std::sync::Mutex;

use terminal_size::{Width, terminal_size_of};

use crate::locks::lock;

/// What is shown; empty if nothing is.
static SHOWN: Mutex<String> = Mutex::new(String::new());

/// Goes to the start of the line and erases it.
const ERASE: &str = "\r\x1b[2K";

/// The width in columns if the terminal doesn't say how wide it is.
const USUAL_WIDTH: u16 = 80;

/// Shows `text`, which must be sanitized, instead of what is shown.
pub(super) fn show(text: &str) {
    let mut shown = lock(&SHOWN);
    let width = terminal_size_of(io::stderr()).map_or(USUAL_WIDTH, |(Width(width), _)| width);
    let text = cut(text, width.into());
    if *shown != text {
        write(&format!("{ERASE}{text}"));
        *shown = text;
    }
}

/// Erases the line, unless that would have to wait for another thread that prints.
pub(crate) fn hide_at_once() {
    if let Ok(mut shown) = SHOWN.try_lock()
        && !shown.is_empty()
    {
        write(ERASE);
        shown.clear();
    }
}

/// Calls `print` while nothing is shown.
pub(super) fn hidden_while<R>(print: impl FnOnce() -> R) -> R {
    let shown = lock(&SHOWN);
    if shown.is_empty() {
        return print();
    }
    write(ERASE);
    let result = print();
    write(&shown);
    result
}

/// `text` on one line of a terminal with `width` columns.
fn cut(text: &str, width: usize) -> String {
    // Leaves room for the ^C of a user who stops the run, and the last column, at which some terminals wrap.
    let room = width.saturating_sub(3);
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let start: String = text.chars().take(room.saturating_sub(1)).collect();
    start + "…"
}

fn write(text: &str) {
    // An error while writing to stderr can't be reported anywhere.
    let _ = io::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_long_text_is_cut_to_the_width() {
        for (text, width, shown) in [
            ("waiting", 10, "waiting"),
            ("waiting", 9, "waiti…"),
            ("waiting", 4, "…"),
            ("wärmer", 8, "wärm…"),
        ] {
            assert_eq!(cut(text, width), shown);
        }
    }
}
