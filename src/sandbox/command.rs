//! `-- COMMAND`: runs a command and returns the exit code that a shell would report for it.
//!
//! Signals are for the command, since the sandbox has to outlive it to print the summary and to remove its directory.
//! They are caught rather than ignored, which the command would inherit.

use std::ffi::{OsStr, OsString};
// A link needs a privilege on Windows.
#[cfg(not(unix))]
use std::fs::copy as link;
use std::io;
#[cfg(unix)]
use std::os::unix::fs::symlink as link;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex};

use anyhow::Context as _;

use crate::error::{CliError, reason};
use crate::exit::Exit;
use crate::locks::lock;
use crate::output::Console;
#[cfg(unix)]
use crate::{child_process, shutdown};

/// A shell's exit code for a command that it finds but can't run.
const CANNOT_RUN: u8 = 126;

/// A shell's exit code for a command that it can't find.
const NOT_FOUND: u8 = 127;

/// How Windows reports that Ctrl-C ended a process.
#[cfg(windows)]
const CONTROL_C_EXIT: i32 = 0xC000_013A_u32.cast_signed();

/// Where a shell looks for programs if `PATH` isn't set.
const DEFAULT_PATH: &str = "/usr/bin:/bin";

/// Runs `command`, waits for it, and calls `conclude`. Returns the exit code of the command, or a shell's code if it
/// couldn't be started; if the command succeeded, that of `conclude`.
pub(crate) fn run(
    mut command: Command,
    console: Console,
    conclude: impl FnOnce() -> Exit,
) -> anyhow::Result<u8> {
    let forward_signals = catch_signals().context("cannot handle signals")?;
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Ok(report(command.get_program(), &error, console)),
    };
    let forwarding = forward_signals(&child);
    let status = child.wait().context("cannot wait for the command")?;
    // A signal that ended the command is still being forwarded to what the command has started.
    drop(lock(&forwarding));
    let own = conclude();
    Ok(match code(status) {
        0 => own.code(),
        code => code,
    })
}

/// Catches signals from now on. The returned function forwards them to the child, including those that came before it was
/// called. It returns a mutex that is locked while a signal is being forwarded.
#[cfg(unix)]
fn catch_signals() -> io::Result<impl FnOnce(&Child) -> Arc<Mutex<()>>> {
    use rustix::process::Signal;
    use signal_hook::consts::{SIGINT, SIGQUIT, SIGXFSZ};
    use signal_hook::iterator::SignalsInfo;
    use signal_hook::iterator::exfiltrator::WithOrigin;
    use signal_hook::low_level::siginfo::Cause;

    // If a record exceeds the system's limit for files, its write then fails like any other, and the sandbox goes on.
    signal_hook::flag::register(SIGXFSZ, Arc::default())?;
    let mut signals = SignalsInfo::<WithOrigin>::new(shutdown::ending_signals())?;
    Ok(move |child: &Child| {
        let pid = child.id();
        let forwarding = Arc::<Mutex<()>>::default();
        let locked = Arc::clone(&forwarding);
        let forward = move || {
            for origin in signals.forever() {
                // A terminal's keys signal the command as well, and a second signal would end lexbot at once.
                let by_key = matches!(origin.signal, SIGINT | SIGQUIT)
                    && !matches!(origin.cause, Cause::Sent(_));
                if !by_key && let Some(signal) = Signal::from_named_raw(origin.signal) {
                    let _forwarding = lock(&locked);
                    child_process::signal(&child_process::with_descendants(pid), signal);
                }
            }
        };
        // If no thread can be started, the command runs without forwarding.
        let _ = std::thread::Builder::new().spawn(forward);
        forwarding
    })
}

/// Windows sends Ctrl-C to every process of the console, the command among them.
#[cfg(not(unix))]
fn catch_signals() -> io::Result<impl FnOnce(&Child) -> Arc<Mutex<()>>> {
    ctrlc::set_handler(|| {}).map_err(io::Error::other)?;
    Ok(|_: &Child| Arc::default())
}

/// `path`, the value of `PATH`, with a new directory in `home` put first that holds nothing but this program, under its
/// usual name, whatever its file is called.
pub(crate) fn path_with_lexbot(home: &Path, path: Option<&OsString>) -> anyhow::Result<OsString> {
    let directory = home.join("bin");
    let name = format!("lexbot{}", std::env::consts::EXE_SUFFIX);
    let problem = "cannot put lexbot on the command's PATH";
    let lexbot = std::env::current_exe().context(problem)?;
    std::fs::create_dir(&directory).context(problem)?;
    link(lexbot, directory.join(name)).context(problem)?;
    let path = path.map_or(OsStr::new(DEFAULT_PATH), OsString::as_os_str);
    let directories = std::iter::once(directory.clone()).chain(std::env::split_paths(path));
    Ok(std::env::join_paths(directories).map_err(|_| {
        let directory = directory.display();
        CliError::configuration(format!("cannot put {directory} on the command's PATH"))
            .hint("set TMPDIR to a directory without a colon in its name")
    })?)
}

/// The exit code that a shell reports for `status`.
fn code(status: ExitStatus) -> u8 {
    let code = status.code();
    #[cfg(unix)]
    let code = code.or_else(|| {
        let signal = std::os::unix::process::ExitStatusExt::signal(&status)?;
        Some(128 + signal)
    });
    #[cfg(windows)]
    let code = code.map(|code| if code == CONTROL_C_EXIT { 130 } else { code });
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// Reports why `program` didn't start, and returns a shell's exit code for that.
fn report(program: &OsStr, error: &io::Error, console: Console) -> u8 {
    let name = program.display();
    let (code, hint) = match error.kind() {
        io::ErrorKind::NotFound => (
            NOT_FOUND,
            if cfg!(windows) {
                "check the spelling and the PATH; for a command of the shell, put cmd /C before it"
            } else {
                "check the spelling and the PATH; for a script, also the interpreter in its first line"
            },
        ),
        io::ErrorKind::PermissionDenied if cfg!(unix) => {
            (CANNOT_RUN, &*format!("make it executable: chmod +x {name}"))
        }
        _ => (CANNOT_RUN, "check that it is a program for this system"),
    };
    console.error(&format!("cannot run {name}: {}", reason(error)));
    console.hint(hint);
    code
}

#[cfg(all(test, unix))]
mod tests {
    use super::path_with_lexbot;
    use std::ffi::OsString;

    #[test]
    fn path_starts_with_a_directory_that_has_lexbot() {
        for (path, rest) in [(Some("/bin"), "/bin"), (None, "/usr/bin:/bin")] {
            let home = tempfile::tempdir().unwrap();
            let path = path_with_lexbot(home.path(), path.map(OsString::from).as_ref()).unwrap();
            let bin = home.path().join("bin");
            assert_eq!(path, *format!("{}:{rest}", bin.display()));
            assert!(bin.join("lexbot").exists());
        }
    }
}
