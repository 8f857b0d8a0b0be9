//! Input that isn't JSON at all: it is named, and the command in the hint converts it. `windows` tests the hints for
//! PowerShell.

use crate::example::{PLAIN, body, line};
use crate::support::{Home, Reply, Run, Server, lexbot, program, requires};

/// A table as spreadsheets export it: with a byte order mark, quotes, an empty cell and a column of their own.
const TABLE: &str = "\u{feff}Row,object_id,published_at,\"account_id\"\r\n1,m_1,1458692752478,77\r\n2,\"m_2\",\"2017-08-01T05:29:44Z\",\r\n";

fn claim(file: &str, home: &Home) -> Run {
    lexbot(["claim", "--account-id", "77", "-i", file])
        .args(PLAIN)
        .home(home)
        .summary_aside()
}

fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

/// Asserts that `file` is refused as `what`, and is read after the command in the hint.
#[track_caller]
fn assert_converts(file: &str, content: &[u8], what: &str, needs: &str) -> Vec<String> {
    let home = Home::new();
    home.write(file, content);
    let server = Server::always(Reply::created());
    let output = claim(file, &home)
        .server(&server)
        .stderr_like(format!(
            "error: cannot read {file}: it is {what}\nhint: convert it, and read m.converted.json:\n      {needs} [..]\n"
        ))
        .code(3)
        .run();
    if !requires(needs) {
        return Vec::new();
    }
    let command = output.stderr.lines().last().unwrap_or_default();
    program("sh", ["-c", command]).home(&home).run();
    server.received([]);
    claim("m.converted.json", &home)
        .server(&server)
        .stdout_like("...")
        .run();
    let bodies = server.requests();
    bodies
        .iter()
        .map(|request| request.text().to_owned())
        .collect()
}

#[test]
fn a_table_is_converted() {
    let row = |number: &str| format!(",\"Row\":\"{number}\"}}");
    let first = body("m_1").replace('}', &row("1"));
    let second = body("m_2")
        .replace('}', &row("2"))
        .replace("1458692752478", "\"2017-08-01T05:29:44Z\"");
    for separator in [",", ";", "\t"] {
        let table = TABLE.replace(',', separator);
        let what = "a CSV table, and lexbot reads JSON";
        let sent = assert_converts("m.csv", table.as_bytes(), what, "python3");
        if !sent.is_empty() {
            assert_eq!(sent, [&*first, &*second]);
        }
    }
}

#[test]
fn utf_16_is_converted() {
    let line = line("m_ü");
    let what = "text in UTF-16, and lexbot reads UTF-8";
    for (content, to_bytes) in [
        (
            format!("\u{feff}{line}\r\n"),
            u16::to_le_bytes as fn(u16) -> [u8; 2],
        ),
        (format!("\u{feff}{line}"), u16::to_be_bytes),
    ] {
        let content = utf_16(&content, to_bytes);
        let sent = assert_converts("m.txt", &content, what, "iconv");
        if !sent.is_empty() {
            assert_eq!(sent, [body("m_ü")]);
        }
    }
}
