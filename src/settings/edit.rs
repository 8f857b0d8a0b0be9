//! Sets and removes keys in the file's own text. Comments, order, line endings and whatever lexbot doesn't know stay.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use toml::Table;
use toml::de::DeTable;
use toml_edit::{DocumentMut, InlineTable, Item, TableLike, Value};

use super::document::{Document, header};
use super::precedence::DEFAULT_PROFILE;
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
    edit(&document.text, profile, is_new, keys).ok_or_else(|| unusual(document, profile, &names))
}

/// The text of `document` with `name` as its `default_profile`.
pub(crate) fn set_default_profile(document: &Document, name: &str) -> Result<String, CliError> {
    let key = DEFAULT_PROFILE.name;
    let (mark, toml, newline) = layout(&document.text);
    if !document.has_default_profile() {
        let gap = if toml.is_empty() { "" } else { newline };
        let value = Value::from(name);
        return Ok(format!("{mark}{key} = {value}{newline}{gap}{toml}"));
    }
    let edited = toml.parse().ok().and_then(|mut edited: DocumentMut| {
        set(edited.as_table_mut(), key, name.into())?;
        Some(rendered(&document.text, &edited))
    });
    edited.ok_or_else(|| {
        CliError::configuration(format!(
            "{key} in {} must be a string",
            document.path.display()
        ))
        .hint("correct it in an editor")
    })
}

/// The text of `document` without its `default_profile`.
pub(crate) fn remove_default_profile(document: &Document) -> String {
    let path = [DEFAULT_PROFILE.name];
    remove(&document.text, &document.table, &path).unwrap_or_else(|| document.text.clone())
}

/// The text of `document` without `keys` in `profile`.
pub(crate) fn remove_keys(
    document: &Document,
    profile: &str,
    keys: &[&str],
) -> Result<String, CliError> {
    let mut text = document.text.clone();
    for key in keys {
        let removed = text
            .parse()
            .ok()
            .and_then(|table| remove(&text, &table, &["profiles", profile, key]));
        text = removed.ok_or_else(|| unusual(document, profile, keys))?;
    }
    Ok(text)
}

fn unusual(document: &Document, profile: &str, keys: &[&str]) -> CliError {
    CliError::configuration(format!(
        "cannot edit profile \"{profile}\" in {}: it is written in an unusual way",
        document.path.display()
    ))
    .hint(format!(
        "write it as a table of its own, {}, or change {} in an editor",
        header(profile),
        keys.join(", ")
    ))
}

fn edit(text: &str, profile: &str, is_new: bool, keys: &[(&str, Value)]) -> Option<String> {
    let (_, toml, newline) = layout(text);
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
    Some(rendered(text, &document))
}

/// `text`, which means `table`, without the key at `path`.
fn remove(text: &str, table: &Table, path: &[&str]) -> Option<String> {
    let (mark, toml, newline) = layout(text);
    let mut wanted = table.clone();
    let (key, parents) = path.split_last()?;
    let mut parent = &mut wanted;
    for name in parents {
        parent = parent.get_mut(*name)?.as_table_mut()?;
    }
    parent.remove(*key)?;
    // A key has lines of its own, unless it is in an inline table. Cutting them keeps the comments before it.
    let span = span_of(DeTable::parse(toml).ok()?.get_ref(), path)?;
    let start = toml[..span.start].rfind('\n').map_or(0, |end| end + 1);
    let end = toml[span.end..]
        .find('\n')
        .map_or(toml.len(), |length| span.end + length + 1);
    let (before, mut after) = (&toml[..start], &toml[end..]);
    if before.is_empty() {
        // The line between the keys at the top and the first table.
        after = after.strip_prefix(newline).unwrap_or(after);
    }
    let cut = format!("{mark}{before}{after}");
    let is_right = |table| without_empty(table, parents) == without_empty(wanted, parents);
    if cut.parse().is_ok_and(is_right) {
        return Some(cut);
    }
    let mut document: DocumentMut = toml.parse().ok()?;
    let mut parent: &mut dyn TableLike = document.as_table_mut();
    for name in parents {
        parent = parent.get_mut(name)?.as_table_like_mut()?;
    }
    parent.remove(key)?;
    Some(rendered(text, &document))
}

/// What `table` means, as text because NaN isn't equal to itself. An empty profile, which the last of several dotted keys
/// leaves behind, means nothing.
fn without_empty(mut table: Table, profile: &[&str]) -> String {
    if let [profiles, name] = profile
        && let Some(all) = table.get_mut(*profiles).and_then(toml::Value::as_table_mut)
    {
        let profile = all.get(*name).and_then(toml::Value::as_table);
        if profile.is_some_and(Table::is_empty) {
            all.remove(*name);
        }
        if all.is_empty() {
            table.remove(*profiles);
        }
    }
    format!("{table:?}")
}

/// Where the key at `path` and its value are.
fn span_of(table: &DeTable, path: &[&str]) -> Option<Range<usize>> {
    let (name, rest) = path.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
    if rest.is_empty() {
        return Some(key.span().start..value.span().end);
    }
    span_of(value.get_ref().as_table()?, rest)
}

/// The byte order mark of `text`, the rest of it, and how its lines end.
fn layout(text: &str) -> (&str, &str, &'static str) {
    let toml = text.trim_start_matches(BYTE_ORDER_MARK);
    let newline = if toml.contains("\r\n") { "\r\n" } else { "\n" };
    (&text[..text.len() - toml.len()], toml, newline)
}

/// The text of `document`, which was `text` before. `toml_edit` drops the byte order mark, turns most line endings into line
/// feeds, and ends the last line.
fn rendered(text: &str, document: &DocumentMut) -> String {
    let (mark, toml, newline) = layout(text);
    let mut edited = restore_line_endings(toml, &document.to_string(), newline);
    if !toml.ends_with('\n') {
        edited.pop();
        edited.truncate(edited.trim_end_matches('\r').len());
    }
    format!("{mark}{edited}")
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
