//! The file through which lexbot processes share the last turn that one of them took.
//!
//! It holds two times and nothing else; its name is a hash of base URL and token. It lives in the user's cache
//! directory rather than in the runtime directory, for cron jobs and services don't have the latter, and two
//! processes that use different files don't share a pace. Nothing needs to be durable: after a crash of the
//! machine there is no last turn to wait for.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};

use super::schedule::Reservation;
use crate::error::reason;
use crate::fs::{create_private_directory, open_private};
use crate::token::Token;

/// How the name of every state file begins.
const PREFIX: &str = "rate-";

/// A file that no request has touched for so long is no longer used.
const UNUSED: Duration = Duration::from_hours(7 * 24);

/// The open state file of one token at one base URL.
#[derive(Debug)]
pub(crate) struct StateFile {
    file: File,
}

/// The state file while this process has the lock on it.
pub(super) struct Locked<'f>(&'f mut File);

impl StateFile {
    /// Opens or creates the file for `token` at `base_url` below `cache`, the user's cache directory.
    pub(crate) fn open(cache: &Path, base_url: &str, token: &Token) -> anyhow::Result<Self> {
        let directory = cache.join("lexbot");
        create_private_directory(&directory).map_err(|error| {
            anyhow!("cannot create {}: {}", directory.display(), reason(&error))
        })?;
        let path = directory.join(name(base_url, token));
        if !path.exists() {
            remove_old(&directory);
        }
        let open = || -> anyhow::Result<File> {
            // A link could lead the write to a file of another kind.
            if path.is_symlink() {
                bail!("it is a symbolic link");
            }
            let file = open_private(&path).map_err(|error| anyhow!(reason(&error)))?;
            check(&file)?;
            Ok(file)
        };
        let file = open().with_context(|| format!("cannot use {}", path.display()))?;
        Ok(StateFile { file })
    }

    /// Waits for the lock. None where the file system has none.
    pub(super) fn lock(&mut self) -> Option<Locked<'_>> {
        self.file.lock().ok()?;
        Some(Locked(&mut self.file))
    }
}

