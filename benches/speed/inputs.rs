//! Input for the programs: messages, webhook payloads, and the same messages for curl.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// The `number`th message as a line of JSON.
pub(crate) fn message(number: usize) -> String {
    format!(
        r#"{{"object_id":"m_{number:08}","published_at":1458692752478,"account_id":"112233445566"}}"#
    ) + "\n"
}

/// The `number`th webhook payload as a line of JSON: one text message, with the fields that Messenger adds.
pub(crate) fn payload(number: usize) -> String {
    format!(
        concat!(
            r#"{{"object":"page","entry":[{{"id":"112233445566","time":1458692752478,"messaging":[{{"#,
            r#""sender":{{"id":"9988776655443322"}},"recipient":{{"id":"112233445566"}},"timestamp":1458692752478,"#,
            r#""message":{{"mid":"m_{:08}","text":"hello, do you have it in blue?","quick_reply":{{"payload":"BLUE"}}}}"#,
            r#"}}]}}]}}"#,
            "\n"
        ),
        number
    )
}

/// Writes `count` lines to `path`.
pub(crate) fn write(
    path: &Path,
    count: usize,
    line: impl Fn(usize) -> String,
) -> std::io::Result<()> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    for number in 0..count {
        file.write_all(line(number).as_bytes())?;
    }
    file.flush()
}

/// A curl configuration file that sends `count` messages to `url`, and sends and prints what lexbot would.
///
/// Every message repeats all options, because curl forgets them after `next`.
pub(crate) fn curl_config(url: &str, token: &str, trusted: Option<&Path>, count: usize) -> String {
    let cacert = trusted.map_or(String::new(), |path| {
        format!("cacert = \"{}\"\n", path.display())
    });
    let mut text = String::new();
    for number in 0..count {
        let body = message(number).trim_end().replace('"', "\\\"");
        // Writing to a string can't fail.
        let _ = write!(
            text,
            "url = \"{url}\"\n{cacert}silent\noutput = /dev/null\nwrite-out = \"%{{http_code}} m_{number:08}\\n\"\n\
             header = \"Content-Type: application/json\"\nheader = \"Auth-Api-Token: {token}\"\n\
             data = \"{body}\"\nnext\n"
        );
    }
    text.truncate(text.len() - "next\n".len());
    text
}
