//! A user's home: the directories that a run of lexbot reads and writes, in a temporary place of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

/// A home directory that is removed with the last copy of this value.
///
/// Relative paths are taken from it, and it is the working directory of its runs.
#[derive(Debug, Clone)]
pub(crate) struct Home(Arc<TempDir>);

impl Home {
    /// A home with nothing in it but the directories that every system provides.
    pub(crate) fn new() -> Self {
        let home = Home(Arc::new(
            tempfile::tempdir().expect("a temporary directory"),
        ));
        for provided in ["run", "tmp"] {
            let directory = home.path().join(provided);
            fs::create_dir(&directory).expect("a directory in the home");
            set_mode(&directory, 0o700);
        }
        home
    }

    /// The directory itself.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where lexbot looks for its configuration. The file isn't there unless a test writes it.
    pub(crate) fn config_path(&self) -> PathBuf {
        let directory = if cfg!(target_os = "macos") {
            "Library/Application Support"
        } else {
            ".config"
        };
        self.path().join(directory).join("lexbot/config.toml")
    }

    /// Writes the configuration as lexbot itself would: for its owner only.
    pub(crate) fn write_config(&self, text: &str) {
        let path = self.write(self.config_path(), text);
        set_mode(&path, 0o600);
    }

    /// Writes a file, and the directories that lead to it; gives its full path.
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

    /// The variables that lead a run here, and nowhere else.
    pub(super) fn variables(&self) -> [(&'static str, PathBuf); 6] {
        [
            ("HOME", self.path().to_owned()),
            ("TMPDIR", self.path().join("tmp")),
            ("XDG_CACHE_HOME", self.path().join(".cache")),
            ("XDG_CONFIG_HOME", self.path().join(".config")),
            ("XDG_RUNTIME_DIR", self.path().join("run")),
            ("XDG_STATE_HOME", self.path().join(".local/state")),
        ]
    }
}

/// Sets the permissions of `path`; does nothing where they are of another kind.
fn set_mode(path: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions to set");
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
}
