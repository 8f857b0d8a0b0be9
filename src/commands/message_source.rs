//! Where messages come from: the flags, or an input that is read as a stream.

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::error::{CliError, reason};
use crate::input::{ForeignFormat, UNFINISHED, ValueReader};
use crate::message::{ExpandOptions, Expanded, Message, NotSent, expand};
use crate::output::{Console, Progress};
use crate::shutdown::{Interruptible, Shutdown};
use crate::value_part::{Lines, Part};

/// The most bytes whose lines are counted, which takes about a second.
const MAX_COUNTED: u64 = 1 << 30;

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
    values: ValueReader<FlushingReader>,
    shutdown: Arc<Shutdown>,
    /// A second handle to it and its size in bytes, if it is a regular file.
    file: Option<(File, u64)>,
    /// The end of the last value that was taken, in bytes from the start.
    taken: u64,
}

impl Source {
    /// Opens `path`, or stdin for "-". Reading ends early if `shutdown` says so. Flushes `console` before each read,
    /// because a read may have to wait for input.
    pub(super) fn open(
        path: &Path,
        shutdown: &Arc<Shutdown>,
        console: Option<Console>,
    ) -> Result<Self, CliError> {
        let (reader, file) = open(path, shutdown).map_err(|error| {
            cannot_read(path, &error)
                .hint("give --input a file of JSON messages, or - for standard input")
        })?;
        let reader = FlushingReader {
            reader,
            console,
            has_started: false,
        };
        Ok(Source::Input(Box::new(Input {
            path: path.to_owned(),
            values: ValueReader::new(reader),
            shutdown: Arc::clone(shutdown),
            file,
            taken: 0,
        })))
    }

    /// The progress of reading and sending, which hasn't begun.
    pub(super) fn progress(&self) -> Progress {
        match self {
            Source::Input(input) => Progress::of_input(input.file.as_ref().map(|(_, size)| *size)),
            Source::Flags(_) => Progress::default(),
        }
    }
}

impl Input {
    /// Whether more input may come at any time, as through a pipe.
    pub(super) fn is_endless(&self) -> bool {
        self.file.is_none()
    }

    /// Calls `take` with each message and event of each value, as soon as the value is read. Ends with the input, or with
    /// the first error of `take`.
    pub(super) fn expand(
        &mut self,
        options: &ExpandOptions,
        progress: &Progress,
        take: &mut dyn FnMut(Part, Expanded) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let take = &mut |part, expanded| {
            progress.count_read();
            take(part, expanded)
        };
        // What was read from a pipe can't be read again, so all of it is reported. A file can be read again.
        while self.file.is_none() || !self.shutdown.ends_reading() {
            let next = self.values.next();
            let Some(value) = next.map_err(|error| self.failed(&error))? else {
                return Ok(());
            };
            let lines = value.lines;
            match value.json {
                Ok(json) => expand_value(&json, lines, options, take)?,
                // The rest of the value was not read.
                Err(reason) if reason == UNFINISHED && self.shutdown.ends_reading() => {
                    return Ok(());
                }
                Err(reason) => take(Part::whole(lines), Err(reason.into()))?,
            }
            self.taken = self.values.position();
            progress.set_position(self.taken);
        }
        Ok(())
    }

    /// How many lines that aren't blank are left after [`Input::expand`]. `None` if that can't be known, as for a pipe.
    pub(super) fn lines_left(&self) -> Option<u64> {
        if !self.shutdown.ends_reading() {
            return Some(0);
        }
        let (file, size) = self.file.as_ref()?;
        count_lines(file, self.taken, *size)
    }

    fn failed(&self, error: &io::Error) -> CliError {
        let foreign = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<ForeignFormat>());
        let failed = cannot_read(&self.path, error);
        match foreign {
            Some(format) => failed.hint(format.conversion(&self.path)),
            None => failed,
        }
    }
}

