//! How much of a file a run left unread.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use crate::output::counted;

/// The most bytes whose lines are counted, which takes about a second.
const MAX_COUNTED: u64 = 1 << 30;

/// What is left of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// Nothing: it was read to its end.
    Nothing,
    /// This many lines that aren't blank.
    Lines(u64),
    /// It is a pipe, can't be read again, or is too large to count its lines.
    Unknown,
}

impl Unread {
    /// The same in words, for what can be told.
    pub(super) fn text(self) -> Option<String> {
        match self {
            Unread::Nothing | Unread::Unknown => None,
            Unread::Lines(count) => Some(format!("{} left", counted(count, "line"))),
        }
    }
}

/// What is left of `file`, which had `size` bytes, behind the first `read` ones.
pub(super) fn in_file(file: &File, read: u64, size: u64) -> Unread {
    if size.saturating_sub(read) > MAX_COUNTED {
        return Unread::Unknown;
    }
    match count_lines(file, read) {
        Ok(0) => Unread::Nothing,
        Ok(count) => Unread::Lines(count),
        Err(_) => Unread::Unknown,
    }
}

/// The number of lines from `start` on that aren't blank.
fn count_lines(mut file: &File, start: u64) -> io::Result<u64> {
    file.seek(SeekFrom::Start(start))?;
    let mut file = file.take(MAX_COUNTED);
    let (mut lines, mut is_blank) = (0, true);
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(lines);
        }
        for line in buffer[..count].split_inclusive(|byte| *byte == b'\n') {
            if is_blank && !line.trim_ascii().is_empty() {
                lines += 1;
                is_blank = false;
            }
            is_blank |= line.ends_with(b"\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Unread, in_file};
    use std::io::Write as _;

    #[test]
    fn lines_that_are_not_blank_are_counted() {
        for (text, read, unread) in [
            ("", 0, Unread::Nothing),
            ("a\n", 2, Unread::Nothing),
            ("a\n\n \r\n", 1, Unread::Nothing),
            ("a\nb\n\nc", 0, Unread::Lines(3)),
            ("a\nb\n\nc", 1, Unread::Lines(2)),
            ("a b\n", 1, Unread::Lines(1)),
        ] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(text.as_bytes()).unwrap();
            let size = file.metadata().unwrap().len();
            assert_eq!(in_file(&file, read, size), unread, "{text:?} {read}");
        }
        let long = format!("{}\n", "a".repeat(100_000)).repeat(3);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(long.as_bytes()).unwrap();
        assert_eq!(in_file(&file, 0, 300_003), Unread::Lines(3));
    }

    #[test]
    fn the_lines_of_a_huge_file_are_not_counted() {
        let file = tempfile::tempfile().unwrap();
        assert_eq!(in_file(&file, 0, 3 << 30), Unread::Unknown);
    }
}
