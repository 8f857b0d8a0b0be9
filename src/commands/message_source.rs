//! Where messages come from: the flags, or an input that is read as a stream.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use super::message_flags::now;
use crate::batch::Disconnected;
use crate::error::{CliError, reason};
use crate::input::ValueReader;
use crate::message::{ExpandOptions, Expanded, Message, expand};
use crate::output::{InputPosition, Progress};

/// Where messages come from.
pub(super) enum Source {
    /// One message, made of flags.
    Flags(Message),
    /// A file or standard input.
    Input(Box<Input>),
}

/// An open input.
pub(super) struct Input {
    name: PathBuf,
    values: ValueReader<BufReader<Announced>>,
    /// Its size in bytes, where it's a file.
    size: Option<u64>,
    /// Whether more may come at any time, as through a pipe.
    pub(super) is_endless: bool,
}

/// A reader that says so before it may have to wait.
struct Announced {
    reader: Box<dyn Read + Send>,
    before_read: Option<BeforeRead>,
}

/// What is done before the input is read.
type BeforeRead = Box<dyn FnMut() -> io::Result<()> + Send>;

impl Read for Announced {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(before_read) = &mut self.before_read {
            before_read()?;
        }
        self.reader.read(buffer)
    }
}

impl Source {
    /// Opens `path`, or standard input for "-".
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let (reader, size): (Box<dyn Read + Send>, _) = if path.as_os_str() == "-" {
            (Box::new(io::stdin()), None)
        } else {
            let file = File::open(path).map_err(|error| cannot_read(path, &reason(&error)))?;
            let metadata = file
                .metadata()
                .map_err(|error| cannot_read(path, &reason(&error)))?;
            if metadata.is_dir() {
                return Err(cannot_read(path, "it is a directory").into());
            }
            (Box::new(file), metadata.is_file().then_some(metadata.len()))
        };
        Ok(Source::Input(Box::new(Input {
            name: path.to_owned(),
            values: ValueReader::new(BufReader::with_capacity(
                64 << 10,
                Announced {
                    reader,
                    before_read: None,
                },
            )),
            size,
            is_endless: size.is_none(),
        })))
    }

    /// What shows how far the run has come, where a person watches.
    pub(super) fn progress(&self) -> Progress {
        match self {
            Source::Input(input) if io::stderr().is_terminal() => Progress::of_input(input.size),
            _ => Progress::none(),
        }
    }
}

impl Input {
    /// Does `before_read` each time before more is read. Its error ends the position.
    pub(super) fn before_read(&mut self, before_read: BeforeRead) {
        self.values.reader_mut().get_mut().before_read = Some(before_read);
    }

    /// Gives each item of the input to `take` with the line that it's from, as it arrives, until `take` wants no more.
    pub(super) fn expand(
        &mut self,
        options: &ExpandOptions,
        position: &InputPosition,
        take: &mut dyn FnMut(u64, Expanded) -> Result<(), Disconnected>,
    ) -> anyhow::Result<()> {
        loop {
            let read = self.values.next();
            let Some(frame) = read.map_err(|error| {
                let why = reason(&error);
                CliError::configuration(format!("cannot read {}: {why}", self.name.display()))
            })?
            else {
                return Ok(());
            };
            let line = frame.line;
            let taken = match frame.value {
                Ok(json) => expand(&json, options, now(), &mut |item| take(line, item)),
                Err(broken) => take(line, Expanded::Invalid(broken.to_string().as_str().into())),
            };
            if taken.is_err() {
                return Ok(());
            }
            position.at(self.values.position());
        }
    }
}

fn cannot_read(path: &Path, why: &str) -> CliError {
    CliError::configuration(format!("cannot read {}: {why}", path.display()))
        .hint("give --input a file of JSON messages, or - for standard input")
}
