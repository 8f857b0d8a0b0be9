//! Why a part of the input is not a JSON value.

use std::fmt;

/// Why a part of the input is not a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputError {
    /// A syntax error, or a line that breaks off within a value.
    NotJson,
    /// The input ends within a value.
    Unfinished,
    /// It contains bytes that are not UTF-8.
    NotUtf8,
    /// Its brackets are nested more deeply than `scanner::MAX_DEPTH`.
    TooDeep,
    /// It contains a line that is longer than `value_reader::MAX_LINE`.
    LineTooLong,
    /// It is larger than `value_reader::MAX_VALUE`.
    ValueTooLarge,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InputError::NotJson => "this is not JSON",
            InputError::Unfinished => "the input ends in the middle of this JSON value",
            InputError::NotUtf8 => "this is not UTF-8 text",
            InputError::TooDeep => "this is nested more than 128 brackets deep",
            InputError::LineTooLong => "a line is longer than 1 MiB",
            InputError::ValueTooLarge => "this JSON value is larger than 64 MiB",
        })
    }
}
