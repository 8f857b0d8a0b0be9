//! The output and exit code of a run, and what a test expects of them.

use std::fmt::Write as _;

use super::text::Text;
use super::{SECRET, TOKEN};

/// This many characters of the token are a leak; the last four may be shown.
const LEAK_LENGTH: usize = 8;

/// What a run printed, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    /// All of standard output.
    pub(crate) stdout: String,
    /// All of standard error.
    pub(crate) stderr: String,
    /// The exit code, or the number of the signal that killed the process as a negative number.
    pub(crate) code: i32,
}

/// What is expected of a run. By default it prints nothing and succeeds.
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
    /// Describes what in `output` is not as expected.
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
            if let Some(diff) = expected.diff(actual) {
                let _ = writeln!(complaint, "{name} is not as expected:{diff}");
            }
            if shows_a_secret(actual) {
                let _ = writeln!(complaint, "{name} shows a secret");
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

/// `stderr` without the summary of a batch.
fn without_summary(stderr: &str) -> String {
    let is_summary =
        |line: &str| line.contains(" accepted") && line.trim_end().ends_with(" a second)");
    stderr
        .split_inclusive('\n')
        .filter(|line| !is_summary(line))
        .collect()
}

fn shows_a_secret(text: &str) -> bool {
    let shows = |part: &[u8]| str::from_utf8(part).is_ok_and(|part| text.contains(part));
    shows(SECRET.as_bytes()) || TOKEN.as_bytes().windows(LEAK_LENGTH).any(shows)
}

#[cfg(test)]
mod tests {
    use super::{SECRET, TOKEN, shows_a_secret};

    #[test]
    fn only_the_last_four_characters_of_the_token_may_be_shown() {
        for (shown, is_secret) in [
            (&format!("…{}", &TOKEN[28..])[..], false),
            (&TOKEN[3..10], false),
            (&format!("<{}>", &TOKEN[3..11]), true),
            (&TOKEN[24..], true),
            (&format!("my-{SECRET}"), true),
        ] {
            assert_eq!(shows_a_secret(shown), is_secret, "{shown}");
        }
    }
}
