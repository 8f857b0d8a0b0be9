//! Makes text from input and responses safe to print: it can neither control a terminal nor reorder what is read there.

use std::borrow::Cow;

/// `text` on one line, with an escape such as `\u{1b}` for each character that [`needs_escape`].
///
/// CI systems obey commands in the log of a job. So a `::` at the start is escaped, too, and the second of two `#`
/// anywhere, as in `##[error]`.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    let text = escape(text, |character| match character {
        '\n' | '\r' | '\t' => " ".to_owned(),
        _ => character.escape_unicode().to_string(),
    });
    match text.trim_start().strip_prefix("::") {
        Some(rest) => format!("\\u{{3a}}:{rest}").into(),
        None => text,
    }
}

/// `json` with JSON's own escapes for what [`sanitize`] escapes. In JSON on one line, that occurs only in strings.
pub(crate) fn escape_json(json: String) -> String {
    let escaped = escape(&json, |character| {
        let units = character.encode_utf16(&mut [0; 2]).to_vec();
        let escapes = units.iter().map(|unit| format!("\\u{unit:04x}"));
        escapes.collect::<Vec<_>>().concat()
    });
    match escaped {
        Cow::Borrowed(_) => json,
        Cow::Owned(escaped) => escaped,
    }
}

/// Whether a terminal would obey `character` instead of showing it, or show other characters elsewhere because of it.
fn needs_escape(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

fn escape(text: &str, escaped: impl Fn(char) -> String) -> Cow<'_, str> {
    // Nearly all text is printable ASCII, and checking its bytes is many times faster than decoding characters.
    let is_printable =
        text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(needs_escape);
    if is_printable && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut last = ' ';
    for character in text.chars() {
        if needs_escape(character) || (last, character) == ('#', '#') {
            safe.push_str(&escaped(character));
        } else {
            safe.push(character);
        }
        last = character;
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::{escape_json, needs_escape, sanitize};

    #[test]
    fn sanitize_escapes_what_a_terminal_obeys() {
        assert_eq!(sanitize("\u{1b}[31mred\u{9b}m"), "\\u{1b}[31mred\\u{9b}m");
        assert_eq!(sanitize("safe\u{202e}fdp.exe"), "safe\\u{202e}fdp.exe");
        assert_eq!(sanitize("two\r\nlines"), "two  lines");
    }

    #[test]
    fn sanitize_leaves_other_text_alone() {
        assert!(matches!(sanitize("Grüße, 日本 🙂"), Cow::Borrowed(_)));
    }

    #[test]
    fn logs_of_ci_jobs_obey_nothing() {
        for (text, safe) in [
            ("::error::x", "\\u{3a}:error::x"),
            (" \n::error::x", "\\u{3a}:error::x"),
            ("a ::error::x", "a ::error::x"),
            ("a ##[error]x", "a #\\u{23}[error]x"),
            ("::###vso[task]", "\\u{3a}:#\\u{23}\\u{23}vso[task]"),
            ("# heading #", "# heading #"),
        ] {
            assert_eq!(sanitize(text), safe);
        }
        let text = "##[error]x ##vso[task]";
        let json = escape_json(serde_json::to_string(text).unwrap());
        assert_eq!(json, r##""#\u0023[error]x #\u0023vso[task]""##);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn escape_json_keeps_the_meaning() {
        let text = "a\u{7f}\u{9b}\u{202e}\u{e0041}ü";
        let json = escape_json(serde_json::to_string(text).unwrap());
        assert_eq!(json, r#""a\u007f\u009b\u202e\udb40\udc41ü""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn sanitize_keeps_readable_text_and_escapes_the_rest(text in any::<String>()) {
            let safe = sanitize(&text);
            prop_assert!(!safe.contains(needs_escape));
            let mut rest = &*safe;
            for character in text.chars().filter(|&character| character != '#' && !needs_escape(character)) {
                let at = rest.find(character);
                prop_assert!(at.is_some(), "{:?} is missing from {:?}", character, safe);
                rest = &rest[at.unwrap() + character.len_utf8()..];
            }
        }

        #[test]
        fn escape_json_keeps_the_meaning_of_any_text(text in any::<String>()) {
            let json = escape_json(serde_json::to_string(&text).unwrap());
            prop_assert!(!json.contains(needs_escape));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