/// Calls `take` with each part of a value. Holds a part back until it is known whether another one follows.
fn expand_value(
    json: &str,
    lines: Lines,
    options: &ExpandOptions,
    take: &mut dyn FnMut(Part, Expanded) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut rest = Part::whole(lines);
    let mut held: Option<Expanded> = None;
    expand(
        json,
        options,
        SystemTime::now().into(),
        &mut |next| match held.replace(next) {
            Some(expanded) => take(rest.split(), expanded),
            None => Ok(()),
        },
    )?;
    let last = held.ok_or_else(|| NotSent::skipped("an empty array"));
    take(rest, last.flatten())
}

/// Counts the lines after the first `read` bytes of `file`, which had `size` bytes, except for blank ones. `None` if too
/// much is left to count, or the file can't be read again.
fn count_lines(mut file: &File, read: u64, size: u64) -> Option<u64> {
    if size.saturating_sub(read) > MAX_COUNTED {
        return None;
    }
    file.seek(SeekFrom::Start(read)).ok()?;
    let (mut lines, mut is_blank) = (0, true);
    for byte in BufReader::new(file.take(MAX_COUNTED)).bytes() {
        let byte = byte.ok()?;
        if byte == b'\n' {
            is_blank = true;
        } else if is_blank && !byte.is_ascii_whitespace() {
            is_blank = false;
            lines += 1;
        }
    }
    Some(lines)
}

/// A reader of the input, and for a regular file a second handle to it and its size in bytes.
type Opened = (Box<dyn Read + Send>, Option<(File, u64)>);

/// Opens the file at `path`, or stdin for "-".
fn open(path: &Path, shutdown: &Arc<Shutdown>) -> io::Result<Opened> {
    if path.as_os_str() == "-" {
        return Ok((Box::new(Interruptible::new(stdin()?, shutdown)?), None));
    }
    // Systems differ in what opening a directory does.
    if path.is_dir() {
        return Err(io::Error::other("it is a directory"));
    }
    let file = File::open(path)?;
    // Windows' NUL has no metadata.
    let metadata = file.metadata().ok().filter(Metadata::is_file);
    let copy = file.try_clone()?;
    let reader = Box::new(Interruptible::new(file, shutdown)?);
    Ok((reader, metadata.map(|metadata| (copy, metadata.len()))))
}

/// Stdin without the buffer of [`io::stdin`]: what is in there can't be waited for.
#[cfg(unix)]
fn stdin() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
fn stdin() -> io::Result<io::Stdin> {
    Ok(io::stdin())
}

/// Flushes stdout before it reads, so that no line waits while the input is silent. Refuses input that isn't JSON at all.
struct FlushingReader {
    reader: Box<dyn Read + Send>,
    /// What to flush, if anything.
    console: Option<Console>,
    /// Whether anything was read.
    has_started: bool,
}

impl Read for FlushingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(console) = self.console {
            console.flush().map_err(io::Error::other)?;
        }
        let count = self.reader.read(buffer)?;
        if !self.has_started
            && let Some(format) = ForeignFormat::of(&buffer[..count])
        {
            return Err(io::Error::other(format));
        }
        self.has_started = true;
        Ok(count)
    }
}

fn cannot_read(path: &Path, error: &io::Error) -> CliError {
    CliError::configuration(format!("cannot read {}: {}", path.display(), reason(error)))
}

#[cfg(test)]
mod tests {
    use super::count_lines;
    use std::io::Write as _;

    #[test]
    fn lines_that_are_not_blank_are_counted() {
        let long = format!("{}\n", "a".repeat(100_000)).repeat(3);
        for (text, read, lines) in [
            ("", 0, 0),
            ("a\n", 2, 0),
            ("a\n\n \r\n", 1, 0),
            ("a\nb\n\nc", 0, 3),
            ("a\nb\n\nc", 1, 2),
            ("a b\n", 1, 1),
            (&long, 0, 3),
        ] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(text.as_bytes()).unwrap();
            let size = file.metadata().unwrap().len();
            assert_eq!(
                count_lines(&file, read, size),
                Some(lines),
                "{text:?} {read}"
            );
        }
    }

    #[test]
    fn the_lines_of_a_huge_file_are_not_counted() {
        let file = tempfile::tempfile().unwrap();
        assert_eq!(count_lines(&file, 0, 3 << 30), None);
    }
}
