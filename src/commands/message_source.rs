//! Where messages come from: the flags, or an input that is read as a stream.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::batch::Disconnected;
use crate::error::{CliError, reason};
use crate::input::ValueReader;
use crate::message::{ExpandOptions, Expanded, Message, expand};
use crate::output::{Console, Progress};

/// Where messages come from.
pub(super) enum Source {
    /// One message from flags.
    Flags(Message),
    /// A file or stdin.
    Input(Box<Input>),
}

/// An open file or stdin.
pub(super) struct Input {
    path: PathBuf,
    values: ValueReader<BufReader<FlushingReader>>,
    /// Its size in bytes, if it is a regular file.
    size: Option<u64>,
}

impl Source {
    /// Opens `path`, or stdin for "-".
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let (reader, size): (Box<dyn Read + Send>, _) = if path.as_os_str() == "-" {
            (Box::new(io::stdin()), None)
        } else {
            let cannot_read = |error: io::Error| cannot_open(path, &reason(&error));
            let file = File::open(path).map_err(cannot_read)?;
            let metadata = file.metadata().map_err(cannot_read)?;
            if metadata.is_dir() {
                return Err(cannot_open(path, "it is a directory").into());
            }
            (Box::new(file), metadata.is_file().then_some(metadata.len()))
        };
        let reader = FlushingReader {
            reader,
            console: None,
        };
        Ok(Source::Input(Box::new(Input {
            path: path.to_owned(),
            values: ValueReader::new(BufReader::with_capacity(64 << 10, reader)),
            size,
        })))
    }

    /// The progress of reading, if stderr is a terminal.
    pub(super) fn progress(&self) -> Progress {
        match self {
            Source::Input(input) if io::stderr().is_terminal() => Progress::of_input(input.size),
            _ => Progress::none(),
        }
    }
}

impl Input {
    /// Whether more input may come at any time, as through a pipe.
    pub(super) fn is_endless(&self) -> bool {
        self.size.is_none()
    }

    /// Flushes `console` before each read, which may have to wait for input.
    pub(super) fn flush_before_read(&mut self, console: Console) {
        self.values.reader_mut().get_mut().console = Some(console);
    }

    /// Gives what each value of the input holds to `take`, with the value's line, as soon as it is read. Ends with the
    /// input, or when `take` refuses more.
    pub(super) fn expand(
        &mut self,
        options: &ExpandOptions,
        progress: &Progress,
        take: &mut dyn FnMut(u64, Expanded) -> Result<(), Disconnected>,
    ) -> anyhow::Result<()> {
        loop {
            let next = self.values.next();
            let Some(value) = next.map_err(|error| cannot_read(&self.path, &reason(&error)))?
            else {
                return Ok(());
            };
            let line = value.line;
            let taken = match value.json {
                Ok(json) => expand(&json, options, SystemTime::now().into(), &mut |item| {
                    take(line, item)
                }),
                Err(reason) => take(line, Expanded::Invalid(reason.into())),
            };
            if taken.is_err() {
                return Ok(());
            }
            progress.set_position(self.values.position());
        }
    }
}

/// Flushes stdout before it reads, so that no line waits while the input is silent.
struct FlushingReader {
    reader: Box<dyn Read + Send>,
    /// What to flush, if anything.
    console: Option<Console>,
}

impl Read for FlushingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(console) = self.console {
            console.flush().map_err(io::Error::other)?;
        }
        self.reader.read(buffer)
    }
}

fn cannot_open(path: &Path, why: &str) -> CliError {
    cannot_read(path, why).hint("give --input a file of JSON messages, or - for standard input")
}

fn cannot_read(path: &Path, why: &str) -> CliError {
    CliError::configuration(format!("cannot read {}: {why}", path.display()))
}
