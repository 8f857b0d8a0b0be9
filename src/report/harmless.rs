//! Makes text from outside safe to print: no control characters, no bidirectional tricks, one line.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with every character that could act on a terminal, or reorder what is read on it, written as an
/// escape such as `\u{1b}`. Line breaks and tabs become spaces.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if !has_effects(text) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => safe.push(' '),
            _ if acts_on_a_terminal(character) => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
            }
            _ => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

/// Whether there is any character in `text` that [`acts_on_a_terminal`].
pub(super) fn has_effects(text: &str) -> bool {
    // Nearly all text is plain ASCII, which a look at the bytes settles many times faster.
    !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.contains(acts_on_a_terminal)
}

/// Whether a terminal would obey `character` rather than show it, or show others in another order or place.
pub(crate) fn acts_on_a_terminal(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::acts_on_a_terminal;
    use proptest::prelude::*;

    use super::harmless;
    use std::borrow::Cow;

    #[test]
    fn what_a_terminal_obeys_is_written_out() {
        assert_eq!(harmless("\u{1b}[31mred\u{9b}m"), "\\u{1b}[31mred\\u{9b}m");
        assert_eq!(harmless("safe\u{202e}fdp.exe"), "safe\\u{202e}fdp.exe");
        assert_eq!(harmless("two\r\nlines"), "two  lines");
    }

    #[test]
    fn other_text_is_left_alone() {
        assert!(matches!(harmless("Grüße, 日本 🙂"), Cow::Borrowed(_)));
    }

    proptest! {
        #![proptest_config(crate::cases::config())]

        #[test]
        fn of_any_text_nothing_acts_and_what_can_be_read_stays(text in any::<String>()) {
            let safe = harmless(&text);
            prop_assert!(!safe.contains(acts_on_a_terminal));
            let mut rest = &*safe;
            for character in text.chars().filter(|character| !acts_on_a_terminal(*character)) {
                let at = rest.find(character);
                prop_assert!(at.is_some(), "{:?} is missing from {:?}", character, safe);
                rest = &rest[at.unwrap() + character.len_utf8()..];
            }
        }
    }
}
