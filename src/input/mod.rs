//! Reads JSON values from a stream, one after another, as they arrive.
//!
//! `scanner` knows where a value ends, `lines` reads no more of a line than the limit, `framing` puts both
//! together and decides what a torn line costs. What a value means is for `message` to say.

mod framing;
mod lines;
mod scanner;

pub(crate) use framing::Framing;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::fault::Fault;

/// Opens `path`, or standard input for "-".
pub(crate) fn open(path: &Path) -> anyhow::Result<Box<dyn Read>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin()));
    }
    let cannot_read = |why: String| {
        Fault::configuration(format!("cannot read {}: {why}", path.display()))
            .hint("give --input a file of JSON messages, or - for standard input")
    };
    let file = File::open(path).map_err(|error| cannot_read(error.to_string()))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(cannot_read("it is a directory".to_owned()).into());
    }
    Ok(Box::new(file))
}
