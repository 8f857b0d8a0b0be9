//! Where the token comes from: a text, or what `token_command` prints, which runs only when the token is asked for.
//!
//! The command shares lexbot's stderr and terminal, so that it can ask for a password, and doesn't outlive lexbot: a
//! signal ends both. On Unix it gets SIGTERM first. If it fails, or has to be killed, the terminal is restored: it may
//! have hidden what is typed.

use std::io::{self, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use crate::child_process;
use crate::error::{CliError, reason};
use crate::input::ForeignFormat;
use crate::shutdown::SignalWatch;
#[cfg(unix)]
use crate::terminal::SavedTerminal;
use crate::token::Token;

/// The most output that is read, in bytes. A token is shorter.
const MAX_OUTPUT: u64 = 64 * 1024;

/// The error for a token in UTF-16, as some Windows programs write it.
const UTF16: &str = if cfg!(windows) {
    "the token is text in UTF-16, and lexbot reads UTF-8 (to send that from PowerShell: \
     $OutputEncoding = [Text.UTF8Encoding]::new())"
} else {
    "the token is text in UTF-16, and lexbot reads UTF-8 (to convert it: iconv -f UTF-16 -t UTF-8)"
};

/// How often to check for signals and for the end of the time limit.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Where the token comes from.
pub(super) enum TokenSource {
    /// `LEXBOT_TOKEN`, or `token` in the profile.
    Text(Result<Token, &'static str>),
    /// `token_command` in the profile.
    Command(String),
}

impl TokenSource {
    /// The token. `place` names the setting that it comes from; `fix` says how to set it again. A command may take as
    /// long as `limit`, or any time without one.
    pub(super) fn token(
        &self,
        limit: Option<Duration>,
        place: &str,
        fix: &str,
    ) -> Result<Token, CliError> {
        let token = match self {
            TokenSource::Text(token) => token.clone(),
            TokenSource::Command(command) => first_line(&output_of(command, limit, place, fix)?),
        };
        token.map_err(|problem| CliError::configuration(format!("{place}: {problem}")).hint(fix))
    }
}

/// The token in the first line of `bytes`.
pub(crate) fn first_line(bytes: &[u8]) -> Result<Token, &'static str> {
    if ForeignFormat::of(bytes) == Some(ForeignFormat::Utf16) {
        return Err(UTF16);
    }
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    Token::parse(&String::from_utf8_lossy(line))
}

/// What `command` prints on stdout, within `limit`.
fn output_of(
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
    let ended = Running::start(command, limit)
        .and_then(|mut running| running.finish().inspect_err(|_| running.kill()));
    let (output, status) =
        ended.map_err(|cause| error(&format!("failed: {}", reason(&cause)), fix))?;
    if status.success() {
        return Ok(output);
    }
    Err(error(
        &format!("failed ({status})"),
        "run the command by itself to see what it needs",
    ))
}

/// A running command.
struct Running {
    child: Child,
    signals: SignalWatch,
    /// The terminal's modes before the command started; `None` without a terminal.
    #[cfg(unix)]
    terminal: Option<SavedTerminal>,
    /// How long it may take.
    limit: Option<Duration>,
    start: Instant,
}

impl Running {
    fn start(command: &str, limit: Option<Duration>) -> io::Result<Self> {
        Ok(Running {
            signals: SignalWatch::start()?,
            #[cfg(unix)]
            terminal: SavedTerminal::save().ok(),
            child: shell(command)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .spawn()?,
            limit,
            start: Instant::now(),
        })
    }

    /// Waits for the end. Returns what the command printed, and its status. After an error, the caller must kill it.
    fn finish(&mut self) -> io::Result<(Vec<u8>, ExitStatus)> {
        let stdout = self.child.stdout.take();
        let (sender, receiver) = mpsc::channel();
        thread::Builder::new().spawn(move || {
            let mut output = Vec::new();
            let read = stdout.map_or(Ok(0), |stdout| {
                stdout.take(MAX_OUTPUT + 1).read_to_end(&mut output)
            });
            // The receiver is gone once the time is up.
            let _ = sender.send(read.map(|_| output));
        })?;
        let output = self.poll(|_| receiver.recv_timeout(POLL_INTERVAL).ok().transpose())?;
        if output.len() as u64 > MAX_OUTPUT {
            return Err(io::Error::other("it printed more than 64 KiB"));
        }
        let status = self.poll(|child| {
            let status = child.try_wait()?;
            if status.is_none() {
                thread::sleep(POLL_INTERVAL);
            }
            Ok(status)
        })?;
        #[cfg(unix)]
        if !status.success() {
            self.restore_terminal();
        }
        Ok((output, status))
    }

    /// Calls `ready` until it returns something, or the time is up. A signal ends the process.
    fn poll<T>(
        &mut self,
        mut ready: impl FnMut(&mut Child) -> io::Result<Option<T>>,
    ) -> io::Result<T> {
        loop {
            let result = ready(&mut self.child);
            if let Some(signal) = self.signals.caught() {
                self.kill();
                std::process::exit(128 + signal);
            }
            if let Some(result) = result.transpose() {
                return result;
            }
            if let Some(limit) = self.limit.filter(|limit| self.start.elapsed() >= *limit) {
                let limit = limit.as_secs_f64();
                return Err(io::Error::other(format!("it did not end within {limit} s")));
            }
        }
    }

    fn kill(&mut self) {
        #[cfg(unix)]
        child_process::end_with_descendants(self.child.id());
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

/// Returns false for a single word that is not a program. It is probably a token, which the shell would print in an error.
fn is_known(command: &str) -> bool {
    let word = command.trim();
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "+-./=_~".contains(character);
    !word.chars().all(is_plain) || is_program(word)
}

#[cfg(unix)]
fn is_program(word: &str) -> bool {
    let found = shell(r#"command -v -- "$0""#).arg(word).output();
    // If there is no shell, the command itself fails with the reason.
    found.map_or(true, |found| found.status.success())
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

#[cfg(all(test, unix))]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::{TokenSource, first_line};

    const LIMIT: Duration = Duration::from_mins(1);

    fn run(command: &str) -> Result<String, String> {
        run_within(LIMIT, command)
    }

    fn run_within(limit: Duration, command: &str) -> Result<String, String> {
        TokenSource::Command(command.to_owned())
            .token(Some(limit), "token_command", "fix it")
            .map(|token| token.expose().to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn token_is_the_first_line_of_the_output() {
        assert_eq!(run("printf 'tok\\r\\nuser: ana\\n'"), Ok("tok".to_owned()));
        assert_eq!(run("printf tok; cat"), Ok("tok".to_owned()));
        assert_eq!(run("echo tok; echo careful >&2"), Ok("tok".to_owned()));
    }

    #[test]
    fn output_is_limited() {
        let longest = "printf 'tok\\n'; printf '%065532d' 0";
        assert_eq!(run(longest), Ok("tok".to_owned()));
        for more in [&format!("{longest}; echo")[..], "yes"] {
            assert_eq!(
                run(more),
                Err("token_command failed: it printed more than 64 KiB".to_owned())
            );
        }
    }

    #[test]
    fn a_command_has_a_time_limit() {
        let start = Instant::now();
        // The first leaves a child behind that holds stdout, the last closes it early.
        for command in ["sleep 60; true", "sleep 60", "exec >&-; sleep 60"] {
            assert_eq!(
                run_within(Duration::from_millis(100), command),
                Err("token_command failed: it did not end within 0.1 s".to_owned())
            );
        }
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_token_in_the_place_of_a_command_is_not_run() {
        for command in ["s3cret-token_in/the+wrong=place", " s3cret ", "-s3cret"] {
            assert_eq!(
                run(command),
                Err("token_command names a program that does not exist".to_owned())
            );
        }
        assert_eq!(run("true"), run("/bin/true"));
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        /// Only what fits into a header is taken, and nothing of a second line.
        #[test]
        fn takes_the_first_line_of_any_output_or_nothing(output in prop::collection::vec(prop_oneof![any::<u8>(), b' '..=b'~', Just(b'\n')], 0..60)) {
            if let Ok(token) = first_line(&output) {
                let token = token.expose().as_bytes();
                prop_assert!(!token.is_empty() && token.iter().all(|byte| (b' '..=b'~').contains(byte)));
                let line = output.split(|byte| *byte == b'\n').next().unwrap();
                prop_assert!(line.windows(token.len()).any(|part| part == token));
            }
        }
    }
}
