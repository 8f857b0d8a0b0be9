//! Tells the user what a run is doing while it prints no results.
//!
//! A thread watches the run's activity, so that sending a message costs no more than to record it. On a terminal it
//! shows the live line, elsewhere it prints a line now and then.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::waiting::{Target, Waiting};
use super::{Console, Progress};
use crate::activity::{Activity, Now};

/// How often the live line changes. A short run shows nothing.
const REFRESH: Duration = Duration::from_millis(200);

/// How often to look for something to say in a log. A wait gets its first word so much later at most.
const LOOK: Duration = Duration::from_millis(500);

/// Tells the user what a run is doing, until it is dropped.
#[derive(Debug)]
pub(crate) struct Status {
    activity: Arc<Activity>,
    thread: Option<JoinHandle<()>>,
}

impl Status {
    /// Starts to tell what `activity` says about waiting for `target`, and with a live line also the progress.
    pub(crate) fn start(
        console: Console,
        activity: Arc<Activity>,
        target: Target,
        progress: Option<Arc<Progress>>,
    ) -> Self {
        let watched = Arc::clone(&activity);
        let progress = progress.filter(|_| console.has_live_line());
        // Without the thread, the run only says less.
        let thread = thread::Builder::new()
            .name("status".to_owned())
            .spawn(move || watch(console, &watched, target, progress.as_deref()))
            .ok();
        Status { activity, thread }
    }
}

impl Drop for Status {
    fn drop(&mut self) {
        self.activity.finish();
        if let Some(thread) = self.thread.take() {
            // A panic in it has been reported.
            let _ = thread.join();
        }
    }
}

fn watch(console: Console, activity: &Activity, target: Target, progress: Option<&Progress>) {
    let has_live_line = console.has_live_line();
    let interval = if has_live_line { REFRESH } else { LOOK };
    let mut waiting = Waiting::new(target);
    while let Some(now) = activity.wait(Instant::now() + interval) {
        let words = waiting.words(&now, Instant::now());
        if let Some(event) = &words.event {
            console.notice(event);
        }
        if has_live_line {
            console.live(&live(words.live, &now, progress));
        } else if let Some(line) = &words.line {
            console.notice(line);
        }
    }
    console.live("");
}

/// The wait first: the rest may not fit.
fn live(wait: String, now: &Now, progress: Option<&Progress>) -> String {
    match progress {
        Some(progress) if wait.is_empty() => progress.line(),
        Some(progress) if !now.is_stopping => format!("{wait}; {}", progress.tally().progress("")),
        _ => wait,
    }
}
