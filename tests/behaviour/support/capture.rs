//! Collects what a process writes to one of its streams while it runs.

use std::io::Read;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use super::PATIENCE;
use super::watched::Watched;

/// The output so far. A thread reads it as it comes, so that the process never waits for its reader.
#[derive(Debug, Clone, Default)]
pub(super) struct Capture(Arc<Watched<Captured>>);

#[derive(Debug, Default)]
struct Captured {
    bytes: Vec<u8>,
    /// How many of them were returned as lines.
    taken: usize,
    ended: bool,
}

impl Capture {
    /// Reads `source` to its end, or closes it after this number of lines.
    pub(super) fn of(mut source: impl Read + Send + 'static, lines: Option<usize>) -> Self {
        let capture = Capture::default();
        if lines == Some(0) {
            capture.0.lock().ended = true;
            return capture;
        }
        let filled = capture.clone();
        thread::spawn(move || {
            let mut chunk = [0; 8 * 1024];
            while let Ok(length @ 1..) = source.read(&mut chunk)
                && filled.take_in(&chunk[..length], lines)
            {}
            // Closed before its end is announced, so that a process that continues to write notices.
            drop(source);
            filled.0.change(|captured| captured.ended = true);
        });
        capture
    }

    /// Adds `bytes`; false once there are as many lines as wanted.
    fn take_in(&self, bytes: &[u8], lines: Option<usize>) -> bool {
        self.0.change(|captured| {
            captured.bytes.extend(bytes);
            let end = lines.and_then(|lines| {
                let mut breaks = (1..)
                    .zip(&captured.bytes)
                    .filter(|(_, byte)| **byte == b'\n');
                breaks.nth(lines - 1).map(|(length, _)| length)
            });
            if let Some(end) = end {
                captured.bytes.truncate(end);
            }
            end.is_none()
        })
    }

    /// The next whole line, without its line break; `None` if the output ends or nothing comes for too long.
    pub(super) fn next_line(&self) -> Option<String> {
        let line_in = |captured: &Captured| {
            let rest = &captured.bytes[captured.taken..];
            rest.iter().position(|byte| *byte == b'\n')
        };
        let is_there = |captured: &Captured| captured.ended || line_in(captured).is_some();
        let mut captured = self.0.wait(PATIENCE, is_there);
        let start = captured.taken;
        let end = start + line_in(&captured)?;
        captured.taken = end + 1;
        Some(String::from_utf8_lossy(&captured.bytes[start..end]).into_owned())
    }

    /// Waits until the output contains `text`; false if it ends before or takes too long.
    pub(super) fn comes_to(&self, text: &str) -> bool {
        let has = |captured: &Captured| String::from_utf8_lossy(&captured.bytes).contains(text);
        has(&self
            .0
            .wait(PATIENCE, |captured| captured.ended || has(captured)))
    }

    /// Waits for the end of the output; false if it has not ended by `deadline`.
    pub(super) fn ends_by(&self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        self.0.wait(left, |captured| captured.ended).ended
    }

    /// All output so far; U+FFFD replaces bytes that are not UTF-8.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().bytes).into_owned()
    }
}
