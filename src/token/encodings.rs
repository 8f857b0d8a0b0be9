//! Recognizes a token that is encoded for JSON, a URL or HTML, or in base64.
//!
//! Each byte may be encoded or not, because servers differ in what they escape. The text around the token may be
//! broken or cut off, so nothing else of it is parsed. A copy at the end of a text may lack its own end, too.

use std::ops::Range;

/// The length of the longest encoding of a byte that is recognized.
pub(crate) const MAX_ENCODED: usize = MAX_ENTITY + 2;

/// How much of a copy must be there if the text breaks off within it: 8 characters, or the digits for them in base64.
const MIN_COPY: [usize; 2] = [8, 11];

/// Decodes the escape that a text starts with: returns the byte and the length of its encoding.
type Decode = fn(&[u8]) -> Option<(u8, usize)>;

/// An encoding: the escapes that it knows, in the order in which they are tried.
pub(super) type Encoding = &'static [Decode];

const ENCODINGS: [Encoding; 6] = [
    &[],
    &[json],
    &[json_in_json, json],
    &[url],
    &[html],
    &[html, json],
];

/// Every encoded byte starts with one of these.
const ESCAPES: [char; 3] = ['\\', '%', '&'];

/// The longest name or number of an HTML entity, with some leading zeros.
const MAX_ENTITY: usize = 9;

/// The ways in which a token is written: as it is, and in base64, where it depends on the position in its text.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Patterns {
    patterns: [Pattern; 4],
    /// For each byte, the patterns that can have it in the first and in the second place, a bit for each pattern.
    /// Almost no two bytes of a text can start a copy, so this saves most of the time.
    starts: [[u8; 256]; 2],
}

/// One way in which a token is written before it is encoded.
#[derive(Clone, PartialEq, Eq)]
struct Pattern {
    is_base64: bool,
    /// The value of each byte, or of each digit in base64, and a mask of the bits that come from the token. The others
    /// come from the text around it.
    units: Vec<(u8, u8)>,
}

impl Patterns {
    pub(super) fn new(token: &[u8]) -> Self {
        let literal = Pattern {
            is_base64: false,
            units: token.iter().map(|byte| (*byte, u8::MAX)).collect(),
        };
        let in_base64 = |offset| base64(token, offset);
        let patterns = [literal, in_base64(0), in_base64(1), in_base64(2)];
        let mut starts = [[0; 256]; 2];
        for (place, starts) in starts.iter_mut().enumerate() {
            for byte in 0..=u8::MAX {
                for (number, pattern) in patterns.iter().enumerate() {
                    let fits = is_escape(byte) || pattern.has(place, byte);
                    starts[usize::from(byte)] |= u8::from(fits) << number;
                }
            }
        }
        Patterns { patterns, starts }
    }

    /// Returns where the first copy of the token in `text` is, if there is one.
    pub(super) fn find(&self, text: &str, encodings: &[Encoding]) -> Option<Range<usize>> {
        let text = text.as_bytes();
        (0..text.len()).find_map(|at| {
            let length = self.copy_length(&text[at..], encodings)?;
            Some(at..at + length)
        })
    }

    /// Returns how long the copy of the token at the start of `text` is, if there is one.
    fn copy_length(&self, text: &[u8], encodings: &[Encoding]) -> Option<usize> {
        let [first, second, ..] = *text else {
            return None;
        };
        let mut possible = self.starts[0][usize::from(first)];
        if !is_escape(first) {
            possible &= self.starts[1][usize::from(second)];
        }
        if possible == 0 {
            return None;
        }
        let numbered = self.patterns.iter().enumerate();
        let patterns = numbered.filter(|(number, _)| possible >> number & 1 == 1);
        let lengths = patterns.flat_map(|(_, pattern)| {
            let lengths = encodings.iter();
            lengths.filter_map(|encoding| pattern.copy_length(text, encoding))
        });
        lengths.max()
    }
}

/// The token in base64, after `offset` other bytes.
fn base64(token: &[u8], offset: usize) -> Pattern {
    let (start, end) = (8 * offset, 8 * (offset + token.len()));
    let unit = |digit: usize| {
        let (mut value, mut mask) = (0, 0);
        for bit in 6 * digit..6 * digit + 6 {
            value <<= 1;
            mask <<= 1;
            if (start..end).contains(&bit) {
                value |= token[bit / 8 - offset] >> (7 - bit % 8) & 1;
                mask |= 1;
            }
        }
        (value, mask)
    };
    Pattern {
        is_base64: true,
        units: (start / 6..end.div_ceil(6)).map(unit).collect(),
    }
}

