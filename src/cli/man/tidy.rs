//! Makes one page of the pieces that clap_mangen and roff render, as `mandoc -Tlint` wants it.

use std::fmt::Write as _;

/// What roff's renderer puts before each piece, and one page needs once.
const PREAMBLE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// How clap_mangen begins a list of values, and the same without breaks that have no effect.
const VALUES: [&str; 2] = ["\n.br\n\n.br\n", "\n.sp\n"];

/// The longest line of text that `mandoc` likes.
const WIDTH: usize = 80;

/// `pieces` as one page.
pub(super) fn tidy(pieces: &str) -> String {
    let text = pieces
        .replace(PREAMBLE, "")
        .replace(VALUES[0], VALUES[1])
        // A tilde by itself is an accent.
        .replace('~', r"\(ti");
    let mut page = PREAMBLE.to_owned();
    let mut in_options = false;
    let mut as_it_is = false;
    let mut macro_before = "";
    for line in text.lines() {
        let group = line.strip_prefix(".SH ").filter(|_| in_options);
        match (line, group) {
            (".SH \"EXIT STATUS\"" | ".SH COMMANDS", _) => in_options = false,
            (".SH OPTIONS", _) => in_options = true,
            (".nf", _) => as_it_is = true,
            (".fi", _) => as_it_is = false,
            // clap_mangen makes each group of options a section, in capitals.
            (_, Some(name)) => {
                let name = name.trim_matches('"');
                let _ = writeln!(page, ".SS \"{}{}\"", &name[..1], name[1..].to_lowercase());
                continue;
            }
            _ => {}
        }
        let is_text = !line.starts_with('.') && macro_before != ".TP" && !as_it_is;
        if is_text {
            push_wrapped(line, &mut page);
        } else {
            page.push_str(line);
            page.push('\n');
        }
        macro_before = line;
    }
    page
}

fn push_wrapped(line: &str, page: &mut String) {
    let mut width = 0;
    for word in line.split(' ') {
        // At the start of a line, a period begins a macro.
        if width > 0 && (width + 1 + word.len() <= WIDTH || word.starts_with('.')) {
            page.push(' ');
            width += 1;
        } else if width > 0 {
            page.push('\n');
            width = 0;
        }
        page.push_str(word);
        width += word.len();
    }
    page.push('\n');
}
