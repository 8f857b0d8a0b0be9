//! The state of a token in a file, through which all lexbot processes of a user share it.
//!
//! The file's name is a hash of base URL and token. It lives in the user's cache directory rather than in the runtime
//! directory, because cron jobs and services don't have the latter, and processes that use different files don't
//! share a rate limit. Nothing needs to be durable: after a crash of the machine there is no request to wait for.
//!
//! A file that can't be used never stops a request: this process then keeps its own rate.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::schedule::State;
use crate::error::reason;
use crate::fs::{create_one_private_directory, is_at, open_private};
use crate::shutdown::Shutdown;
use crate::token::Token;

/// How the name of every state file begins.
const PREFIX: &str = "rate-";

/// A file that wasn't written for this long is no longer used.
const UNUSED: Duration = Duration::from_hours(7 * 24);

/// How long another process may hold the lock before this one goes on without it.
const MAX_LOCK_WAIT: Duration = Duration::from_secs(2);

/// How often to look whether the lock is free.
const LOCK_POLL: Duration = Duration::from_millis(5);

/// The length of the line in the file, in bytes. No state is longer.
const MAX_LINE: usize = 511;

/// The token's state: shared through a file where that is possible, and this process's own otherwise.
#[derive(Debug)]
pub(crate) struct SharedState {
    path: Option<PathBuf>,
    file: Option<File>,
    own: State,
    /// Why the file can't be used, until that is reported.
    pub(super) problem: Option<String>,
    /// A problem was found already; only the first one is reported.
    has_failed: bool,
    /// The last attempt to lock the file failed, so the next one doesn't wait.
    is_held_by_another: bool,
}

impl SharedState {
    /// Shares the state of `token` at `base_url` in the directory `cache`.
    pub(crate) fn new(cache: Option<&Path>, base_url: &str, token: &Token) -> Self {
        let path = cache.map(|cache| cache.join(name(base_url, token)));
        let problem = path
            .is_none()
            .then(|| "there is no cache directory (is HOME set?)".to_owned());
        SharedState {
            path,
            file: None,
            own: State::default(),
            has_failed: problem.is_some(),
            problem,
            is_held_by_another: false,
        }
    }

    /// Whether there is a file to share the state through.
    pub(super) fn exists(&self) -> bool {
        self.path.as_ref().is_some_and(|path| path.exists())
    }

    /// Changes the state. No other process changes it meanwhile.
    pub(super) fn update<R>(
        &mut self,
        shutdown: &Shutdown,
        change: impl FnOnce(&mut State) -> R,
    ) -> R {
        let locked = self.lock(shutdown);
        if let Ok(Some(file)) = &locked
            && let Some(shared) = read(file)
        {
            self.own.merge(&shared);
        }
        let result = change(&mut self.own);
        let written = locked.and_then(|file| {
            let (Some(file), Some(path)) = (file, &self.path) else {
                return Ok(());
            };
            let written = write(&file, &self.own);
            let _ = file.unlock();
            self.file = Some(file);
            written.map_err(|error| format!("cannot write {}: {}", path.display(), reason(&error)))
        });
        if let Err(problem) = written
            && !self.has_failed
        {
            self.has_failed = true;
            self.problem = Some(problem);
        }
        result
    }

    /// Opens the file if need be, and locks it. Returns no file if there is no path or the run stops; an error says why
    /// the file can't be used.
    fn lock(&mut self, shutdown: &Shutdown) -> Result<Option<File>, String> {
        let Some(path) = &self.path else {
            return Ok(None);
        };
        let shown = path.display();
        let start = Instant::now();
        loop {
            let file = match self.file.take() {
                Some(file) => file,
                None => open(path)?,
            };
            match file.try_lock() {
                // Somebody may have deleted the file, and another process made a new one.
                Ok(()) | Err(TryLockError::WouldBlock) if !is_at(&file, path) => {}
                Ok(()) => {
                    self.is_held_by_another = false;
                    return Ok(Some(file));
                }
                Err(TryLockError::WouldBlock) => {
                    self.file = Some(file);
                    if self.is_held_by_another || start.elapsed() >= MAX_LOCK_WAIT {
                        self.is_held_by_another = true;
                        return Err(format!("another process holds the lock on {shown}"));
                    }
                    if !shutdown.sleep(LOCK_POLL) {
                        return Ok(None);
                    }
                }
                Err(TryLockError::Error(error)) => {
                    return Err(format!("cannot lock {shown}: {}", reason(&error)));
                }
            }
        }
    }
}

/// What `file` says; `None` if it is new or damaged.
fn read(mut file: &File) -> Option<State> {
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(MAX_LINE as u64 + 1).read_to_end(&mut text).ok()?;
    let line = text.split(|byte| *byte == b'\n').next()?;
    serde_json::from_slice(line).ok()
}

/// Writes `state` as the first line of `file`, padded so that it covers all of an older state.
fn write(mut file: &File, state: &State) -> io::Result<()> {
    let line = serde_json::to_string(state)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(format!("{line:MAX_LINE$}\n").as_bytes())
}

fn open(path: &Path) -> Result<File, String> {
    if let Some(directory) = path.parent()
        && !directory.is_dir()
    {
        // At most lexbot's own directory and the cache directory: a home that doesn't exist isn't created.
        let parent = directory.parent().filter(|parent| *parent != "");
        let mut new = parent.into_iter().chain([directory]);
        new.try_for_each(create_one_private_directory)
            .map_err(|error| {
                format!("cannot create {}: {}", directory.display(), reason(&error))
            })?;
    }
    let cannot_use = |why: &str| format!("cannot use {}: {why}", path.display());
    match fs::symlink_metadata(path) {
        Err(_) => remove_unused(path),
        // A link could lead the write to a file of another kind.
        Ok(found) if found.is_symlink() => return Err(cannot_use("it is a symbolic link")),
        Ok(found) if !found.is_file() => return Err(cannot_use("it is not a regular file")),
        Ok(_) => {}
    }
    let file = open_private(path).map_err(|error| cannot_use(&reason(&error)))?;
    check_owner(&file).map_err(|why| cannot_use(&why))?;
    Ok(file)
}

/// Refuses a file that somebody else can change, or that another name leads to.
#[cfg(unix)]
fn check_owner(file: &File) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = file.metadata().map_err(|error| reason(&error))?;
    if metadata.nlink() > 1 {
        return Err("it has several names (hard links)".to_owned());
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err("it belongs to another user".to_owned());
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
fn check_owner(_: &File) -> Result<(), String> {
    Ok(())
}

/// Removes the files of tokens and base URLs that are no longer used: every sandbox has a base URL of its own.
fn remove_unused(path: &Path) {
    let Some(Ok(entries)) = path.parent().map(fs::read_dir) else {
        return;
    };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let age = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .map(|time| time.elapsed());
        if is_ours && matches!(age, Ok(Ok(age)) if age > UNUSED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A file name that reveals neither the token nor the base URL.
fn name(base_url: &str, token: &Token) -> PathBuf {
    let text = format!("{base_url}\n{}", token.expose());
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_ref()[..16]);
    format!("{PREFIX}{:032x}", u128::from_be_bytes(half)).into()
}

#[cfg(test)]
mod tests;
