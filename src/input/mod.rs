//! Reads JSON values from a stream, one after another, as they arrive.
//!
//! `value_reader` finds the values and decides where to go on after a syntax error. `tape` keeps the text of the
//! current value, so that its lines can be read again. What a value means is for `message` to say.
//! `foreign_format` recognises input that isn't JSON at all.

mod foreign_format;
mod tape;
mod value_reader;

pub(crate) use foreign_format::ForeignFormat;
pub(crate) use value_reader::{UNFINISHED, ValueReader};
