//! Recognises files that spreadsheets and Windows programs write in place of JSON, by their first bytes.

use std::fmt;
use std::path::Path;

use crate::shell;

/// The columns that an export of messages has, at least one of them.
const COLUMNS: [&str; 3] = ["object_id", "published_at", "account_id"];

/// A format that isn't JSON in UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ForeignFormat {
    /// UTF-16, by its name for iconv.
    Utf16(&'static str),
    /// A table with this separator.
    Csv(char),
}

impl ForeignFormat {
    /// The format of an input with these first bytes.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Some(Self::Utf16("UTF-16")),
            [0, 1..=255, 0, 1..=255, ..] => return Some(Self::Utf16("UTF-16BE")),
            [1..=255, 0, 1..=255, 0, ..] => return Some(Self::Utf16("UTF-16LE")),
            _ => {}
        }
        let text = String::from_utf8_lossy(start);
        let header = text.trim_start_matches('\u{feff}').lines().next()?;
        if header.starts_with(['{', '[']) {
            return None;
        }
        [',', ';', '\t'].into_iter().find_map(|separator| {
            let names = header
                .split(separator)
                .map(|name| name.trim().trim_matches('"'));
            let is_name = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
            // A line of text may name a column, too, but it isn't a list of names.
            let is_header = header.contains(separator)
                && names.clone().all(is_name)
                && names.clone().any(|name| COLUMNS.contains(&name));
            is_header.then_some(Self::Csv(separator))
        })
    }

    /// The command that converts the file at `path`, or standard input if that is "-".
    pub(crate) fn conversion(self, path: &Path) -> String {
        let from = shell::word(&path.to_string_lossy()).into_owned();
        let to = path.with_extension("converted.json");
        let to = shell::word(&to.to_string_lossy()).into_owned();
        let command = self.command();
        if from == "-" && cfg!(windows) && matches!(self, Self::Utf16(_)) {
            "send UTF-8 from PowerShell:\n$OutputEncoding = [Text.UTF8Encoding]::new()".to_owned()
        } else if from == "-" {
            format!("convert it on its way:\n… | {command} | lexbot …")
        } else if cfg!(windows) {
            format!(
                "convert it in PowerShell, and read {to}:\n{}",
                self.power_shell(&from, &to)
            )
        } else {
            format!("convert it, and read {to}:\n{command} < {from} > {to}")
        }
    }

    /// A filter for a POSIX shell.
    fn command(self) -> String {
        match self {
            Self::Utf16(name) => format!("iconv -f {name} -t UTF-8"),
            Self::Csv(separator) => format!(
                "python3 -c 'import csv, json, sys; sys.stdin.reconfigure(encoding=\"utf-8-sig\"); \
                 [print(json.dumps({{k: v for k, v in row.items() if k and v}})) \
                 for row in csv.DictReader(sys.stdin, delimiter={:?}, skipinitialspace=True)]'",
                separator.to_string()
            ),
        }
    }

    fn power_shell(self, from: &str, to: &str) -> String {
        match self {
            Self::Utf16(name) => {
                let encoding = if name == "UTF-16BE" {
                    "BigEndianUnicode"
                } else {
                    "Unicode"
                };
                format!("Get-Content {from} -Encoding {encoding} | Set-Content {to} -Encoding UTF8")
            }
            Self::Csv(separator) => {
                let delimiter = separator.to_string().replace('\t', "`t");
                format!(
                    "Import-Csv {from} -Delimiter \"{delimiter}\" | ConvertTo-Json | Set-Content {to} -Encoding UTF8"
                )
            }
        }
    }
}

/// What it is, to follow the name of the input.
impl fmt::Display for ForeignFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf16(_) => "it is text in UTF-16, and lexbot reads UTF-8",
            Self::Csv(_) => "it is a CSV table, and lexbot reads JSON",
        })
    }
}

impl std::error::Error for ForeignFormat {}
