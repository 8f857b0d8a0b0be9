//! The rate limit: how many requests at once, and the file through which processes share the limit.
//!
//! No test relies on speed: a run waits for a time far in the future, and the test sees what it doesn't do.

mod jobs;
mod own_rate;
mod pause;
mod state_file;
mod strict;
mod turns;
mod unusable_state;

use std::path::{Path, PathBuf};

use crate::example::{claim, now_millis};
use crate::support::{Home, Run, Running, Server};

/// The directory with the state files, as seen from a home.
fn directory() -> PathBuf {
    let cache = if cfg!(target_os = "macos") {
        "Library/Caches"
    } else {
        ".cache"
    };
    Path::new(cache).join("lexbot")
}

/// The state files in `home`.
fn state_files(home: &Home) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(home.path().join(directory()));
    let paths = entries
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    paths.collect()
}

/// Waits until `file` holds something else than `content`. Nothing else tells that a run waits for its turn.
#[track_caller]
fn wait_for_change(file: &Path, content: &str) {
    let start = std::time::Instant::now();
    while std::fs::read_to_string(file).unwrap() == content {
        assert!(start.elapsed().as_secs() < 20, "no run took a turn");
        std::thread::yield_now();
    }
}

/// The only state file in `home`.
#[track_caller]
fn state_file(home: &Home) -> PathBuf {
    let [file] = <[PathBuf; 1]>::try_from(state_files(home)).expect("one state file");
    file
}

const SECOND: i128 = 1_000_000_000;

/// The content of a state file. Its times are in nanoseconds from now, or `None` for 1970.
#[derive(Clone, Copy)]
struct State {
    last: Option<i128>,
    written: Option<i128>,
    paused_at: Option<i128>,
    paused_until: Option<i128>,
    lowered_until: Option<i128>,
}

/// The state of a token whose last request has left long ago.
const IDLE: State = State {
    last: None,
    written: None,
    paused_at: None,
    paused_until: None,
    lowered_until: None,
};

impl State {
    /// The slot at `last` is reserved.
    fn reserved(last: i128) -> Self {
        State {
            last: Some(last),
            written: Some(-SECOND),
            ..IDLE
        }
    }

    /// A pause that began a second ago ends at `until`.
    fn paused(until: i128) -> Self {
        State {
            written: Some(-SECOND),
            paused_at: Some(-SECOND),
            paused_until: Some(until),
            ..IDLE
        }
    }

    /// As it is in the file.
    fn text(&self) -> String {
        let now = i128::from(now_millis()) * 1_000_000;
        let time = |time: Option<i128>| {
            let nanos = time.map_or(0, |time| now + time);
            let [secs, nanos] = [nanos / SECOND, nanos % SECOND];
            format!(r#"{{"secs":{secs},"nanos":{nanos}}}"#)
        };
        format!(
            r#"{{"last":{},"written":{},"paused_at":{},"paused_until":{},"lowered":0.0,"lowered_until":{}}}"#,
            time(self.last),
            time(self.written),
            time(self.paused_at),
            time(self.paused_until),
            time(self.lowered_until),
        ) + "\n"
    }
}

/// The time that a state file has as `key`, in nanoseconds since 1970.
fn time_in(state: &str, key: &str) -> u128 {
    let line = state.lines().next().unwrap_or_default();
    let state: serde_json::Value = serde_json::from_str(line).expect("a state");
    let part = |unit: &str| u128::from(state[key][unit].as_u64().expect("a time"));
    part("secs") * SECOND.unsigned_abs() + part("nanos")
}

/// The time of the last slot in a state file, in nanoseconds since 1970.
fn last_slot(state: &str) -> u128 {
    time_in(state, "last")
}

/// Claims `m_1` in `home`, and nothing else is printed.
#[track_caller]
fn assert_claims(home: &Home, server: &Server) {
    claim()
        .home(home)
        .server(server)
        .stdout("201 m_1 claimed\n")
        .run();
}

/// A home in which lexbot has run against `server`, and the state file that it left.
#[track_caller]
fn home_after_a_run(server: &Server) -> (Home, PathBuf) {
    let home = Home::new();
    assert_claims(&home, server);
    let file = state_file(&home);
    (home, file)
}

/// Asserts that `run` waits for a turn or the end of a pause, and kills it.
#[track_caller]
fn assert_waits(run: Run) {
    let run = run.spawn();
    run.wait_for_stderr("waiting for the ");
    run.kill();
}

/// Starts `run`, and waits until it has changed the state file: it waits for a turn or the end of a pause then.
#[track_caller]
fn start_waiting(run: Run, file: &Path) -> Running {
    let before = std::fs::read_to_string(file).unwrap();
    let run = run.spawn();
    wait_for_change(file, &before);
    run
}
