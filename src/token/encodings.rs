//! Finds a text in another that may spell it in the manner of JSON, of URLs or of HTML.
//!
//! The other text need not be any of these as a whole: a broken or cut one is searched all the same. Linear in its
//! length, for a server chooses it.

use std::ops::Range;

/// Reads what a text that isn't empty begins with: the byte that is meant, and how many spell it.
type Read = fn(&[u8]) -> (u8, usize);

/// The ways to spell: as it is, for JSON once and twice, for a URL, for HTML.
const SPELLINGS: [&[Read]; 5] = [&[], &[json], &[json, json], &[url], &[html]];

/// Where `text` has `sought` in it, in any spelling, none of them overlapping another; in order.
pub(super) fn find(text: &str, sought: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = SPELLINGS
        .iter()
        .flat_map(|spelling| find_spelled(text.as_bytes(), sought, spelling))
        .collect();
    found.sort_by_key(|range| (range.start, range.end));
    found.dedup_by(|next, kept| {
        let overlap = next.start < kept.end;
        if overlap {
            kept.end = kept.end.max(next.end);
        }
        overlap
    });
    found
}

fn find_spelled(text: &[u8], sought: &[u8], spelling: &[Read]) -> Vec<Range<usize>> {
    let mut bytes = text.to_vec();
    // Where each byte's spelling starts in the text, and last the text's end.
    let mut starts: Vec<usize> = (0..=text.len()).collect();
    for read in spelling {
        let (mut meant, mut meant_starts, mut at) = (Vec::new(), Vec::new(), 0);
        while at < bytes.len() {
            let (byte, length) = read(&bytes[at..]);
            meant.push(byte);
            meant_starts.push(starts[at]);
            at += length;
        }
        meant_starts.push(text.len());
        (bytes, starts) = (meant, meant_starts);
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at + sought.len() <= bytes.len() {
        if bytes[at..].starts_with(sought) {
            found.push(starts[at]..starts[at + sought.len()]);
            at += sought.len();
        } else {
            at += 1;
        }
    }
    found
}

fn json(text: &[u8]) -> (u8, usize) {
    match text {
        [b'\\', b'u', b'0', b'0', high, low, ..] => hex(&[*high, *low]).map(|byte| (byte, 6)),
        [b'\\', escaped @ (b'/' | b'"' | b'\\'), ..] => Some((*escaped, 2)),
        _ => None,
    }
    .unwrap_or((text[0], 1))
}

fn url(text: &[u8]) -> (u8, usize) {
    match text {
        [b'%', high, low, ..] => hex(&[*high, *low]).map(|byte| (byte, 3)),
        _ => None,
    }
    .unwrap_or((text[0], 1))
}

fn html(text: &[u8]) -> (u8, usize) {
    /// "&#x27;" and longer ones with zeros.
    const LONGEST: usize = 10;
    let entity = || {
        let rest = text.strip_prefix(b"&")?;
        let length = rest.iter().take(LONGEST).position(|byte| *byte == b';')?;
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
    };
    entity().unwrap_or((text[0], 1))
}

fn hex(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}
