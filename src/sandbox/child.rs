//! `-- COMMAND`: runs a command and returns the exit code that a shell would report for it.
//!
//! Independent of the server. Ctrl-C reaches the command too and is left to it, since the sandbox has to outlive the
//! command to print the summary.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};

use anyhow::Context as _;

use super::signals::Signals;
use crate::error::CliError;
use crate::output::Console;

/// A shell's exit code for a command that it finds but can't run.
const CANNOT_RUN: u8 = 126;

/// A shell's exit code for a command that it can't find.
const NOT_FOUND: u8 = 127;

/// Where a shell looks for programs if `PATH` isn't set.
const DEFAULT_PATH: &str = "/usr/bin:/bin";

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It ran and exited with this code.
    Exited(u8),
    /// It couldn't be started, which was reported; this is a shell's code for that.
    DidNotRun(u8),
}

/// Runs `command` and waits for it.
pub(crate) fn run(mut command: Command, console: Console) -> anyhow::Result<Ended> {
    let signals = Signals::catch().context("cannot handle signals")?;
    match command.spawn() {
        Ok(mut child) => {
            signals.forward_to(&child);
            let status = child.wait().context("cannot wait for the command")?;
            Ok(Ended::Exited(code(status)))
        }
        Err(error) => Ok(Ended::DidNotRun(report(
            command.get_program(),
            &error,
            console,
        ))),
    }
}

/// `path`, the value of `PATH`, with `directory` put first.
pub(crate) fn path_starting_with(
    directory: &Path,
    path: Option<&OsString>,
) -> Result<OsString, CliError> {
    let path = path.map_or(OsStr::new(DEFAULT_PATH), OsString::as_os_str);
    let directories = std::iter::once(directory.to_owned()).chain(std::env::split_paths(path));
    std::env::join_paths(directories).map_err(|_| {
        let directory = directory.display();
        CliError::configuration(format!("cannot put {directory} on the command's PATH"))
            .hint("move lexbot to a directory without a colon in its name")
    })
}

/// The exit code that a shell reports for `status`.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let by_signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let by_signal = None;
    status
        .code()
        .or(by_signal.map(|signal: i32| 128 + signal))
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1)
}

/// Reports why `program` didn't start, and returns a shell's exit code for that.
fn report(program: &OsStr, error: &io::Error, console: Console) -> u8 {
    let name = program.display();
    let is_path = Path::new(program).components().count() > 1;
    let (code, reason, hint) = match error.kind() {
        io::ErrorKind::NotFound if is_path => (
            NOT_FOUND,
            "no such file".to_owned(),
            "check the path; of a script, also the program that its first line names".to_owned(),
        ),
        io::ErrorKind::NotFound => (
            NOT_FOUND,
            "no such command".to_owned(),
            "check how it is spelled, and that its directory is on the PATH".to_owned(),
        ),
        io::ErrorKind::PermissionDenied => (
            CANNOT_RUN,
            "permission denied".to_owned(),
            format!("make it executable: chmod +x {name}"),
        ),
        _ => (
            CANNOT_RUN,
            error.to_string(),
            "check that it is a program for this system".to_owned(),
        ),
    };
    console.error(&format!("cannot run {name}: {reason}"));
    console.hint(&hint);
    code
}

#[cfg(all(test, unix))]
mod tests {
    use super::path_starting_with;
    use std::ffi::OsString;
    use std::path::Path;

    #[test]
    fn path_starts_with_the_directory() {
        let here = Path::new("/opt/lexbot");
        let path = |path: &str| {
            let path = OsString::from(path);
            path_starting_with(here, Some(&path)).unwrap()
        };
        assert_eq!(path("/bin"), "/opt/lexbot:/bin");
        assert_eq!(path("/usr/bin:/bin"), "/opt/lexbot:/usr/bin:/bin");
        assert_eq!(
            path_starting_with(here, None).unwrap(),
            "/opt/lexbot:/usr/bin:/bin"
        );
        assert!(path_starting_with(Path::new("/a:b"), None).is_err());
    }
}
