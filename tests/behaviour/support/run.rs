//! Describes a run: arguments, environment and input, and the expected output.
//!
//! Of the environment of the tests, a run gets only the PATH.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::capture::Capture;
use super::home::Home;
use super::output::{Expected, Output};
use super::running::Running;
use super::server::Server;
use super::shared::Shared;
use super::text::Text;
use super::{CLIENT_ID, LIMIT, TOKEN};

/// Programs need these to start, on one system or another.
const KEPT: [&str; 2] = ["PATH", "SYSTEMROOT"];

/// A user and a group without any rights.
#[cfg(unix)]
const UNPRIVILEGED: u32 = 65534;

/// A run to come.
#[must_use = "nothing happens before `run` or `spawn`"]
pub(crate) struct Run {
    program: PathBuf,
    args: Vec<OsString>,
    /// What the test sets, or removes (`None`).
    variables: BTreeMap<OsString, Option<OsString>>,
    stdin: Option<Vec<u8>>,
    config: Option<String>,
    home: Option<Home>,
    server: Option<Arc<Shared>>,
    stdout_lines: Option<usize>,
    limit: Duration,
    /// Whether to run as [`UNPRIVILEGED`].
    unprivileged: bool,
    expected: Expected,
}

/// A run of the built lexbot.
pub(crate) fn lexbot(args: impl IntoIterator<Item: AsRef<OsStr>>) -> Run {
    program(env!("CARGO_BIN_EXE_lexbot"), args)
}

/// A run of another program in the same environment, such as a shell that runs what lexbot printed.
pub(crate) fn program(path: impl AsRef<Path>, args: impl IntoIterator<Item: AsRef<OsStr>>) -> Run {
    Run {
        program: path.as_ref().to_owned(),
        args: Vec::new(),
        variables: BTreeMap::new(),
        stdin: None,
        config: None,
        home: None,
        server: None,
        stdout_lines: None,
        limit: LIMIT,
        unprivileged: false,
        expected: Expected::default(),
    }
    .args(args)
}

/// A run of a shell command in a terminal, which shows what is typed; with lexbot as `lexbot`. It needs `script`.
#[cfg(target_os = "linux")]
pub(crate) fn in_a_terminal(command: &str) -> Run {
    let command = command.replace("lexbot ", concat!(env!("CARGO_BIN_EXE_lexbot"), " "));
    program("script", ["-qec", &command, "-E", "always", "/dev/null"])
        .env("SHELL", "/bin/sh")
        .env("TERM", "xterm")
}

impl Run {
    /// Adds arguments.
    pub(crate) fn args(mut self, args: impl IntoIterator<Item: AsRef<OsStr>>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables
            .insert(name.into(), Some(value.as_ref().to_owned()));
        self
    }

    /// Removes a variable.
    pub(crate) fn no_env(mut self, name: &str) -> Self {
        self.variables.insert(name.into(), None);
        self
    }

    /// Sets base URL, token and client ID.
    pub(crate) fn base_url(self, url: &str) -> Self {
        self.env("LEXBOT_BASE_URL", url)
            .env("LEXBOT_TOKEN", TOKEN)
            .env("LEXBOT_CLIENT_ID", CLIENT_ID)
    }

    /// Sets base URL, token and client ID for `server`.
    pub(crate) fn server(mut self, server: &Server) -> Self {
        self.server = Some(server.shared());
        self.base_url(&server.url())
    }

    /// Sets standard input. By default it is empty for `run`, and open for the test to write to for `spawn`.
    pub(crate) fn stdin(mut self, content: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(content.into());
        self
    }

    /// Writes the configuration file.
    pub(crate) fn config(mut self, toml: &str) -> Self {
        self.config = Some(toml.to_owned());
        self
    }

    /// Runs in this home instead of an empty one.
    pub(crate) fn home(mut self, home: &Home) -> Self {
        self.home = Some(home.clone());
        self
    }

    /// Runs as an ordinary user, who owns the home, even if the tests run as root, whom permissions don't stop.
    #[cfg(unix)]
    pub(crate) fn unprivileged(mut self) -> Self {
        self.unprivileged = rustix::process::geteuid().is_root();
        self
    }

    /// Closes the reader's end of standard output after this number of lines; with 0, before the run starts.
    pub(crate) fn reader_leaves_after(mut self, lines: usize) -> Self {
        self.stdout_lines = Some(lines);
        self
    }

    /// Expects the run to end within this time.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Expects exactly this on standard output.
    pub(crate) fn stdout(mut self, text: impl Into<String>) -> Self {
        self.expected.stdout = Text::Exactly(text.into());
        self
    }

