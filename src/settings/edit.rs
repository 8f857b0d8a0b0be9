//! Sets and removes keys in the file's own text. Comments, order, line endings and whatever lexbot doesn't know stay.
//!
//! The parser says where a key is; only that part of the text changes. The result is parsed again and used only if it
//! means what it should.

use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::document::{Document, header};
use crate::error::CliError;

const BYTE_ORDER_MARK: char = '\u{feff}';

impl Document {
    /// The document with `value` at `path`, which is a key at the top or one of a profile. No key of lexbot needs quotes.
    pub(crate) fn set(&self, path: &[&str], value: &Value) -> Result<Self, CliError> {
        self.changed(path, Some(value))
    }

    /// The document without the key at `path`.
    pub(crate) fn remove(&self, path: &[&str]) -> Result<Self, CliError> {
        self.changed(path, None)
    }

    fn changed(&self, path: &[&str], value: Option<&Value>) -> Result<Self, CliError> {
        if let [_, profile, _] = path {
            self.profile(profile)?;
        }
        let toml = self.text.trim_start_matches(BYTE_ORDER_MARK);
        let mark = &self.text[..self.text.len() - toml.len()];
        let changed = match value {
            Some(value) => with_key(toml, path, &value.to_string()),
            None => without_key(toml, path),
        };
        let is_right = |changed: &Document| {
            let (mut before, mut after) = (self.table.clone(), changed.table.clone());
            take(&mut before, path);
            // As texts, because NaN isn't equal to itself.
            take(&mut after, path).as_ref() == value
                && format!("{before:?}") == format!("{after:?}")
        };
        changed
            .and_then(|toml| Document::parse(&self.path, &format!("{mark}{toml}")).ok())
            .filter(is_right)
            .ok_or_else(|| {
                let (key, path) = (path.join("."), self.path.display());
                CliError::configuration(format!(
                    "cannot change {key} in {path}: it is written in an unusual way"
                ))
                .hint("change it in an editor, or write the profile as a table of its own, such as [profiles.acme]")
            })
    }
}

/// Removes the key at `path`, and the tables that are empty without it: a table appears with the first of several dotted
/// keys, and disappears with the last.
fn take(table: &mut Table, path: &[&str]) -> Option<Value> {
    let (name, rest) = path.split_first()?;
    if rest.is_empty() {
        return table.remove(*name);
    }
    let inner = table.get_mut(*name)?.as_table_mut()?;
    let value = take(inner, rest);
    if inner.is_empty() {
        table.remove(*name);
    }
    value
}

/// Where the name and the value at `path` are, and the value itself.
fn find<'a>(
    table: &'a DeTable<'a>,
    path: &[&str],
) -> Option<(Range<usize>, &'a Spanned<DeValue<'a>>)> {
    let (name, rest) = path.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
    match rest {
        [] => Some((key.span().start..value.span().end, value)),
        _ => find(value.get_ref().as_table()?, rest),
    }
}

/// `toml` with `value` at `path`.
fn with_key(toml: &str, path: &[&str], value: &str) -> Option<String> {
    let root = DeTable::parse(toml).ok()?;
    if let Some((_, old)) = find(root.get_ref(), path) {
        return Some(replace(toml, old.span(), value));
    }
    let newline = newline_of(toml);
    let (key, parents) = path.split_last()?;
    let entry = format!("{key} = {value}");
    let Some(profile) = parents.last() else {
        let gap = if toml.is_empty() { "" } else { newline };
        return Some(format!("{entry}{newline}{gap}{toml}"));
    };
    let table = find(root.get_ref(), parents).map(|(_, table)| table);
    let Some(before) = table.and_then(|table| last_entry(toml, table)) else {
        let gap = match toml {
            "" => "",
            _ if toml.ends_with('\n') => newline,
            _ => &newline.repeat(2),
        };
        let header = header(profile);
        return Some(format!("{toml}{gap}{header}{newline}{entry}{newline}"));
    };
    // What stands before the name of a key: white space, or the profile's name if keys are dotted.
    let prefix = &toml[line_start(toml, before.start)..before.start];
    let rest = &toml[before.end..];
    let at = before.end + rest.find(['\r', '\n']).unwrap_or(rest.len());
    Some(replace(toml, at..at, &format!("{newline}{prefix}{entry}")))
}

/// Where the last key of `table` and its value are, or the table's header if it has no keys of its own.
fn last_entry(toml: &str, table: &Spanned<DeValue>) -> Option<Range<usize>> {
    let entries = table.get_ref().as_table()?.iter();
    // A table with a header of its own comes after the keys.
    let is_inside = |value: &Spanned<DeValue>| {
        !value.get_ref().is_table() || toml[value.span()].starts_with('{')
    };
    let entries = entries.filter(|(_, value)| is_inside(value));
    let last = entries.map(|(name, value)| name.span().start..value.span().end);
    let header = Some(table.span()).filter(|header| toml[header.clone()].starts_with('['));
    last.max_by_key(|entry| entry.end).or(header)
}

/// `toml` without the lines of the key at `path`. The comments before it stay.
fn without_key(toml: &str, path: &[&str]) -> Option<String> {
    let root = DeTable::parse(toml).ok()?;
    let (entry, _) = find(root.get_ref(), path)?;
    let start = line_start(toml, entry.start);
    let rest = &toml[entry.end..];
    let mut rest = &rest[rest.find('\n').map_or(rest.len(), |at| at + 1)..];
    if start == 0 {
        // The line between the keys at the top and the first table.
        rest = rest.strip_prefix(newline_of(toml)).unwrap_or(rest);
    }
    Some(format!("{}{rest}", &toml[..start]))
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn newline_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// `text` with `new` in place of `range`.
fn replace(text: &str, range: Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}

#[cfg(test)]
mod tests;
