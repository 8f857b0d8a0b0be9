//! Tables of cases in text: a line for each row, with `|` between the columns. Blank lines only divide a table.

/// The rows of `table`, each with `N` columns. White space around a column doesn't count.
pub(crate) fn rows<const N: usize>(table: &str) -> impl Iterator<Item = [&str; N]> {
    let lines = table.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| {
        let columns: Vec<&str> = line.splitn(N, '|').map(str::trim).collect();
        <[&str; N]>::try_from(columns).unwrap_or_else(|_| panic!("not {N} columns: {line}"))
    })
}

/// `text` with its escapes written out: `\r`, `\n`, `\0`, `\\`, and `\x` with two hexadecimal digits.
pub(crate) fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend(before.as_bytes());
        let (escape, others) = after.split_at(if after.starts_with('x') { 3 } else { 1 });
        bytes.push(match escape {
            "r" => b'\r',
            "n" => b'\n',
            "0" => 0,
            "\\" => b'\\',
            _ => u8::from_str_radix(&escape[1..], 16).expect("two hexadecimal digits"),
        });
        rest = others;
    }
    bytes.extend(rest.as_bytes());
    bytes
}
