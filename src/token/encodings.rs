//! Recognizes a token that is encoded for JSON, a URL or HTML.
//!
//! Each byte may be encoded or not, because servers differ in what they escape. The text around the token may be
//! broken or cut off, so nothing else of it is parsed.

/// Every encoded byte starts with one of these.
pub(super) const ESCAPES: [char; 3] = ['\\', '%', '&'];

/// Decodes the first byte of a text: returns the byte and the length of its encoding.
type Decode = fn(&[u8]) -> Option<(u8, usize)>;

const ENCODINGS: [Decode; 5] = [plain, json, json_in_json, url, html];

/// The longest name or number of an HTML entity, with some leading zeros.
const MAX_ENTITY: usize = 9;

/// Returns how long the encoded copy of `token` at the start of `text` is, if there is one.
pub(super) fn encoded_length(text: &[u8], token: &[u8]) -> Option<usize> {
    let copies = ENCODINGS.iter().filter_map(|decode| {
        token.iter().try_fold(0, |at, expected| {
            let (byte, length) = decode(&text[at..])?;
            (byte == *expected).then_some(at + length)
        })
    });
    copies.max()
}

fn plain(text: &[u8]) -> Option<(u8, usize)> {
    text.first().map(|byte| (*byte, 1))
}

fn json(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'\\', b'u', b'0', b'0', digits @ ..] => hex(digits).map(|byte| (byte, 6)),
        [b'\\', byte @ (b'/' | b'"' | b'\\'), ..] => Some((*byte, 2)),
        _ => None,
    }
    .or_else(|| plain(text))
}

/// A JSON string that contains JSON: each escape is escaped once more, except those that only the outer one needs.
fn json_in_json(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'\\', b'\\', b'u', b'0', b'0', digits @ ..] => hex(digits).map(|byte| (byte, 7)),
        [b'\\', b'\\', b'\\', byte @ (b'/' | b'"' | b'\\'), ..] => Some((*byte, 4)),
        [b'\\', b'\\', b'/', ..] => Some((b'/', 3)),
        _ => None,
    }
    .or_else(|| json(text))
}

fn url(text: &[u8]) -> Option<(u8, usize)> {
    let encoded = text.strip_prefix(b"%").and_then(hex);
    encoded.map(|byte| (byte, 3)).or_else(|| plain(text))
}

fn html(text: &[u8]) -> Option<(u8, usize)> {
    entity(text).or_else(|| plain(text))
}

fn entity(text: &[u8]) -> Option<(u8, usize)> {
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