impl Locked<'_> {
    /// The last turn. None in a new file, and in one that can't be read as one.
    pub(super) fn last(&mut self) -> Option<Reservation> {
        let mut text = Vec::new();
        self.0.seek(SeekFrom::Start(0)).ok()?;
        (&mut *self.0).take(128).read_to_end(&mut text).ok()?;
        let line = text.split(|byte| *byte == b'\n').next()?;
        let (slot, at) = str::from_utf8(line).ok()?.split_once(' ')?;
        Some(Reservation {
            slot: Duration::from_nanos(slot.parse().ok()?),
            at: Duration::from_nanos(at.parse().ok()?),
        })
    }

    /// Notes a turn. On a full disk the others see the last one that could be noted.
    pub(super) fn note(&mut self, taken: Reservation) {
        // A turn of a rate next to nothing lies further ahead than nanoseconds can count: as far as they can.
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        // Always as many bytes, so that a shorter number never leaves the end of a longer one behind.
        let text = format!("{:020} {:020}\n", nanos(taken.slot), nanos(taken.at));
        let _ = self
            .0
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.0.write_all(text.as_bytes()));
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Removes the files of tokens and base URLs that are no longer used: every sandbox has a base URL of its own.
fn remove_old(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else {
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

/// A name that tells neither token nor base URL.
fn name(base_url: &str, token: &Token) -> PathBuf {
    let text = format!("{base_url}\n{}", token.expose());
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_ref()[..16]);
    format!("{PREFIX}{:032x}", u128::from_be_bytes(half)).into()
}

/// Refuses what isn't a file of its own: another name for it may lead into somebody else's directory.
fn check(file: &File) -> anyhow::Result<()> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        bail!("it is not a regular file");
    }
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&metadata) > 1 {
        bail!("it has several names (hard links)");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::schedule::Reservation;
    use super::{StateFile, name};
    use crate::token::Token;
    use std::time::Duration;

    fn token() -> Token {
        Token::parse("0123456789abcdef").unwrap()
    }

    #[test]
    fn what_one_process_notes_the_next_one_sees() {
        let cache = tempfile::tempdir().unwrap();
        let open = || StateFile::open(cache.path(), "https://x", &token()).unwrap();
        let (mut one, mut other) = (open(), open());
        assert_eq!(one.lock().unwrap().last(), None);
        let late = Reservation {
            slot: Duration::from_nanos(1_767_323_045_678_000_001),
            at: Duration::from_nanos(1_767_323_045_600_000_002),
        };
        one.lock().unwrap().note(late);
        assert_eq!(other.lock().unwrap().last(), Some(late));
        let early = Reservation {
            slot: Duration::from_nanos(8),
            at: Duration::from_nanos(7),
        };
        other.lock().unwrap().note(early);
        assert_eq!(one.lock().unwrap().last(), Some(early));
    }

    #[test]
    fn garbage_in_the_file_is_no_time() {
        let cache = tempfile::tempdir().unwrap();
        let mut state = StateFile::open(cache.path(), "https://x", &token()).unwrap();
        std::fs::write(
            cache
                .path()
                .join("lexbot")
                .join(name("https://x", &token())),
            "\u{0}\u{0}?",
        )
        .unwrap();
        assert_eq!(state.lock().unwrap().last(), None);
    }

    #[test]
    fn files_that_nobody_uses_any_more_go_when_a_new_one_comes() {
        let cache = tempfile::tempdir().unwrap();
        let directory = cache.path().join("lexbot");
        std::fs::create_dir(&directory).unwrap();
        for (file, days) in [("rate-old", 8), ("rate-recent", 6), ("other", 8)] {
            let file = std::fs::File::create(directory.join(file)).unwrap();
            file.set_modified(std::time::SystemTime::now() - Duration::from_hours(days * 24))
                .unwrap();
        }
        StateFile::open(cache.path(), "https://x", &token()).unwrap();
        let left = |file: &str| directory.join(file).exists();
        assert_eq!(
            ["rate-old", "rate-recent", "other"].map(left),
            [false, true, true]
        );
    }

    #[test]
    fn each_token_and_base_url_has_a_file_of_its_own_that_names_neither() {
        let one = name("https://x", &token());
        assert_ne!(one, name("https://y", &token()));
        assert_ne!(one, name("https://x", &Token::parse("other").unwrap()));
        assert_eq!(one.as_os_str().len(), "rate-".len() + 32);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_its_place_is_refused() {
        let cache = tempfile::tempdir().unwrap();
        let victim = cache.path().join("victim");
        std::fs::write(&victim, "precious").unwrap();
        let path = cache
            .path()
            .join("lexbot")
            .join(name("https://x", &token()));
        std::fs::create_dir(cache.path().join("lexbot")).unwrap();
        std::os::unix::fs::symlink(&victim, &path).unwrap();
        assert!(StateFile::open(cache.path(), "https://x", &token()).is_err());
        std::fs::remove_file(&path).unwrap();
        std::fs::hard_link(&victim, &path).unwrap();
        assert!(StateFile::open(cache.path(), "https://x", &token()).is_err());
        assert_eq!(std::fs::read_to_string(victim).unwrap(), "precious");
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        /// Whatever the file holds, it is read without a panic, and overwritten by the next turn.
        #[test]
        fn any_content_is_survived(content in prop::collection::vec(any::<u8>(), 0..80), numbers in "[0-9]{0,30} [0-9]{0,30}\n?") {
            let cache = tempfile::tempdir().unwrap();
            let mut state = StateFile::open(cache.path(), "https://x", &token()).unwrap();
            let path = cache.path().join("lexbot").join(name("https://x", &token()));
            for content in [content.as_slice(), numbers.as_bytes()] {
                std::fs::write(&path, content).unwrap();
                let mut locked = state.lock().unwrap();
                locked.last();
                let taken = Reservation { slot: Duration::from_secs(2), at: Duration::from_secs(1) };
                locked.note(taken);
                prop_assert_eq!(locked.last(), Some(taken));
            }
        }
    }
}
