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
    /// Whether what is said about a wait, which depends on time, is left in standard error.
    pub(super) shows_waits: bool,
    /// `None` if any will do.
    pub(super) code: Option<i32>,
}

impl Default for Expected {
    fn default() -> Self {
        Expected {
            stdout: Text::Exactly(String::new()),
            stderr: Text::Exactly(String::new()),
            summary_aside: false,
            shows_waits: false,
            code: Some(0),
        }
    }
}

impl Expected {
    /// Describes what in `output` is not as expected.
    pub(super) fn complaint(&self, output: &Output) -> Option<String> {
        let is_expected = |line: &&str| {
            !(self.summary_aside && is_summary(line) || !self.shows_waits && is_wait(line))
        };
        let stderr: String = output
            .stderr
            .split_inclusive('\n')
            .filter(is_expected)
            .collect();
        let streams = [
            ("standard output", &self.stdout, &output.stdout),
            ("standard error", &self.stderr, &stderr),
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
        if let Some(code) = self.code.filter(|code| *code != output.code) {
            let _ = writeln!(
                complaint,
                "the exit code is {}, expected {code}",
                output.code
            );
        }
        (!complaint.is_empty()).then_some(complaint)
    }
}

/// Whether this is the summary of a batch.
fn is_summary(line: &str) -> bool {
    let line = line.trim_end();
    line.contains(" accepted")
        && line.contains(" in ")
        && (line.ends_with(" s") || line.ends_with(" a second)"))
}

/// Whether this says for what a run waits, after the time of the day.
fn is_wait(line: &str) -> bool {
    let text = line.split_once("Z ").map_or("", |(_, text)| text);
    line.starts_with("20")
        && ["waiting ", "outage", "stopping: "]
            .iter()
            .any(|start| text.starts_with(start))
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
