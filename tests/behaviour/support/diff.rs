//! Shows where two texts part, for the reader of a test that failed.
//!
//! What is equal at both ends is shown once and shortened; everything between is shown whole. That is less
//! than a real diff finds, and enough for output of a few lines.

use std::fmt::Write as _;

/// How many equal lines are shown before and after those that differ.
const CONTEXT: usize = 3;

/// How much of a line is shown.
const WIDTH: usize = 400;

/// `expected` and `actual` line by line: `-` marks what was missed, `+` what came in its place. Lines are
/// equal where `same` says so.
pub(super) fn diff(expected: &str, actual: &str, same: impl Fn(&str, &str) -> bool) -> String {
    let expected: Vec<String> = lines(expected);
    let actual: Vec<String> = lines(actual);
    let equal = |(a, b): &(&String, &String)| same(a, b);
    let before = expected.iter().zip(&actual).take_while(equal).count();
    let after = expected[before..]
        .iter()
        .rev()
        .zip(actual[before..].iter().rev())
        .take_while(equal)
        .count();

    let mut shown = String::new();
    let hidden = before.saturating_sub(CONTEXT);
    skip(&mut shown, hidden);
    show(&mut shown, ' ', &actual[hidden..before]);
    show(&mut shown, '-', &expected[before..expected.len() - after]);
    show(&mut shown, '+', &actual[before..actual.len() - after]);
    let tail = &actual[actual.len() - after..];
    let (near, far) = tail.split_at(after.min(CONTEXT));
    show(&mut shown, ' ', near);
    skip(&mut shown, far.len());
    shown
}

/// The lines of `text`, its end marked: otherwise a line break too many or too few couldn't be seen.
fn lines(text: &str) -> Vec<String> {
    format!("{text}<end>")
        .split('\n')
        .map(str::to_owned)
        .collect()
}

fn show(shown: &mut String, marker: char, lines: &[String]) {
    for line in lines {
        let visible: String = line
            .chars()
            .take(WIDTH)
            .map(|character| match character {
                _ if character.is_control() => character.escape_default().to_string(),
                _ => character.to_string(),
            })
            .collect();
        let rest = line.chars().count().saturating_sub(WIDTH);
        let _ = match rest {
            0 => writeln!(shown, "  {marker} {visible}"),
            _ => writeln!(shown, "  {marker} {visible}… ({rest} characters more)"),
        };
    }
}

fn skip(shown: &mut String, lines: usize) {
    if lines > 0 {
        let _ = writeln!(shown, "    ({lines} equal lines)");
    }
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn what_differs_is_marked() {
        assert_eq!(
            diff("a\nb\nc\n", "a\nB\nc\n", |a, b| a == b),
            "    a\n  - b\n  + B\n    c\n    <end>\n"
        );
    }

    #[test]
    fn a_missing_line_break_is_seen() {
        assert_eq!(
            diff("a\n", "a", |a, b| a == b),
            "  - a\n  - <end>\n  + a<end>\n"
        );
    }

    #[test]
    fn equal_lines_far_away_are_left_out() {
        let text = |middle: &str| format!("1\n2\n3\n4\n5\n{middle}\n5\n4\n3\n2\n1\n");
        assert_eq!(
            diff(&text("a"), &text("\u{1b}"), |a, b| a == b),
            "    (2 equal lines)\n    3\n    4\n    5\n  - a\n  + \\u{1b}\n    5\n    4\n    3\n    (3 equal lines)\n"
        );
    }
}
