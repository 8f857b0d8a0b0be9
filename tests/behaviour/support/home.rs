//! A user's home: the directories that a run of lexbot reads and writes, in a temporary directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

/// A home directory that is removed with the last copy of this value.
///
/// It is the working directory of its runs, and relative paths start there.
#[derive(Debug, Clone)]
pub(crate) struct Home(Arc<TempDir>);

impl Home {
    /// A home with only the directories that every system provides.
    pub(crate) fn new() -> Self {
        let home = Home(Arc::new(
            tempfile::tempdir().expect("a temporary directory"),
        ));
        for provided in ["run", "tmp"] {
            fs::create_dir(home.path().join(provided)).expect("a directory in the home");
            home.set_mode(provided, 0o700);
        }
        home
    }

    /// The directory itself.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where lexbot looks for its configuration. There is no file unless a test writes it.
    pub(crate) fn config_path(&self) -> PathBuf {
        let directory = if cfg!(target_os = "macos") {
            "Library/Application Support"
        } else {
            ".config"
        };
        self.path().join(directory).join("lexbot/config.toml")
    }

    /// Writes the configuration as lexbot itself would.
    pub(crate) fn write_config(&self, text: &str) {
        self.write_private(self.config_path(), text);
    }

    /// Writes a file that only its owner can read.
    pub(crate) fn write_private(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.write(path, content);
        self.set_mode(path, 0o600);
    }

    /// Writes a file and its parent directories; returns its full path.
    pub(crate) fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(path);
        let parent = path.parent().expect("a file is in a directory");
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, content))
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
        path
    }

    /// The text of a file.
    #[track_caller]
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> String {
        let path = self.path().join(path);
        match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => panic!("cannot read {}: {error}", path.display()),
        }
    }

    /// The names of everything in a directory, sorted.
    #[track_caller]
    pub(crate) fn names(&self, directory: impl AsRef<Path>) -> Vec<String> {
        let entries = fs::read_dir(self.path().join(directory)).expect("a directory to list");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry of a directory").file_name())
            .map(|name| name.into_string().expect("a name in UTF-8"))
            .collect();
        names.sort();
        names
    }

    /// Sets the permissions of a file or directory; does nothing on systems without such permissions.
    #[cfg_attr(
        not(unix),
        expect(
            clippy::unused_self,
            unused_variables,
            reason = "it does nothing there"
        )
    )]
    pub(crate) fn set_mode(&self, path: impl AsRef<Path>, mode: u32) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let permissions = fs::Permissions::from_mode(mode);
            fs::set_permissions(self.path().join(path), permissions).expect("permissions to set");
        }
    }

    /// The permissions of a file or directory, such as `0o600`.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn mode(&self, path: impl AsRef<Path>) -> u32 {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path().join(path);
        match fs::metadata(&path) {
            Ok(metadata) => metadata.permissions().mode() & 0o7777,
            Err(error) => panic!("cannot look at {}: {error}", path.display()),
        }
    }

    /// The variables that make a run use this home.
    ///
    /// Windows knows where a user's directories are from elsewhere.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&'static str, PathBuf)> {
        let on_windows = [
            (
                "LEXBOT_CACHE_DIR",
                self.path().join(".cache").join("lexbot"),
            ),
            ("LEXBOT_CONFIG", self.config_path()),
            ("TEMP", self.path().join("tmp")),
        ];
        let everywhere = [
            ("HOME", self.path().to_owned()),
            ("TMPDIR", self.path().join("tmp")),
            ("XDG_CACHE_HOME", self.path().join(".cache")),
            ("XDG_CONFIG_HOME", self.path().join(".config")),
            ("XDG_RUNTIME_DIR", self.path().join("run")),
            ("XDG_STATE_HOME", self.path().join(".local/state")),
        ];
        let on_windows = on_windows.into_iter().filter(|_| cfg!(windows));
        everywhere.into_iter().chain(on_windows)
    }
}
