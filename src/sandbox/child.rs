//! `-- COMMAND`: runs a command and gives the exit code that a shell would give for it.
//!
//! Knows nothing of the server. While the command runs, Ctrl-C is the command's: it reaches every process of the
//! terminal, and the sandbox has to outlive the command to tell what came of it.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};

use anyhow::Context as _;

use super::signals::Signals;
use crate::error::CliError;
use crate::output::Console;

/// What a shell answers with for a command that it finds but can't run.
const CANNOT_RUN: u8 = 126;

/// What a shell answers with for a command that it can't find.
const NOT_FOUND: u8 = 127;

/// Where programs are looked for when no `PATH` is set.
const DEFAULT_PATH: &str = "/usr/bin:/bin";

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It ran, to this exit code.
    Exited(u8),
    /// It didn't run, and the user knows why.
    DidNotRun(u8),
}

/// Runs `command` to its end.
pub(crate) fn run(mut command: Command, console: Console) -> anyhow::Result<Ended> {
    let signals = Signals::hold_back().context("cannot handle signals")?;
    match command.spawn() {
        Ok(mut child) => {
            signals.pass_on_to(&child);
            let status = child.wait().context("cannot wait for the command")?;
            Ok(Ended::Exited(code(status)))
        }
        Err(error) => {
            let code = explain(command.get_program(), &error, console);
            Ok(Ended::DidNotRun(code))
        }
    }
}

/// `path` (what `PATH` is now) with `directory` before all others.
pub(crate) fn path_starting_with(
    directory: &Path,
    path: Option<&OsString>,
) -> Result<OsString, CliError> {
    let path = path.map_or(OsStr::new(DEFAULT_PATH), OsString::as_os_str);
    let directories = [directory.to_owned()]
        .into_iter()
        .chain(std::env::split_paths(path));
    std::env::join_paths(directories).map_err(|_| {
        let directory = directory.display();
        CliError::configuration(format!("cannot put {directory} on the command's PATH"))
            .hint("move lexbot to a directory without a colon in its name")
    })
}

/// The code by which a shell would know `status`.
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

/// Says why `program` didn't start, and gives the code for it.
fn explain(program: &OsStr, error: &io::Error, console: Console) -> u8 {
    let name = program.display();
    let is_path = Path::new(program).components().count() > 1;
    let (code, why, hint) = match error.kind() {
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
    console.error(&format!("cannot run {name}: {why}"));
    console.hint(&hint);
    code
}

#[cfg(all(test, unix))]
mod tests {
    use super::path_starting_with;
    use std::ffi::OsString;
    use std::path::Path;

    #[test]
    fn the_directory_comes_first_and_the_rest_stays() {
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
