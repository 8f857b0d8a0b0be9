//! A started run: what a test can do with it, and how it waits for its end.

use std::io::Write as _;
use std::process::{Child, ChildStdin, ExitStatus};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::PATIENCE;
use super::capture::Capture;
use super::home::Home;
use super::output::{Expected, Output};
use super::shared::Shared;

/// A started process. It is killed when dropped.
pub(crate) struct Running {
    pub(super) name: String,
    pub(super) child: Child,
    pub(super) stdin: Option<ChildStdin>,
    pub(super) stdout: Capture,
    pub(super) stderr: Capture,
    pub(super) limit: Duration,
    pub(super) expected: Expected,
    pub(super) server: Option<Arc<Shared>>,
    /// Kept while the process uses it.
    pub(super) _home: Home,
}

impl Running {
    /// Writes a line to standard input.
    #[track_caller]
    pub(crate) fn write_line(&mut self, line: &str) {
        self.write(&format!("{line}\n"));
    }

    /// Writes a line to standard input, unless the process has closed it; then returns false.
    pub(crate) fn takes_line(&mut self, line: &str) -> bool {
        let stdin = self.stdin.as_mut();
        stdin.is_some_and(|stdin| writeln!(stdin, "{line}").is_ok())
    }

    /// Writes to standard input.
    #[track_caller]
    pub(crate) fn write(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().expect("standard input is still open");
        if let Err(error) = stdin.write_all(text.as_bytes()) {
            self.fail(&format!("doesn't read standard input: {error}"));
        }
    }

    /// Ends standard input.
    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Waits for the next line of standard output.
    #[track_caller]
    pub(crate) fn read_line(&self) -> String {
        self.next_line(&self.stdout)
    }

    /// Waits for the next line of standard error.
    #[track_caller]
    pub(crate) fn read_stderr_line(&self) -> String {
        self.next_line(&self.stderr)
    }

    /// Waits until standard output contains `text`, which need not be a whole line.
    #[track_caller]
    pub(crate) fn wait_for_stdout(&self, text: &str) {
        if !self.stdout.comes_to(text) {
            self.fail(&format!("did not print {text:?} within {PATIENCE:?}"));
        }
    }

    /// Waits until standard error contains `text`.
    #[track_caller]
    pub(crate) fn wait_for_stderr(&self, text: &str) {
        if !self.stderr.comes_to(text) {
            self.fail(&format!("did not say {text:?} within {PATIENCE:?}"));
        }
    }

    #[track_caller]
    fn next_line(&self, stream: &Capture) -> String {
        match stream.next_line() {
            Some(line) => line,
            None => self.fail(&format!("printed no other line within {PATIENCE:?}")),
        }
    }

    /// Sends a signal, such as `INT`.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        // A shell's own `kill`: not every system has it as a program.
        let sent = std::process::Command::new("sh")
            .arg("-c")
            .arg(format!("kill -s {name} {}", self.child.id()))
            .status();
        if !sent.is_ok_and(|status| status.success()) {
            self.fail(&format!("can't be sent the signal {name}"));
        }
    }

    /// Kills it, and asserts that everything was as expected until then.
    #[track_caller]
    pub(crate) fn kill(mut self) -> Output {
        self.expected.code = Some(if cfg!(windows) { 1 } else { -9 });
        if let Err(error) = self.child.kill() {
            self.fail(&format!("can't be killed: {error}"));
        }
        self.wait()
    }

    /// Its peak memory so far, in bytes; `None` where the system doesn't report it.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kibibytes: u64 = peak.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kibibytes * 1024)
    }

    /// Ends standard input, and waits as [`Running::wait`] does.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Output {
        self.close_stdin();
        self.wait()
    }

    /// Waits for its end without closing standard input, and asserts that everything was as expected.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Output {
        let Some(status) = self.end() else {
            self.fail(&format!("did not end within {:?}", self.limit));
        };
        let output = Output {
            stdout: self.stdout.text(),
            stderr: self.stderr.text(),
            code: code_of(status),
        };
        if let Some(complaint) = self.expected.complaint(&output) {
            self.fail(&complaint);
        }
        output
    }

    /// Waits until the process and all that share its output have ended; `None` if they don't.
    fn end(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + self.limit;
        if !self.stderr.ends_by(deadline) || !self.stdout.ends_by(deadline) {
            return None;
        }
        // A process closes its output just before it ends, and std can't wait for the end with a deadline.
        while Instant::now() < deadline {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(1));
        }
        None
    }

    #[track_caller]
    fn fail(&self, complaint: &str) -> ! {
        let server = self.server.as_ref().map(|server| server.seen());
        panic!(
            "{}: {complaint}\nstandard output:\n{}\nstandard error:\n{}\n{}",
            self.name,
            self.stdout.text(),
            self.stderr.text(),
            server.unwrap_or_default()
        );
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
fn code_of(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status
        .code()
        .or_else(|| status.signal().map(|signal| -signal))
        .expect("an exit code or a signal")
}

#[cfg(not(unix))]
fn code_of(status: ExitStatus) -> i32 {
    status.code().expect("an exit code")
}
