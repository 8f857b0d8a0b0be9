//! Makes text from outside safe to print: no control characters, no bidirectional tricks, one line.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with every character that could act on a terminal, or reorder what is read on it, written as an
/// escape such as `\u{1b}`. Line breaks and tabs become spaces.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    if !contains_escapable(text) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => safe.push(' '),
            _ if needs_escape(character) => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
            }
            _ => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

/// Whether there is any character in `text` that [`needs_escape`].
pub(super) fn contains_escapable(text: &str) -> bool {
    // Nearly all text is plain ASCII, which a look at the bytes settles many times faster.
    !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.contains(needs_escape)
}

/// Whether a terminal would obey `character` rather than show it, or show others in another order or place.
pub(crate) fn needs_escape(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::needs_escape;
    use proptest::prelude::*;

    use super::sanitize;
    use std::borrow::Cow;

    #[test]
    fn what_a_terminal_obeys_is_written_out() {
        assert_eq!(sanitize("\u{1b}[31mred\u{9b}m"), "\\u{1b}[31mred\\u{9b}m");
        assert_eq!(sanitize("safe\u{202e}fdp.exe"), "safe\\u{202e}fdp.exe");
        assert_eq!(sanitize("two\r\nlines"), "two  lines");
    }

    #[test]
    fn other_text_is_left_alone() {
        assert!(matches!(sanitize("Grüße, 日本 🙂"), Cow::Borrowed(_)));
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn of_any_text_nothing_acts_and_what_can_be_read_stays(text in any::<String>()) {
            let safe = sanitize(&text);
            prop_assert!(!safe.contains(needs_escape));
            let mut rest = &*safe;
            for character in text.chars().filter(|character| !needs_escape(*character)) {
                let at = rest.find(character);
                prop_assert!(at.is_some(), "{:?} is missing from {:?}", character, safe);
                rest = &rest[at.unwrap() + character.len_utf8()..];
            }
        }
    }
}
