//! Reads JSON values from a stream, one after another, as they arrive.
//!
//! `scanner` knows where a value ends, `lines` reads no more of a line than the limit, `framing` puts both
//! together and decides what a torn line costs. What a value means is for `message` to say.

mod lines;
mod scanner;
mod value_reader;

pub(crate) use lines::{Line, Lines};
pub(crate) use value_reader::{MAX_VALUE, ValueReader};
