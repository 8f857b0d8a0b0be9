//! Reads JSON values from a stream, one after another, as they arrive.
//!
//! `lines` splits the stream into lines, `scanner` finds where a value ends, and `value_reader` puts values
//! together. After a syntax error, `replay` gives it some lines again. What a value means is for `message` to say.

mod error;
mod lines;
mod replay;
mod scanner;
mod value_reader;

pub(crate) use lines::{Line, Lines};
pub(crate) use value_reader::{MAX_VALUE, ValueReader};
