//! What processes share through the file, and what happens when they can't.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use proptest::prelude::*;
use tempfile::TempDir;

use super::{MAX_LINE, SharedState, name, read};
use crate::rate_limit::schedule::State;
use crate::shutdown::Shutdown;
use crate::token::Token;

struct Cache(TempDir);

impl Cache {
    fn new() -> Self {
        Cache(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> SharedState {
        SharedState::new(Some(&self.directory()), "https://x", &token())
    }

    fn directory(&self) -> PathBuf {
        self.0.path().join("lexbot")
    }

    fn file(&self) -> PathBuf {
        self.directory().join(name("https://x", &token()))
    }
}

fn token() -> Token {
    Token::parse("0123456789abcdef").unwrap()
}

/// Notes that the last request left at `seconds`.
fn note(state: &mut SharedState, seconds: u64) {
    state.update(&Shutdown::default(), |state| {
        state.last = Duration::from_secs(seconds);
    });
}

fn last(state: &mut SharedState) -> u64 {
    state.update(&Shutdown::default(), |state| state.last.as_secs())
}

#[test]
fn processes_see_each_others_state() {
    let cache = Cache::new();
    let (mut one, mut other) = (cache.open(), cache.open());
    assert_eq!(last(&mut one), 0);
    note(&mut one, 7);
    assert_eq!(last(&mut other), 7);
    note(&mut other, 8);
    assert_eq!(last(&mut one), 8);
    assert_eq!(one.problem.or(other.problem), None);
}

/// Windows doesn't let a file be deleted while it is open.
#[cfg(unix)]
#[test]
fn a_deleted_file_is_recreated_and_shared_again() {
    let cache = Cache::new();
    let (mut one, mut other) = (cache.open(), cache.open());
    note(&mut one, 7);
    note(&mut other, 8);
    fs::remove_dir_all(cache.directory()).unwrap();
    assert_eq!(last(&mut other), 8);
    assert_eq!(last(&mut one), 8);
    note(&mut one, 9);
    assert_eq!(last(&mut other), 9);
    assert_eq!(one.problem.or(other.problem), None);
}

#[test]
fn a_lock_that_somebody_holds_is_waited_for_once_and_told_once() {
    let cache = Cache::new();
    let mut state = cache.open();
    note(&mut state, 7);
    let holder = File::open(cache.file()).unwrap();
    holder.lock().unwrap();
    let start = Instant::now();
    note(&mut state, 8);
    assert!(start.elapsed() >= Duration::from_secs(2));
    let problem = state.problem.take().unwrap();
    assert!(problem.contains("holds the lock on"), "{problem}");
    for seconds in 9..200 {
        note(&mut state, seconds);
    }
    assert_eq!(state.problem.take(), None);
    // Once it's free, the others see where this process got to.
    drop(holder);
    assert_eq!(last(&mut state), 199);
    assert_eq!(last(&mut cache.open()), 199);
}

#[test]
fn a_stop_ends_the_wait_for_the_lock() {
    let cache = Cache::new();
    let mut state = cache.open();
    note(&mut state, 7);
    let holder = File::open(cache.file()).unwrap();
    holder.lock().unwrap();
    let shutdown = Shutdown::default();
    shutdown.request(crate::shutdown::StopReason::Signal(2));
    assert_eq!(state.update(&shutdown, |state| state.last.as_secs()), 7);
    assert_eq!(state.problem.take(), None);
}

#[test]
fn without_a_file_the_process_keeps_its_own_state() {
    let cache = Cache::new();
    fs::write(cache.directory(), "not a directory").unwrap();
    for mut state in [cache.open(), SharedState::new(None, "https://x", &token())] {
        note(&mut state, 7);
        assert_eq!(last(&mut state), 7);
        assert!(state.problem.take().is_some());
        assert_eq!(state.problem.take(), None);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_process_its_own_state() {
    let cache = Cache::new();
    let mut state = cache.open();
    note(&mut state, 7);
    state.file = Some(
        File::options()
            .read(true)
            .write(true)
            .open("/dev/full")
            .unwrap(),
    );
    state.path = Some("/dev/full".into());
    note(&mut state, 8);
    assert_eq!(last(&mut state), 8);
    let problem = state.problem.take().unwrap();
    assert_eq!(problem, "cannot write /dev/full: no space left on device");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_the_file_is_refused() {
    let cache = Cache::new();
    let victim = cache.0.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    fs::create_dir(cache.directory()).unwrap();
    for link in [std::os::unix::fs::symlink, fs::hard_link] {
        link(&victim, cache.file()).unwrap();
        let mut state = cache.open();
        note(&mut state, 7);
        assert!(state.problem.take().is_some());
        fs::remove_file(cache.file()).unwrap();
    }
    assert_eq!(fs::read_to_string(victim).unwrap(), "precious");
}

#[test]
fn unused_files_are_removed_when_a_new_one_is_made() {
    let cache = Cache::new();
    let directory = cache.directory();
    fs::create_dir(&directory).unwrap();
    for (file, days) in [("rate-old", 8), ("rate-recent", 6), ("other", 8)] {
        let file = File::create(directory.join(file)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_hours(days * 24))
            .unwrap();
    }
    note(&mut cache.open(), 7);
    let left = |file: &str| directory.join(file).exists();
    assert_eq!(
        ["rate-old", "rate-recent", "other"].map(left),
        [false, true, true]
    );
}

#[test]
fn each_token_and_base_url_has_its_own_file_that_names_neither() {
    let one = name("https://x", &token());
    assert_ne!(one, name("https://y", &token()));
    assert_ne!(one, name("https://x", &Token::parse("other").unwrap()));
    assert_eq!(one.as_os_str().len(), "rate-".len() + 32);
}

proptest! {
    #![proptest_config(crate::proptest_config::config())]

    #[test]
    fn a_state_is_read_as_it_was_written(times in prop::array::uniform5(any::<u64>()), lowered in 0_u32..=1_000_000) {
        let [last, written, paused_at, paused_until, lowered_until] = times.map(Duration::from_nanos);
        let lowered = f64::from(lowered) / 1e6;
        let state = State { last, written, paused_at, paused_until, lowered, lowered_until };
        let cache = Cache::new();
        cache.open().update(&Shutdown::default(), |shared| *shared = state);
        let file = File::open(cache.file()).unwrap();
        prop_assert_eq!(file.metadata().unwrap().len(), MAX_LINE as u64 + 1);
        prop_assert_eq!(read(&file), Some(state));
    }

    /// Whatever the file holds, it is read without a panic, and overwritten by the next state.
    #[test]
    fn any_content_is_survived(content in prop::collection::vec(any::<u8>(), 0..160), json in "\\{(\"(last|written|lowered)\":([0-9.e-]{0,9}|\\{\"secs\":[0-9]{0,20}(,\"nanos\":[0-9]{0,10})?\\}),?){0,6}\\}?\n?") {
        let cache = Cache::new();
        let mut state = cache.open();
        note(&mut state, 1);
        for content in [content.as_slice(), json.as_bytes()] {
            fs::write(cache.file(), content).unwrap();
            note(&mut state, 7);
            prop_assert_eq!(last(&mut cache.open()), 7);
        }
    }
}
