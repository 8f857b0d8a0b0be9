//! The exit codes that scripts rely on, and which of them applies if several could.

use std::process::ExitCode;

/// How a run ended.
///
/// The variants are in order of precedence: if several apply, the greatest is the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Exit {
    #[default]
    Success,
    Usage,
    Refused,
    Unavailable,
    Unauthorized,
    Configuration,
    StdoutClosed,
    /// Stopped by the signal with this number.
    Interrupted(i32),
}

/// The codes, their meaning, and what that means for another run, as help and man pages show them.
pub(crate) const EXIT_CODES: &str = "
  0                   every message was accepted or skipped
  1                   Lexer refused a message, or one in the input was invalid; this is permanent
  2                   usage error
  3                   configuration to correct: no token or client ID, bad file, refused base URL
  4                   the token was refused: correct it first
  5                   no final response: run it again, after a pause
  129, 130, 141, 143  stopped by SIGHUP, SIGINT, closed stdout or SIGTERM: run it again to go on";

impl Exit {
    /// The number that the shell sees.
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::Refused => 1,
            Exit::Usage => 2,
            Exit::Configuration => 3,
            Exit::Unauthorized => 4,
            Exit::Unavailable => 5,
            // As if by SIGPIPE.
            Exit::StdoutClosed => 141,
            Exit::Interrupted(signal) => u8::try_from(128 + signal).unwrap_or(u8::MAX),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::{EXIT_CODES, Exit};

    #[test]
    fn exit_codes_in_order_of_precedence() {
        let by_precedence = [
            Exit::Success,
            Exit::Usage,
            Exit::Refused,
            Exit::Unavailable,
            Exit::Unauthorized,
            Exit::Configuration,
            Exit::StdoutClosed,
            Exit::Interrupted(1),
            Exit::Interrupted(2),
            Exit::Interrupted(15),
        ];
        assert!(by_precedence.is_sorted());
        let mut codes = by_precedence.map(Exit::code);
        assert_eq!(codes, [0, 2, 1, 5, 4, 3, 141, 129, 130, 143]);

        codes.sort_unstable();
        let explained: Vec<u8> = EXIT_CODES
            .lines()
            .filter_map(|line| line.trim().split_once("  "))
            .flat_map(|(codes, _)| codes.split(", "))
            .map(|code| code.parse::<u8>().unwrap())
            .collect();
        assert_eq!(explained, codes);
    }
}
