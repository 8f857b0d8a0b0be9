//! `token_command`: runs the command that prints the token.
//!
//! The command shares lexbot's stderr and terminal, so that it can ask for a password, and doesn't outlive lexbot: a
//! signal ends both. On Unix it gets SIGTERM first. If it fails, or has to be killed, the terminal is restored: it may
//! have hidden what is typed.

use std::io::{self, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{CliError, reason};
#[cfg(unix)]
use crate::process;
use crate::shutdown::SignalWatch;
#[cfg(unix)]
use crate::terminal::SavedTerminal;

/// In bytes. More output is no token.
const MAX_OUTPUT: u64 = 64 * 1024;

/// How long a signal or the time limit may wait to be noticed.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// How long the command has to end after SIGTERM.
#[cfg(unix)]
const TERMINATION_GRACE: Duration = Duration::from_millis(100);

/// What `command` prints on stdout, within `limit`. `place` names the setting, and `fix` says how to set it again.
pub(super) fn output_of(
    command: &str,
    limit: Option<Duration>,
    place: &str,
    fix: &str,
) -> Result<Vec<u8>, CliError> {
    let error = |problem: &str, hint: &str| {
        CliError::configuration(format!("{place} {problem}")).hint(hint)
    };
    if !is_known(command) {
        return Err(error(
            "names a program that does not exist",
            "token_command takes a command, such as \"pass show lexer\"; to store a token: lexbot config set-token",
        ));
    }
    let running = Running::start(command, limit).map_err(|cause| cannot_run(&cause));
    let mut running = running.map_err(|problem| error(&problem, fix))?;
    let (output, status) = running.finish().map_err(|problem| error(&problem, fix))?;
    if status.success() {
        return Ok(output);
    }
    #[cfg(unix)]
    running.restore_terminal();
    Err(error(
        &format!("failed with {}", status_text(status)),
        "run the command by itself to see what it needs",
    ))
}

fn cannot_run(cause: &io::Error) -> String {
    format!("could not be run: {}", reason(cause))
}

/// A running command, which is killed when this is dropped.
struct Running {
    child: Child,
    signals: SignalWatch,
    /// Before the command started, if there is one.
    #[cfg(unix)]
    terminal: Option<SavedTerminal>,
    /// How long it may take.
    limit: Option<Duration>,
    start: Instant,
}

impl Running {
    fn start(command: &str, limit: Option<Duration>) -> io::Result<Self> {
        let signals = SignalWatch::start()?;
        #[cfg(unix)]
        let terminal = SavedTerminal::save().ok();
        let child = shell(command)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        Ok(Running {
            child,
            signals,
            #[cfg(unix)]
            terminal,
            limit,
            start: Instant::now(),
        })
    }

    /// Waits for the end. Returns what the command printed and its status, or what is wrong, to follow its name.
    fn finish(&mut self) -> Result<(Vec<u8>, ExitStatus), String> {
        let stdout = self.child.stdout.take();
        let (sender, receiver) = mpsc::channel();
        let read = move || {
            let mut output = Vec::new();
            let read = stdout.map_or(Ok(0), |stdout| {
                stdout.take(MAX_OUTPUT + 1).read_to_end(&mut output)
            });
            // The receiver is gone once the time is up.
            let _ = sender.send(read.map(|_| output));
        };
        thread::Builder::new()
            .spawn(read)
            .map_err(|cause| cannot_run(&cause))?;
        let output = self.poll(|_| receiver.recv_timeout(POLL_INTERVAL).ok())?;
        let output = output.map_err(|cause| cannot_run(&cause))?;
        if output.len() as u64 > MAX_OUTPUT {
            return Err(format!("printed more than {} KiB", MAX_OUTPUT >> 10));
        }
        let status = self.poll(|child| {
            let status = child.try_wait().transpose();
            if status.is_none() {
                thread::sleep(POLL_INTERVAL);
            }
            status
        })?;
        Ok((output, status.map_err(|cause| cannot_run(&cause))?))
    }

    /// Calls `ready` until it returns something, or the time is up. A signal ends the process.
    fn poll<T>(&mut self, mut ready: impl FnMut(&mut Child) -> Option<T>) -> Result<T, String> {
        loop {
            let result = ready(&mut self.child);
            if let Some(signal) = self.signals.caught() {
                self.kill();
                std::process::exit(128 + signal);
            }
            if let Some(result) = result {
                return Ok(result);
            }
            if let Some(limit) = self.limit.filter(|limit| self.start.elapsed() >= *limit) {
                return Err(format!("did not end within {} s", limit.as_secs_f64()));
            }
        }
    }

    fn kill(&mut self) {
        #[cfg(unix)]
        {
            use rustix::process::Signal;

            let mut processes = process::stop_with_descendants(self.child.id());
            process::signal(&processes, Signal::TERM);
            process::signal(&processes, Signal::CONT);
            thread::sleep(TERMINATION_GRACE);
            processes.extend(process::stop_with_descendants(self.child.id()));
            process::signal(&processes, Signal::KILL);
        }
        // Fails if it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
        #[cfg(unix)]
        self.restore_terminal();
    }

    #[cfg(unix)]
    fn restore_terminal(&self) {
        if let Some(terminal) = &self.terminal {
            // Without the terminal, there is nothing to restore.
            let _ = terminal.restore();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill();
        }
    }
}

/// Returns false for a single word that is no program: probably a token, which the shell would print.
fn is_known(command: &str) -> bool {
    let word = command.trim();
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "+-./=_~".contains(character);
    word.is_empty() || !word.chars().all(is_plain) || is_program(word)
}

#[cfg(unix)]
fn is_program(word: &str) -> bool {
    let found = shell(r#"command -v -- "$0""#)
        .arg(word)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    // If there is no shell, the command itself fails with the reason.
    found.map_or(true, |found| found.success())
}

#[cfg(windows)]
fn is_program(word: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    crate::find_program::find_program(word.as_ref(), &path).is_some()
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

/// `cmd` takes the rest of its command line as it is, except that `/S` removes the outer quotes. Without `/S` it removes
/// the first and the last quote of `"C:\a b\x.exe" "y"`. `/D` keeps other programs from adding commands of their own.
#[cfg(windows)]
fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt as _;
    let mut shell = Command::new("cmd");
    shell
        .args(["/D", "/S", "/C"])
        .raw_arg(format!("\"{command}\""));
    shell
}

fn status_text(status: ExitStatus) -> String {
    status
        .code()
        .map_or_else(|| status.to_string(), |code| format!("exit code {code}"))
}
