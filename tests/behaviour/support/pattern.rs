//! Matches output that can't be known exactly: `[..]` stands for anything within a line, and a line `...`
//! for any number of lines. Everything else is literal, and the whole text has to match.

const WITHIN_A_LINE: &str = "[..]";
const ANY_LINES: &str = "...";

/// Whether `text` is as `pattern` says, from its first line to its last line break.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('\n').collect();
    let text: Vec<&str> = text.split('\n').collect();
    let (mut at, mut line) = (0, 0);
    // Where to go on if what follows the last `...` fits only further down.
    let mut retry = None;
    while line < text.len() {
        let expected = pattern.get(at).copied();
        if expected == Some(ANY_LINES) {
            at += 1;
            retry = Some((at, line));
        } else if expected.is_some_and(|expected| line_matches(expected, text[line])) {
            at += 1;
            line += 1;
        } else if let Some((after_dots, first_line)) = retry {
            at = after_dots;
            line = first_line + 1;
            retry = Some((at, line));
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|expected| *expected == ANY_LINES)
}

/// Whether one line is as its pattern says.
pub(super) fn line_matches(pattern: &str, line: &str) -> bool {
    let Some((first, others)) = pattern.split_once(WITHIN_A_LINE) else {
        return pattern == line;
    };
    let (middle, last) = others.rsplit_once(WITHIN_A_LINE).unwrap_or(("", others));
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    for piece in middle.split(WITHIN_A_LINE) {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn literal_text_matches_itself_only() {
        assert!(matches("", ""));
        assert!(matches("a.c\n", "a.c\n"));
        assert!(!matches("a.c\n", "abc\n"));
        assert!(!matches("a\n", "a"));
        assert!(!matches("a", "a\n"));
        assert!(!matches("", "a"));
        assert!(!matches("a\n", "a\nb\n"));
    }

    #[test]
    fn brackets_stand_for_anything_within_a_line() {
        assert!(matches("[..]\n", "\n"));
        assert!(matches("took [..] ms\n", "took 12 ms\n"));
        assert!(matches("[..]b[..]b\n", "abab\n"));
        assert!(!matches("ab[..]b\n", "ab\n"));
        assert!(!matches("[..]b[..]b\n", "ab\n"));
        assert!(!matches("a[..]c\n", "a\nc\n"));
        assert!(!matches("took [..] ms\n", "took 12 ms.\n"));
    }

    #[test]
    fn three_dots_stand_for_any_lines() {
        assert!(matches("...", ""));
        assert!(matches("...", "a\nb\n"));
        assert!(matches("a\n...\n", "a\n"));
        assert!(matches("a\n...\nz\n", "a\nb\nz\nc\nz\n"));
        assert!(matches("...\nx\n...\ny\n...", "x\nx\nz\ny\n"));
        assert!(!matches("...\nx\n...\ny\n...", "y\nx\n"));
        assert!(!matches("a\n...\nz\n", "a\nz\nb\n"));
        assert!(!matches("see ...\n", "see a\n"));
    }
}
