//! Lines of a broken value that are read a second time.

/// How many times its size a broken value may be read again.
const MAX_REPLAY_FACTOR: usize = 8;

/// The lines to read again before the input goes on.
#[derive(Debug, Default)]
pub(super) struct Replay {
    /// The lines, each with its line break.
    text: Vec<u8>,
    /// Where the next line begins in `text`.
    at: usize,
    /// The number of that line.
    line: u64,
    /// How many more bytes may be added. Without a limit, input that breaks at every line would take quadratic time.
    budget: usize,
}

impl Replay {
    /// The next line and its number.
    pub(super) fn next(&mut self) -> Option<(u64, Vec<u8>)> {
        let rest = &self.text[self.at..];
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = rest[..end].to_vec();
        self.at += end + 1;
        self.line += 1;
        Some((self.line - 1, line))
    }

    /// Puts `lines` and then `next` before the lines that are left. The first of `lines` has the number `line`.
    ///
    /// `lines` are dropped once the budget is spent.
    pub(super) fn prepend(&mut self, line: u64, lines: &[u8], next: Option<&[u8]>) {
        let left = self.text.split_off(self.at);
        if left.is_empty() {
            self.budget = lines.len().saturating_mul(MAX_REPLAY_FACTOR);
        }
        self.at = 0;
        self.line = line;
        self.text.clear();
        if let Some(budget) = self.budget.checked_sub(lines.len()) {
            self.budget = budget;
            self.text.extend_from_slice(lines);
            self.text.push(b'\n');
        } else {
            self.line += lines.split(|byte| *byte == b'\n').count() as u64;
        }
        if let Some(next) = next {
            self.text.extend_from_slice(next);
            self.text.push(b'\n');
        }
        self.text.extend_from_slice(&left);
    }
}
