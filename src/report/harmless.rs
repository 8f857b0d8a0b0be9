//! Makes text from outside safe to print: no control characters, no bidirectional tricks, one line.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with every character that could act on a terminal, or reorder what is read on it, written as an
/// escape such as `\u{1b}`. Line breaks and tabs become spaces.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(acts_on_a_terminal) {
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
}
