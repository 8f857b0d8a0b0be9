//! Sets keys of a profile in the file's own text. Comments, order, line endings and whatever lexbot doesn't know stay.

use std::collections::{HashMap, VecDeque};

use toml_edit::{DocumentMut, InlineTable, Item, TableLike, Value};

use super::document::{Document, header};
use crate::error::CliError;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of `document` with each of `keys` set in `profile`.
pub(crate) fn set_keys(
    document: &Document,
    profile: &str,
    keys: &[(&str, Value)],
) -> Result<String, CliError> {
    let is_new = document.profile(profile)?.is_none();
    let names: Vec<_> = keys.iter().map(|(key, _)| *key).collect();
    edit(&document.text, profile, is_new, keys).ok_or_else(|| {
        CliError::configuration(format!(
            "cannot edit profile \"{profile}\" in {}: it is written in an unusual way",
            document.path.display()
        ))
        .hint(format!(
            "write it as a table of its own, {}, or set {} in an editor",
            header(profile),
            names.join(", ")
        ))
    })
}

fn edit(text: &str, profile: &str, is_new: bool, keys: &[(&str, Value)]) -> Option<String> {
    let toml = text.trim_start_matches(BYTE_ORDER_MARK);
    let newline = if toml.contains("\r\n") { "\r\n" } else { "\n" };
    let mut document: DocumentMut = toml.parse().ok()?;
    let profiles = document.get_mut("profiles");
    let Some(profiles) = profiles.filter(|profiles| !is_new || profiles.is_inline_table()) else {
        let table = new_table(toml, profile, keys).replace('\n', newline);
        return Some(format!("{text}{table}"));
    };
    let new = Item::Value(InlineTable::new().into());
    let table = profiles.as_table_like_mut()?.entry(profile).or_insert(new);
    for (key, value) in keys {
        set(table.as_table_like_mut()?, key, value.clone())?;
    }
    // toml_edit drops the byte order mark, turns most line endings into line feeds, and ends the last line.
    let mark = &text[..text.len() - toml.len()];
    let mut edited = restore_line_endings(toml, &document.to_string(), newline);
    if !toml.ends_with('\n') {
        edited.pop();
        edited.truncate(edited.trim_end_matches('\r').len());
    }
    Some(format!("{mark}{edited}"))
}

/// `edited` with the endings that its lines have in `original`; new lines end with `newline`.
fn restore_line_endings(original: &str, edited: &str, newline: &str) -> String {
    let split = |line| {
        let text = str::trim_end_matches(line, ['\r', '\n']);
        line.split_at(text.len())
    };
    let mut endings: HashMap<&str, VecDeque<&str>> = HashMap::new();
    for (text, ending) in original.split_inclusive('\n').map(split) {
        endings.entry(text).or_default().push_back(ending);
    }
    let mut ending_of = |text| endings.get_mut(text)?.pop_front();
    let lines = edited.split_inclusive('\n').map(split);
    lines
        .flat_map(|(text, _)| {
            let ending = ending_of(text).filter(|ending| !ending.is_empty());
            [text, ending.unwrap_or(newline)]
        })
        .collect()
}

/// The table of a new profile, to follow `toml`.
fn new_table(toml: &str, profile: &str, keys: &[(&str, Value)]) -> String {
    let gap = match toml {
        "" => "",
        _ if toml.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let start = format!("{gap}{}\n", header(profile));
    keys.iter().fold(start, |table, (key, value)| {
        format!("{table}{key} = {value}\n")
    })
}

/// Sets `key`; white space and a comment around an old value stay. None if the old value is a table.
fn set(profile: &mut dyn TableLike, key: &str, mut value: Value) -> Option<()> {
    match profile.get_mut(key) {
        Some(old) => {
            let old = old.as_value_mut()?;
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            profile.insert(key, value.into());
        }
    }
    Some(())
}

#[cfg(test)]
mod tests;
