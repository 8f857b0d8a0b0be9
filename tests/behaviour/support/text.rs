//! Compares a text with what a test expects, and shows where they differ.
//!
//! Line endings and backslashes count, unlike in snapbox's own assertions.

use snapbox::Data;
use snapbox::filter::NormalizeToExpected;
use snapbox::report::{Palette, write_diff};

/// What a text should be.
#[derive(Debug, Clone)]
pub(super) enum Text {
    /// Exactly this.
    Exactly(String),
    /// Exactly these lines, in any order.
    InAnyOrder(String),
    /// Anything that this pattern matches: `[..]` is anything within a line, a line `...` any number of lines.
    Like(String),
}

impl Text {
    /// How `actual` differs from what was expected, as a diff for a reader; nothing if it doesn't.
    pub(super) fn diff(&self, actual: &str) -> Option<String> {
        let plain = NormalizeToExpected::new();
        let (expected, comparison) = match self {
            Text::Exactly(expected) => (expected, plain),
            Text::InAnyOrder(expected) => (expected, plain.unordered()),
            Text::Like(expected) => {
                assert!(!is_ambiguous(expected), "{expected:?} matches too much");
                (expected, plain.redact())
            }
        };
        let wanted = Data::text(expected);
        let actual = comparison.normalize(Data::text(actual), &wanted);
        if actual == wanted {
            return None;
        }
        let mut diff = String::new();
        write_diff(
            &mut diff,
            &visible(&wanted),
            &visible(&actual),
            None,
            None,
            Palette::plain(),
        )
        .expect("a string takes any text");
        Some(diff)
    }
}

/// Whether the text on one side of a `[..]` begins like that on the other: snapbox then lets one match for both.
fn is_ambiguous(pattern: &str) -> bool {
    pattern.split_inclusive('\n').any(|line| {
        let parts: Vec<&str> = line.split("[..]").collect();
        let overlap = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
        parts
            .windows(2)
            .any(|parts| !parts.contains(&"") && overlap(parts[0], parts[1]))
    })
}

/// `text` with its control characters escaped, but for line breaks.
fn visible(text: &Data) -> Data {
    let mut visible = String::new();
    for character in text.to_string().chars() {
        if character.is_control() && character != '\n' {
            visible.extend(character.escape_default());
        } else {
            visible.push(character);
        }
    }
    Data::text(visible)
}

#[cfg(test)]
mod tests {
    use super::{Text, is_ambiguous};

    #[test]
    fn a_pattern_matches_the_whole_text_and_nothing_else() {
        for (pattern, matching, different) in [
            // Literal text.
            ("", &[""][..], &["a"][..]),
            ("a.c\n", &["a.c\n"], &["abc\n", "a.c\r\n"]),
            ("a\\b\n", &["a\\b\n"], &["a/b\n"]),
            ("a\n", &["a\n"], &["a", "a\nb\n"]),
            ("a", &["a"], &["a\n"]),
            // Anything within a line.
            ("[..]\n", &["\n", "a\n"], &["a\nb\n"]),
            ("took [..] ms\n", &["took 12 ms\n"], &["took 12 ms.\n"]),
            ("[..]b[..]c\n", &["abac\n", "bc\n"], &["ac\n"]),
            ("ab[..]b\n", &["abb\n"], &["ab\n"]),
            ("a[..]c\n", &["ac\n"], &["a\nc\n"]),
            // Any number of lines.
            ("...", &["", "a\nb\n"], &[]),
            ("a\n...\n", &["a\n", "a\nb\n"], &["b\n"]),
            ("a\n...\nz\n", &["a\nz\n", "a\nb\nz\n"], &["a\nz\nb\n"]),
            ("...\nx\n...\ny\n...", &["x\nx\nz\ny\n"], &["y\nx\n"]),
            ("see ...\n", &["see ...\n"], &["see a\n"]),
        ] {
            let expected = Text::Like(pattern.to_owned());
            for text in matching {
                assert_eq!(expected.diff(text), None, "{pattern:?} {text:?}");
            }
            for text in different {
                assert!(expected.diff(text).is_some(), "{pattern:?} {text:?}");
            }
        }
    }

    #[test]
    fn a_pattern_that_would_match_too_much_is_refused() {
        for (pattern, ambiguous) in [
            ("[..]b[..]b\n", true),
            ("abc[..]ab[..]\n", true),
            ("b[..]\nb[..]\n", false),
            ("[..][..]\n", false),
        ] {
            assert_eq!(is_ambiguous(pattern), ambiguous, "{pattern:?}");
        }
    }

    #[test]
    fn an_order_is_ignored_only_where_the_test_says_so() {
        let (expected, actual) = ("a\nb\na\n", "b\na\na\n");
        assert!(Text::Exactly(expected.to_owned()).diff(actual).is_some());
        let in_any_order = Text::InAnyOrder(expected.to_owned());
        assert_eq!(in_any_order.diff(actual), None);
        for different in ["a\nb\n", "a\nb\nb\n", "a\nb\na\na\n"] {
            assert!(in_any_order.diff(different).is_some(), "{different:?}");
        }
    }

    #[test]
    fn a_diff_marks_lines_and_shows_line_breaks_and_control_characters() {
        for (expected, actual, diff) in [
            ("a\nb\nc\n", "a\nB\nc\n", &["- b\n", "+ B\n", "| c\n"][..]),
            ("a\n", "a", &["- a\n", "+ a∅\n"]),
            ("a\n", "\u{1b}\r\n", &["+ \\u{1b}\\r\n"]),
        ] {
            let shown = Text::Exactly(expected.to_owned()).diff(actual).unwrap();
            for part in diff {
                assert!(shown.contains(part), "{part:?} in {shown}");
            }
        }
    }
}
