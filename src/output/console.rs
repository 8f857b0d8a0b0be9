//! The process's stdout and stderr. Everything that lexbot prints goes through here.

use std::fmt;
#[cfg(not(windows))]
use std::io::IsTerminal as _;
use std::io::{self, BufWriter, Stdout, Write};
use std::process::ExitCode;
use std::sync::{LazyLock, Mutex};
use std::time::SystemTime;

use chrono::SecondsFormat;
use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};

use super::live_line;
use super::sanitize::sanitize;
use super::text::rfc_3339;
use crate::env::Environment;
use crate::error::{CliError, reason};
use crate::exit::Exit;
use crate::locks::lock;

/// Lines for stdout. A dry run writes many of them with one system call.
static STDOUT: LazyLock<Mutex<BufWriter<Stdout>>> =
    LazyLock::new(|| Mutex::new(BufWriter::with_capacity(64 << 10, io::stdout())));

/// When to use colour.
#[expect(
    clippy::doc_markdown,
    reason = "these comments are help text, in which backticks would be printed"
)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Prints results on stdout and everything else on stderr.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something else about the streams"
)]
pub(crate) struct Console {
    color_stdout: bool,
    color_stderr: bool,
    /// Whether stderr is a terminal that can erase a line.
    has_live_line: bool,
    /// Whether stdout is a terminal too, so that results appear where the live line is.
    shares_terminal: bool,
    /// Whether GitHub Actions reads the output.
    annotates: bool,
}

/// The reader of stdout closed it. This is not an error: it has read all that it wanted.
#[derive(Debug)]
pub(crate) struct ReaderGone;

impl fmt::Display for ReaderGone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stdout was closed")
    }
}

impl std::error::Error for ReaderGone {}

#[expect(
    clippy::unused_self,
    reason = "printing needs a console, which decides on colour"
)]
impl Console {
    /// Decides on colour for each stream, and on the live line.
    pub(crate) fn new(when: ColorWhen, environment: &Environment) -> Self {
        let is = |name, value: &str| environment.get_os(name).is_some_and(|set| set == value);
        let is_dumb = is("TERM", "dumb");
        let wants_color = environment.get_os("NO_COLOR").is_none() && !is_dumb;
        let color = |is_terminal: bool| match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => is_terminal && wants_color,
        };
        let (stdout, stderr) = are_terminals();
        Console {
            color_stdout: color(stdout),
            color_stderr: color(stderr),
            has_live_line: stderr && !is_dumb,
            shares_terminal: stdout,
            annotates: is("GITHUB_ACTIONS", "true"),
        }
    }

    /// Whether [`Console::live`] shows anything.
    pub(crate) fn has_live_line(self) -> bool {
        self.has_live_line
    }

    /// Shows `text` below everything that was printed, in place of the last such text. An empty one removes it.
    pub(crate) fn live(self, text: &str) {
        if self.has_live_line {
            live_line::show(&sanitize(text));
        }
    }

    /// A style for text on stdout; a plain one if stdout has no colour.
    pub(crate) fn style(self, color: AnsiColor) -> Style {
        style_if(self.color_stdout, color.on_default())
    }

    /// Prints `line` on stdout at once. It may hold several lines.
    ///
    /// Fails with [`ReaderGone`] if the reader closed stdout, otherwise with the system's error, such as a full disk.
    pub(crate) fn result(self, line: &str) -> anyhow::Result<()> {
        let print = || {
            self.result_later(line)?;
            self.flush()
        };
        if self.shares_terminal {
            live_line::hidden_while(print)
        } else {
            print()
        }
    }

    /// Prints `line` on stdout by the next [`Console::flush`] at the latest. Fails like [`Console::result`].
    pub(crate) fn result_later(self, line: &str) -> anyhow::Result<()> {
        let mut stdout = lock(&STDOUT);
        stdout
            .write_all(line.as_bytes())
            .and_then(|()| stdout.write_all(b"\n"))
            .map_err(|error| cannot_write(&error))
    }

    /// Writes to stdout what [`Console::result_later`] kept. Fails like [`Console::result`].
    pub(crate) fn flush(self) -> anyhow::Result<()> {
        lock(&STDOUT).flush().map_err(|error| cannot_write(&error))
    }

    /// Prints a warning: it deserves attention, but the run goes on.
    pub(crate) fn warning(self, text: &str) {
        self.note("warning", AnsiColor::Yellow, text);
    }

    /// Prints the error that ends the run.
    pub(crate) fn error(self, text: &str) {
        self.note("error", AnsiColor::Red, text);
        self.annotate(text);
    }

    /// Repeats an error as an annotation for GitHub Actions, if it reads the output.
    pub(crate) fn annotate(self, text: &str) {
        if self.annotates {
            let data = text.trim().replace('%', "%25");
            let data = data.replace('\r', "%0D").replace('\n', "%0A");
            self.eprint_line(&format!("::error::{}", sanitize(&data)));
        }
    }

    /// Prints what is going on; in a log, which has no other clock, with the time.
    pub(crate) fn notice(self, text: &str) {
        if self.has_live_line {
            self.eprint_line(&sanitize(text));
        } else {
            let time = rfc_3339(SystemTime::now(), SecondsFormat::Secs);
            self.eprint_line(&format!("{time} {}", sanitize(text)));
        }
    }

    /// Prints what to do next. Further lines are aligned with the first.
    pub(crate) fn hint(self, text: &str) {
        let mut lines = text.lines();
        self.note("hint", AnsiColor::Cyan, lines.next().unwrap_or_default());
        for line in lines {
            self.eprint_line(&format!("      {}", sanitize(line)));
        }
    }

    /// Prints `line`, which must be sanitized, on stderr.
    pub(crate) fn eprint_line(self, line: &str) {
        live_line::hidden_while(|| {
            // An error while writing to stderr can't be reported anywhere.
            let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
        });
    }

    fn note(self, label: &str, color: AnsiColor, text: &str) {
        let style = style_if(self.color_stderr, color.on_default().bold());
        self.eprint_line(&format!("{style}{label}:{style:#} {}", sanitize(text)));
    }
}

/// Whether stdout and stderr are terminals that understand escape sequences.
#[cfg(not(windows))]
fn are_terminals() -> (bool, bool) {
    (io::stdout().is_terminal(), io::stderr().is_terminal())
}

/// The same for the classic console, which prints escape sequences as text until this enables them.
#[cfg(windows)]
fn are_terminals() -> (bool, bool) {
    use console::Term;

    let understands = |term: Term| term.features().colors_supported();
    (understands(Term::stdout()), understands(Term::stderr()))
}

fn style_if(colored: bool, style: Style) -> Style {
    if colored { style } else { Style::new() }
}

/// Prints the help or the version in `error`. Help that is shown because there is no command is a usage error.
pub(crate) fn print_help(error: &clap::Error) -> anyhow::Result<ExitCode> {
    error
        .print()
        .and_then(|()| io::stdout().flush())
        .map_err(|error| cannot_write(&error))?;
    let exit = if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Success
    };
    Ok(exit.into())
}

/// The error for a failed write to stdout.
fn cannot_write(error: &io::Error) -> anyhow::Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return ReaderGone.into();
    }
    let reason = reason(error);
    CliError::configuration(format!("cannot write to standard output: {reason}")).into()
}
