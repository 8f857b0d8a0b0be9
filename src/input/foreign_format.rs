//! Recognises files that spreadsheets and Windows programs write in place of JSON, by their first bytes.

use std::fmt;
use std::path::Path;

use crate::shell;

/// The columns that an export of messages has, at least one of them.
const COLUMNS: [&str; 3] = ["object_id", "published_at", "account_id"];

/// A format that isn't JSON in UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ForeignFormat {
    /// UTF-16, with its byte order mark.
    Utf16,
    /// A table with this separator.
    Csv(char),
}

impl ForeignFormat {
    /// The format of an input with these first bytes.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = start {
            return Some(Self::Utf16);
        }
        let text = String::from_utf8_lossy(start);
        let header = text.trim_start_matches('\u{feff}').lines().next()?;
        let separator = [',', ';', '\t'].into_iter().find(|separator| {
            let names = header.split(*separator);
            let names: Vec<_> = names.map(|name| name.trim().trim_matches('"')).collect();
            // A line of text may name a column, too, but it isn't a list of names.
            let is_name = |name: &&str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
            let is_column = |name: &&str| COLUMNS.contains(name);
            names.len() > 1 && names.iter().all(is_name) && names.iter().any(is_column)
        });
        separator.map(Self::Csv)
    }

    /// The command that converts the file at `path`, or standard input if that is "-".
    pub(crate) fn conversion(self, path: &Path) -> String {
        let word = |path: &Path| shell::word(&path.to_string_lossy()).into_owned();
        let (from, to) = (word(path), word(&path.with_extension("converted.json")));
        if cfg!(windows) && from == "-" && self == Self::Utf16 {
            return "send UTF-8 from PowerShell:\n$OutputEncoding = [Text.UTF8Encoding]::new()"
                .to_owned();
        }
        if cfg!(windows) && from != "-" {
            let read = match self {
                Self::Utf16 => format!("Get-Content {from}"),
                Self::Csv(separator) => {
                    let delimiter = separator.to_string().replace('\t', "`t");
                    format!("Import-Csv {from} -Delimiter \"{delimiter}\" | ConvertTo-Json")
                }
            };
            return format!(
                "convert it in PowerShell, and read {to}:\n{read} | Set-Content {to} -Encoding UTF8"
            );
        }
        let filter = match self {
            Self::Utf16 => "iconv -f UTF-16 -t UTF-8".to_owned(),
            Self::Csv(separator) => format!(
                "python3 -c 'import csv, json, sys; sys.stdin.reconfigure(encoding=\"utf-8-sig\"); \
                 [print(json.dumps({{k: v for k, v in row.items() if k and v}})) \
                 for row in csv.DictReader(sys.stdin, delimiter={:?}, skipinitialspace=True)]'",
                separator.to_string()
            ),
        };
        if from == "-" {
            format!("convert it on its way:\n… | {filter} | lexbot …")
        } else {
            format!("convert it, and read {to}:\n{filter} < {from} > {to}")
        }
    }
}

/// Says what the input is, to follow its name.
impl fmt::Display for ForeignFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf16 => "it is text in UTF-16, and lexbot reads UTF-8",
            Self::Csv(_) => "it is a CSV table, and lexbot reads JSON",
        })
    }
}

impl std::error::Error for ForeignFormat {}
