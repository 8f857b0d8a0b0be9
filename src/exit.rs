//! The exit codes that scripts rely on, and which of them wins when several apply.

use std::process::ExitCode;

/// How a run ended, as its exit code tells it.
///
/// The order of the variants is the order of precedence: of two ends, the greater is the one that the
/// process reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Exit {
    /// 0: every message was accepted or skipped.
    #[default]
    Success,
    /// 2: wrong usage, or at least one message in the input was invalid.
    Usage,
    /// 1: Lexer refused at least one message.
    Refused,
    /// 5: no final answer; running it again later can help.
    Unavailable,
    /// 4: 401 or 403, the token was refused.
    Unauthorized,
    /// 130 or 143: stopped by a signal of this number.
    Interrupted(i32),
    /// 3: a setting, a file or standard output has to be mended before another run can do better.
    Configuration,
}

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
    use super::Exit;

    #[test]
    fn the_worst_of_several_ends_wins() {
        let worst_last = [
            Exit::Success,
            Exit::Usage,
            Exit::Refused,
            Exit::Unavailable,
            Exit::Unauthorized,
            Exit::Interrupted(2),
        ];
        assert!(worst_last.is_sorted());
        assert_eq!(worst_last.map(Exit::code), [0, 2, 1, 5, 4, 130]);
    }
}
