//! What a run printed and how it ended, and what a test expects of that.

use std::fmt::Write as _;

use super::TOKEN;
use super::diff::diff;
use super::pattern::{line_matches, matches};

/// A part of the token of this length gives it away; the last four characters may be shown.
const TELLING_PART: usize = 8;

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    /// All of standard output.
    pub(crate) stdout: String,
    /// All of standard error.
    pub(crate) stderr: String,
    /// The exit code, or the number of the signal that killed the process as a negative number.
    pub(crate) code: i32,
}

/// What a stream should hold.
#[derive(Debug, Clone)]
pub(super) enum Text {
    /// Just this.
    Exactly(String),
    /// Just these lines, in whatever order.
    InAnyOrder(String),
    /// Something that this pattern matches.
    Like(String),
}

/// What a run should come to. Unless a test says more: nothing printed, and success.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pub(super) stdout: Text,
    pub(super) stderr: Text,
    /// Whether the summary of a batch, which has a time in it, is left out of standard error.
    pub(super) summary_aside: bool,
    pub(super) code: i32,
}

impl Default for Expected {
    fn default() -> Self {
        Expected {
            stdout: Text::Exactly(String::new()),
            stderr: Text::Exactly(String::new()),
            summary_aside: false,
            code: 0,
        }
    }
}

impl Expected {
    /// What of `output` is not as expected, for a reader; nothing if all is.
    pub(super) fn complaint(&self, output: &Output) -> Option<String> {
        let stderr = if self.summary_aside {
            &without_summary(&output.stderr)
        } else {
            &output.stderr
        };
        let streams = [
            ("standard output", &self.stdout, &output.stdout),
            ("standard error", &self.stderr, stderr),
        ];
        let mut complaint = String::new();
        for (name, expected, actual) in streams {
            if !expected.is_met_by(actual) {
                let _ = write!(
                    complaint,
                    "{name} is not as expected (-):\n{}",
                    expected.diff(actual)
                );
            }
            if gives_the_token_away(actual) {
                let _ = writeln!(complaint, "{name} gives the token away");
            }
            if actual.contains(char::REPLACEMENT_CHARACTER) {
                let _ = writeln!(complaint, "{name} is not UTF-8");
            }
        }
        if self.code != output.code {
            let _ = writeln!(
                complaint,
                "the exit code is {}, expected {}",
                output.code, self.code
            );
        }
        (!complaint.is_empty()).then_some(complaint)
    }
}

impl Text {
    fn is_met_by(&self, actual: &str) -> bool {
        match self {
            Text::Exactly(expected) => expected == actual,
            Text::InAnyOrder(expected) => sorted(expected) == sorted(actual),
            Text::Like(pattern) => matches(pattern, actual),
        }
    }

    fn diff(&self, actual: &str) -> String {
        match self {
            Text::Exactly(expected) => diff(expected, actual, |a, b| a == b),
            Text::InAnyOrder(expected) => diff(&sorted(expected), &sorted(actual), |a, b| a == b),
            Text::Like(pattern) => diff(pattern, actual, line_matches),
        }
    }
}

/// The lines of `text` in an order that says nothing.
fn sorted(text: &str) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.sort_unstable();
    lines.concat()
}

/// `stderr` without the line that says what a batch came to.
fn without_summary(stderr: &str) -> String {
    let is_summary =
        |line: &str| line.contains(" accepted") && line.trim_end().ends_with(" a second)");
    stderr
        .split_inclusive('\n')
        .filter(|line| !is_summary(line))
        .collect()
}

fn gives_the_token_away(text: &str) -> bool {
    TOKEN
        .as_bytes()
        .windows(TELLING_PART)
        .any(|part| str::from_utf8(part).is_ok_and(|part| text.contains(part)))
}

#[cfg(test)]
mod tests {
    use super::{TOKEN, gives_the_token_away};

    #[test]
    fn the_last_four_characters_don_t_give_the_token_away() {
        assert!(!gives_the_token_away(&format!("…{}", &TOKEN[28..])));
        assert!(!gives_the_token_away(&TOKEN[3..10]));
        assert!(gives_the_token_away(&format!("<{}>", &TOKEN[3..11])));
        assert!(gives_the_token_away(&TOKEN[24..]));
    }
}