    /// Expects exactly these lines on standard output, in any order: an invalid message is reported at once, even
    /// while an earlier one is being sent.
    pub(crate) fn stdout_in_any_order(mut self, text: impl Into<String>) -> Self {
        self.expected.stdout = Text::InAnyOrder(text.into());
        self
    }

    /// Expects exactly this on standard error.
    pub(crate) fn stderr(mut self, text: impl Into<String>) -> Self {
        self.expected.stderr = Text::Exactly(text.into());
        self
    }

    /// Expects standard output to match this pattern: `[..]` is anything within a line, a line `...` any number of
    /// lines.
    pub(crate) fn stdout_like(mut self, pattern: impl Into<String>) -> Self {
        self.expected.stdout = Text::Like(pattern.into());
        self
    }

    /// Expects standard error to match this pattern.
    pub(crate) fn stderr_like(mut self, pattern: impl Into<String>) -> Self {
        self.expected.stderr = Text::Like(pattern.into());
        self
    }

    /// Expects any output, which only must not show a secret.
    pub(crate) fn any_output(self) -> Self {
        self.stdout_like("...").stderr_like("...")
    }

    /// Ignores the summary of a batch on standard error.
    pub(crate) fn summary_aside(mut self) -> Self {
        self.expected.summary_aside = true;
        self
    }

    /// Expects on standard error also what is said about waiting. Otherwise that is ignored, because a slow machine waits
    /// more often.
    pub(crate) fn waits_shown(mut self) -> Self {
        self.expected.shows_waits = true;
        self
    }

    /// Expects this exit code.
    pub(crate) fn code(mut self, code: i32) -> Self {
        self.expected.code = Some(code);
        self
    }

    /// Expects any exit code.
    pub(crate) fn any_code(mut self) -> Self {
        self.expected.code = None;
        self
    }

    /// Runs it to its end, and asserts that everything was as expected.
    #[track_caller]
    pub(crate) fn run(mut self) -> Output {
        self.stdin.get_or_insert_default();
        self.spawn().wait()
    }

    /// Starts it, for a test that acts while it runs.
    #[track_caller]
    #[cfg_attr(
        not(unix),
        expect(unused_mut, reason = "only Unix has a user to change to")
    )]
    pub(crate) fn spawn(mut self) -> Running {
        let home = self.home.clone().unwrap_or_else(Home::new);
        if let Some(text) = &self.config {
            home.write_config(text);
        }
        #[cfg(unix)]
        self.drop_privileges(&home);
        let (reader, writer) = io::pipe().expect("a pipe");
        let stdout = Capture::of(reader, self.stdout_lines);
        // The command has the writer's end of the pipe too, and must be dropped for the output to end.
        let mut child = {
            let mut command = self.command(&home);
            command.stdout(writer);
            match command.spawn() {
                Ok(child) => child,
                Err(error) => panic!("cannot run {}: {error}", self.program.display()),
            }
        };
        let stderr = Capture::of(child.stderr.take().expect("standard error is a pipe"), None);
        let mut stdin = child.stdin.take();
        if let Some(content) = self.stdin
            && let Some(mut pipe) = stdin.take()
        {
            // A process needn't read it all.
            thread::spawn(move || pipe.write_all(&content));
        }
        Running {
            name: format!("{} {:?}", self.program.display(), self.args),
            child,
            stdin,
            stdout,
            stderr,
            limit: self.limit,
            expected: self.expected,
            server: self.server,
            _home: home,
        }
    }

    #[cfg(unix)]
    fn drop_privileges(&mut self, home: &Home) {
        if !self.unprivileged {
            return;
        }
        let mut script = format!("chown -R {UNPRIVILEGED}:{UNPRIVILEGED} .");
        let program = self.program.clone();
        if program.is_absolute() {
            // That user may have no access to the build directory. This process must not write the copy: a child that
            // another thread forks meanwhile would keep it open, and it couldn't be run.
            script = format!("cp \"$0\" tmp/program && {script}");
            self.program = home.path().join("tmp/program");
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).arg(program);
        let done = shell.current_dir(home.path()).status();
        assert!(done.is_ok_and(|status| status.success()), "{script}");
    }

    fn command(&self, home: &Home) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .current_dir(home.path())
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .env_clear()
            .envs(home.variables())
            // Not a whole number of hours from UTC, so that a time in the wrong zone shows.
            .env("TZ", "Asia/Kathmandu");
        #[cfg(unix)]
        if self.unprivileged {
            use std::os::unix::process::CommandExt as _;
            command.uid(UNPRIVILEGED).gid(UNPRIVILEGED);
        }
        for name in KEPT {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }
}
