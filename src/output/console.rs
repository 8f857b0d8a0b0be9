//! The two streams of the process. Everything that lexbot prints leaves through here.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};
use clap::error::{ContextKind, ContextValue};

use super::sanitize::{needs_escape, sanitize};
use crate::error::{CliError, reason};

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

/// Standard output for results, standard error for everything else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    color_results: bool,
    color_notes: bool,
}

/// The reader of standard output has gone: there is nobody to tell, and nothing is wrong.
#[derive(Debug)]
pub(crate) struct ReaderGone;

impl std::fmt::Display for ReaderGone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("nobody reads standard output any more")
    }
}

impl std::error::Error for ReaderGone {}

/// Prints what clap has to say of the command line: help, the version, or what is wrong.
pub(crate) fn usage_error(error: &clap::Error) -> ExitCode {
    // clap repeats what was typed as it is. Without colour it has nothing but text that can be made harmless.
    let mut text = error.render().to_string();
    let typed = mistyped(error);
    let hides = typed
        .as_ref()
        .is_some_and(|typed| typed.len() >= LIKE_A_TOKEN);
    if hides && let Some(typed) = &typed {
        text = text.replace(typed, "(not shown)");
    }
    if hides
        || text
            .chars()
            .any(|character| character != '\n' && needs_escape(character))
    {
        for line in text.lines() {
            let _ = writeln!(io::stderr().lock(), "{}", sanitize(line));
        }
    } else {
        // Whoever closed the stream doesn't want to know.
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// What stood where it makes no sense, unless it's an option: a value or an argument.
fn mistyped(error: &clap::Error) -> Option<String> {
    [
        ContextKind::InvalidValue,
        ContextKind::InvalidSubcommand,
        ContextKind::InvalidArg,
    ]
    .into_iter()
    .find_map(|kind| match error.get(kind)? {
        ContextValue::String(typed) if !typed.starts_with('-') => Some(typed.clone()),
        _ => None,
    })
}

/// What is at least as long, and stands where it makes no sense, may be a token that was pasted there.
const LIKE_A_TOKEN: usize = 12;

impl Console {
    /// Decides on colour for each stream: `no_color` is whether the user's environment asks for none.
    pub(crate) fn new(when: ColorWhen, no_color: bool) -> Self {
        let color = |is_terminal: bool| match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => is_terminal && !no_color,
        };
        Console {
            color_results: color(io::stdout().is_terminal()),
            color_notes: color(io::stderr().is_terminal()),
        }
    }

    /// A style for results, or none where colour isn't wanted.
    pub(crate) fn style(self, color: AnsiColor) -> Style {
        if self.color_results {
            color.on_default()
        } else {
            Style::new()
        }
    }

    /// Prints `line`, or several, and a line break on standard output, at once.
    ///
    /// Fails with [`ReaderGone`] where the reader closed it, else with the system's error (a full disk, say).
    #[expect(
        clippy::unused_self,
        reason = "printing without a console would pass by its decisions"
    )]
    pub(crate) fn result(self, line: &str) -> anyhow::Result<()> {
        let mut stdout = io::stdout().lock();
        let written = stdout
            .write_all(format!("{line}\n").as_bytes())
            .and_then(|()| stdout.flush());
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(ReaderGone.into()),
            Err(error) => Err(CliError::configuration(format!(
                "cannot write to standard output: {}",
                reason(&error)
            ))
            .into()),
            Ok(()) => Ok(()),
        }
    }

    /// Says that something needs the reader's attention but doesn't stop the run.
    pub(crate) fn warning(self, text: &str) {
        self.note("warning", AnsiColor::Yellow, text);
    }

    /// Says what stopped the run.
    pub(crate) fn error(self, text: &str) {
        self.note("error", AnsiColor::Red, text);
    }

    /// Says what to do next. Further lines are set under the first.
    pub(crate) fn hint(self, text: &str) {
        for (number, line) in text.lines().enumerate() {
            if number == 0 {
                self.note("hint", AnsiColor::Cyan, line);
            } else {
                self.eprint_line(&format!("      {}", sanitize(line)));
            }
        }
    }

    /// Prints `line` on standard error as it is. What stands in it must be harmless already.
    #[expect(
        clippy::unused_self,
        reason = "printing without a console would pass by its decisions"
    )]
    pub(crate) fn eprint_line(self, line: &str) {
        // Standard error that can't be written to leaves nobody to tell.
        let _ = io::stderr()
            .lock()
            .write_all(format!("{line}\n").as_bytes());
    }

    fn note(self, label: &str, color: AnsiColor, text: &str) {
        let style = if self.color_notes {
            color.on_default().bold()
        } else {
            Style::new()
        };
        self.eprint_line(&format!("{style}{label}:{style:#} {}", sanitize(text)));
    }
}
