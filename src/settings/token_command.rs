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
    let error = |problem: String, hint: &str| {
        CliError::configuration(format!("{place} {problem}")).hint(hint)
    };
    let cannot_run = |cause: io::Error| error(format!("could not be run: {}", reason(&cause)), fix);
    if !is_known(command) {
        return Err(error(
            "names a program that does not exist".to_owned(),
            "token_command takes a command, such as \"pass show lexer\"; to store a token: lexbot config set-token",
        ));
    }
    let signals = SignalWatch::start().map_err(cannot_run)?;
    #[cfg(unix)]
    let terminal = SavedTerminal::save().ok();
    let child = shell(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(cannot_run)?;
    let mut running = Running {
        child,
        signals,
        #[cfg(unix)]
        terminal,
        deadline: limit.and_then(|limit| Instant::now().checked_add(limit)),
    };
    let (output, status) = match running.finish().map_err(cannot_run)? {
        Ended::ByItself(output, status) => (output, status),
        Ended::TooLong => {
            let problem = format!("printed more than {} KiB", MAX_OUTPUT >> 10);
            return Err(error(problem, fix));
        }
        Ended::TooLate => {
            let seconds = limit.unwrap_or_default().as_secs_f64();
            return Err(error(format!("did not end within {seconds} s"), fix));
        }
    };
    if status.success() {
        return Ok(output);
    }
    #[cfg(unix)]
    running.restore_terminal();
    Err(error(
        format!("failed with {}", status_text(status)),
        "run the command by itself to see what it needs",
    ))
}

/// A running command, which is killed when this is dropped.
struct Running {
    child: Child,
    signals: SignalWatch,
    /// Before the command started, if there is one.
    #[cfg(unix)]
    terminal: Option<SavedTerminal>,
    deadline: Option<Instant>,
}

/// How the command ended, or why it has to.
enum Ended {
    /// What it printed, and its status.
    ByItself(Vec<u8>, ExitStatus),
    /// It printed more than [`MAX_OUTPUT`].
    TooLong,
    /// It ran past its deadline.
    TooLate,
}

impl Running {
    fn finish(&mut self) -> io::Result<Ended> {
        let stdout = self.child.stdout.take();
        let (sender, receiver) = mpsc::channel();
        thread::Builder::new().spawn(move || {
            let mut output = Vec::new();
            let read = stdout.map_or(Ok(0), |stdout| {
                stdout.take(MAX_OUTPUT + 1).read_to_end(&mut output)
            });
            // The receiver is gone once the deadline has passed.
            let _ = sender.send(read.map(|_| output));
        })?;
        let Some(output) = self.poll(|_| receiver.recv_timeout(POLL_INTERVAL).ok()) else {
            return Ok(Ended::TooLate);
        };
        let output = output?;
        if output.len() as u64 > MAX_OUTPUT {
            return Ok(Ended::TooLong);
        }
        let status = self.poll(|child| {
            let status = child.try_wait().transpose();
            if status.is_none() {
                thread::sleep(POLL_INTERVAL);
            }
            status
        });
        status.map_or(Ok(Ended::TooLate), |status| {
            Ok(Ended::ByItself(output, status?))
        })
    }

    /// Calls `ready` until it returns something; `None` if the deadline passes first. A signal ends the process.
    fn poll<T>(&mut self, mut ready: impl FnMut(&mut Child) -> Option<T>) -> Option<T> {
        loop {
            let result = ready(&mut self.child);
            if let Some(signal) = self.signals.caught() {
                self.kill();
                std::process::exit(128 + signal);
            }
            if result.is_some() {
                return result;
            }
            if self.deadline.is_some_and(|time| Instant::now() >= time) {
                return None;
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
