//! Where messages come from: the flags, or an input that is read as a stream.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use super::flags::now;
use crate::delivery::Closed;
use crate::fault::Fault;
use crate::input::Framing;
use crate::io_error::reason;
use crate::message::{Item, Message, Rules, each_item};
use crate::report::{Progress, Reading};

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
    framing: Framing<BufReader<Announced>>,
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
            framing: Framing::new(BufReader::with_capacity(
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
    /// Does `before_read` each time before more is read. Its error ends the reading.
    pub(super) fn before_read(&mut self, before_read: BeforeRead) {
        self.framing.reader_mut().get_mut().before_read = Some(before_read);
    }

    /// Gives each item of the input to `take` with the line that it's from, as it arrives, until `take` wants no more.
    pub(super) fn each_item(
        &mut self,
        rules: &Rules,
        reading: &Reading,
        take: &mut dyn FnMut(u64, Item) -> Result<(), Closed>,
    ) -> anyhow::Result<()> {
        loop {
            let read = self.framing.next();
            let Some(frame) = read.map_err(|error| {
                let why = reason(&error);
                Fault::configuration(format!("cannot read {}: {why}", self.name.display()))
            })?
            else {
                return Ok(());
            };
            let line = frame.line;
            let taken = match frame.value {
                Ok(json) => each_item(&json, rules, now(), &mut |item| take(line, item)),
                Err(broken) => take(line, Item::Invalid(broken.to_string().as_str().into())),
            };
            if taken.is_err() {
                return Ok(());
            }
            reading.at(self.framing.position());
        }
    }
}

fn cannot_read(path: &Path, why: &str) -> Fault {
    Fault::configuration(format!("cannot read {}: {why}", path.display()))
        .hint("give --input a file of JSON messages, or - for standard input")
}