/// The encodings that a text may have.
pub(super) fn encodings(text: &str) -> &'static [Encoding] {
    if text.contains(ESCAPES) {
        &ENCODINGS
    } else {
        &ENCODINGS[..1]
    }
}

impl Pattern {
    fn copy_length(&self, text: &[u8], encoding: Encoding) -> Option<usize> {
        let mut at = 0;
        for place in 0..self.units.len() {
            match decode(&text[at..], encoding) {
                Some((byte, length)) if self.has(place, byte) => at += length,
                _ => return self.broken_copy_length(place, at, text),
            }
        }
        Some(at)
    }

    fn has(&self, place: usize, byte: u8) -> bool {
        let (value, mask) = self.units[place];
        let bits = if self.is_base64 {
            digit(byte)
        } else {
            Some(byte)
        };
        bits.is_some_and(|bits| bits & mask == value)
    }

    /// The length of a copy of which `count` bytes end at `at`, if the text breaks off there.
    fn broken_copy_length(&self, count: usize, at: usize, text: &[u8]) -> Option<usize> {
        let rest = &text[at..];
        let length = if rest.is_empty() || rest.starts_with("…".as_bytes()) {
            at
        } else if is_broken_escape(rest) {
            text.len()
        } else {
            return None;
        };
        (count >= MIN_COPY[usize::from(self.is_base64)]).then_some(length)
    }
}

/// Decodes the first byte of `text`, which may be an escape.
fn decode(text: &[u8], encoding: Encoding) -> Option<(u8, usize)> {
    let escape = encoding.iter().find_map(|decode| decode(text));
    escape.or_else(|| text.first().map(|byte| (*byte, 1)))
}

fn is_escape(byte: u8) -> bool {
    ESCAPES.contains(&char::from(byte))
}

/// Whether `text` can be the beginning of an escape that breaks off.
fn is_broken_escape(text: &[u8]) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'\\');
    text.len() < MAX_ENCODED && is_escape(text[0]) && text[1..].iter().all(is_inner)
}

/// The value of a digit of base64, in its alphabet for MIME or for URLs.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

fn json(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'\\', b'u', b'0', b'0', digits @ ..] => hex(digits).map(|byte| (byte, 6)),
        [b'\\', byte @ (b'/' | b'"' | b'\\'), ..] => Some((*byte, 2)),
        _ => None,
    }
}

/// A JSON string that contains JSON: each escape is escaped once more, except those that only the outer one needs.
fn json_in_json(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'\\', b'\\', b'u', b'0', b'0', digits @ ..] => hex(digits).map(|byte| (byte, 7)),
        [b'\\', b'\\', b'\\', byte @ (b'/' | b'"' | b'\\'), ..] => Some((*byte, 4)),
        [b'\\', b'\\', b'/', ..] => Some((b'/', 3)),
        _ => None,
    }
}

fn url(text: &[u8]) -> Option<(u8, usize)> {
    Some((hex(text.strip_prefix(b"%")?)?, 3))
}

fn html(text: &[u8]) -> Option<(u8, usize)> {
    let rest = text.strip_prefix(b"&")?;
    let length = rest
        .iter()
        .take(MAX_ENTITY + 1)
        .position(|byte| *byte == b';')?;
    let name = str::from_utf8(&rest[..length]).ok()?.to_ascii_lowercase();
    let byte = match name.as_str() {
        "amp" => b'&',
        "lt" => b'<',
        "gt" => b'>',
        "quot" => b'"',
        "apos" => b'\'',
        number => match number.strip_prefix("#x") {
            Some(digits) => u8::from_str_radix(digits, 16).ok()?,
            None => number.strip_prefix('#')?.parse().ok()?,
        },
    };
    Some((byte, length + 2))
}

/// Decodes the two hexadecimal digits that `text` starts with.
fn hex(text: &[u8]) -> Option<u8> {
    u8::from_str_radix(str::from_utf8(text.get(..2)?).ok()?, 16).ok()
}
