//! A user's home for one test: a configuration file, and runs of lexbot that see nothing else of the machine.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The configuration file, seen from the home.
const CONFIG: &str = "lexbot/config.toml";

/// An empty home directory, removed with its value.
pub(crate) struct Home(TempDir);

/// What a run of lexbot left: the home's path in its output reads "HOME".
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

/// What a run is expected to leave.
pub(crate) fn ran(code: i32, out: &str, err: &str) -> Ran {
    Ran {
        code: Some(code),
        out: out.to_owned(),
        err: err.to_owned(),
    }
}

impl Home {
    /// A home without a configuration file.
    pub(crate) fn new() -> Self {
        Home(TempDir::new().unwrap())
    }

    /// A home whose configuration file, closed to others, has `text`.
    pub(crate) fn with_config(text: &str) -> Self {
        let home = Home::new();
        fs::create_dir(home.path("lexbot")).unwrap();
        fs::write(home.config(), text).unwrap();
        set_mode(&home.config(), 0o600);
        home
    }

    /// The path of `name` in the home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The configuration file's path. `LEXBOT_CONFIG` is set to it as seen from the home.
    pub(crate) fn config(&self) -> PathBuf {
        self.path(CONFIG)
    }

    /// The configuration file's text.
    pub(crate) fn config_text(&self) -> String {
        fs::read_to_string(self.config()).unwrap()
    }

    /// `lexbot ARGUMENTS` in this home, with no other variables than these.
    pub(crate) fn lexbot(&self, arguments: &[&str]) -> Command {
        self.command(env!("CARGO_BIN_EXE_lexbot"), arguments)
    }

    /// Another program in this home.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .env("LEXBOT_CONFIG", CONFIG)
            .current_dir(self.0.path());
        command
    }

    /// Runs `lexbot ARGUMENTS` with nothing on standard input.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(&mut self.lexbot(arguments), b"")
    }

    /// Runs `command` with `input` on standard input.
    pub(crate) fn finish(&self, command: &mut Command, input: &[u8]) -> Ran {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A run that refuses its arguments doesn't wait for its input.
        let _ = child.stdin.take().unwrap().write_all(input);
        self.ran(&child.wait_with_output().unwrap())
    }

    fn ran(&self, output: &Output) -> Ran {
        let home = self.0.path().to_str().unwrap();
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec())
                .unwrap()
                .replace(home, "HOME")
        };
        Ran {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

/// The permissions of the file or directory at `path`.
#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Sets the permissions of the file or directory at `path`, where there are such.
pub(crate) fn set_mode(path: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
}

/// The names of everything in the directory at `path`, sorted.
pub(crate) fn names_in(path: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Says why a test ends before its time; `--nocapture` shows it.
#[expect(
    clippy::print_stdout,
    reason = "a test that proves nothing should say so"
)]
pub(crate) fn skipped(why: &str) {
    println!("skipped: {why}");
}
