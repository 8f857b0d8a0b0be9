//! What comes along when people copy and paste a value: white space and quotes around it.

/// Pairs of quotes, those of word processors too. Both of a pair have the same number of bytes.
const QUOTES: [&str; 9] = ["\"\"", "''", "``", "“”", "„“", "””", "‘’", "‚‘", "«»"];

/// Characters without width that editors and web pages add. The first is the byte order mark.
const INVISIBLE: [char; 5] = ['\u{feff}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{2060}'];

/// `text` without one layer of what stands around it, and what that was; `None` if there is nothing.
pub(crate) fn peeled(text: &str) -> Option<(&str, &'static str)> {
    let is_blank = |character: char| character.is_whitespace() || INVISIBLE.contains(&character);
    let trimmed = text.trim_matches(is_blank);
    if trimmed != text {
        return Some((trimmed, "white space"));
    }
    let inner = QUOTES.iter().find_map(|pair| {
        let (open, close) = pair.split_at(pair.len() / 2);
        text.strip_prefix(open)?.strip_suffix(close)
    })?;
    Some((inner, "quotes"))
}

/// `text` without all that stands around it.
pub(crate) fn cleaned(mut text: &str) -> &str {
    while let Some((rest, _)) = peeled(text) {
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn white_space_and_matching_quotes_are_removed() {
        for (text, clean) in [
            ("m_1", "m_1"),
            (" m_1\r\n", "m_1"),
            ("'“ m_1 ”'", "m_1"),
            ("„m_1“", "m_1"),
            ("\u{feff}m_1\u{200b}", "m_1"),
            ("'m_1", "'m_1"),
            ("\"", "\""),
            ("''", ""),
            ("m \"1\"", "m \"1\""),
        ] {
            assert_eq!(cleaned(text), clean, "{text}");
        }
    }
}
