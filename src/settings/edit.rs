//! Sets and removes keys in the file's own text. Comments, order, line endings and whatever lexbot doesn't know stay.
//!
//! The parser says where a key is; only that part of the text changes. The result is parsed again and used only if it
//! means what it should.

use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::document::{Document, header, quoted_key};
use crate::error::CliError;

const BYTE_ORDER_MARK: char = '\u{feff}';

impl Document {
    /// The document with `value` at `path`, which is a key at the top or one of a profile.
    pub(crate) fn set(self, path: &[&str], value: &Value) -> Result<Self, CliError> {
        if let [_, profile, _] = path {
            self.profile(profile)?;
        }
        let mut wanted = self.table.clone();
        let edited = insert(&mut wanted, path, value)
            .and_then(|()| self.replaced(&wanted, |toml| with_key(toml, path, &value.to_string())));
        edited.ok_or_else(|| self.unusual(path))
    }

    /// The document without the key at `path`.
    pub(crate) fn remove(self, path: &[&str]) -> Result<Self, CliError> {
        let mut wanted = self.table.clone();
        let edited = parent_of(&mut wanted, path)
            .and_then(|(parent, key)| parent.remove(key))
            .and_then(|_| self.replaced(&wanted, |toml| without_key(toml, path)));
        edited.ok_or_else(|| self.unusual(path))
    }

    /// The document after `edit`, if it then means `wanted`.
    fn replaced(
        &self,
        wanted: &Table,
        edit: impl FnOnce(&str) -> Option<String>,
    ) -> Option<Document> {
        let toml = self.text.trim_start_matches(BYTE_ORDER_MARK);
        let mark = &self.text[..self.text.len() - toml.len()];
        let edited = Document::parse(&self.path, &format!("{mark}{}", edit(toml)?)).ok()?;
        (meaning(&edited.table) == meaning(wanted)).then_some(edited)
    }

    fn unusual(&self, path: &[&str]) -> CliError {
        let (what, hint) = match path {
            [_, profile, key] => (
                format!("profile \"{profile}\""),
                format!(
                    "write it as a table of its own, {}, or change {key} in an editor",
                    header(profile)
                ),
            ),
            _ => (path.join("."), "change it in an editor".to_owned()),
        };
        CliError::configuration(format!(
            "cannot edit {what} in {}: it is written in an unusual way",
            self.path.display()
        ))
        .hint(hint)
    }
}

/// The table that the key at `path` belongs to, and its name there. Creates missing tables.
fn parent_of<'t, 'p>(table: &'t mut Table, path: &[&'p str]) -> Option<(&'t mut Table, &'p str)> {
    let (key, parents) = path.split_last()?;
    let parent = parents.iter().try_fold(table, |table, name| {
        let table = table.entry(*name).or_insert_with(|| Table::new().into());
        table.as_table_mut()
    })?;
    Some((parent, key))
}

fn insert(table: &mut Table, path: &[&str], value: &Value) -> Option<()> {
    let (parent, key) = parent_of(table, path)?;
    parent.insert(key.to_owned(), value.clone());
    Some(())
}

/// What `table` means, as text because NaN isn't equal to itself. An empty profile, which the last of several dotted keys
/// leaves behind, means nothing.
fn meaning(table: &Table) -> String {
    let mut table = table.clone();
    if let Some(profiles) = table.get_mut("profiles").and_then(Value::as_table_mut) {
        profiles.retain(|_, profile| profile.as_table().is_none_or(|keys| !keys.is_empty()));
        if profiles.is_empty() {
            table.remove("profiles");
        }
    }
    format!("{table:?}")
}

/// A name and its value, each with its place in the text.
type Entry<'a> = (
    &'a Spanned<toml::de::DeString<'a>>,
    &'a Spanned<DeValue<'a>>,
);

/// The entry at `path`.
fn find<'a>(table: &'a DeTable<'a>, path: &[&str]) -> Option<Entry<'a>> {
    let (name, rest) = path.split_first()?;
    let entry = table.iter().find(|(key, _)| key.get_ref() == name)?;
    match rest {
        [] => Some(entry),
        _ => find(entry.1.get_ref().as_table()?, rest),
    }
}

/// Whether `value` is a table in braces, which may stand within a line.
fn is_inline(toml: &str, value: &Spanned<DeValue>) -> bool {
    value.get_ref().is_table() && toml[value.span()].starts_with('{')
}

/// `toml` with `value` at `path`.
fn with_key(toml: &str, path: &[&str], value: &str) -> Option<String> {
    let root = DeTable::parse(toml).ok()?;
    if let Some((_, old)) = find(root.get_ref(), path) {
        return Some(replace(toml, old.span(), value));
    }
    let newline = newline_of(toml);
    let (key, parents) = path.split_last()?;
    let entry = format!("{} = {value}", quoted_key(key));
    let Some((profile, above)) = parents.split_last() else {
        let gap = if toml.is_empty() { "" } else { newline };
        return Some(format!("{entry}{newline}{gap}{toml}"));
    };
    let parent = find(root.get_ref(), parents).map(|(_, parent)| parent);
    let is_in_inline = |(_, above): Entry| is_inline(toml, above);
    if parent.is_none() && find(root.get_ref(), above).is_some_and(is_in_inline) {
        return with_key(toml, parents, &format!("{{ {entry} }}"));
    }
    let entries = parent.and_then(|parent| parent.get_ref().as_table());
    let last = entries
        .into_iter()
        .flat_map(DeTable::iter)
        .filter(|(_, value)| !value.get_ref().is_table() || is_inline(toml, value))
        .max_by_key(|(_, value)| value.span().end);
    let line_end = |at| {
        toml[at..]
            .find(['\r', '\n'])
            .map_or(toml.len(), |length| at + length)
    };
    let (at, text) = match (parent, last) {
        (Some(parent), None) if is_inline(toml, parent) => {
            (parent.span().start + 1, format!(" {entry} "))
        }
        (Some(parent), Some((_, last))) if is_inline(toml, parent) => {
            (last.span().end, format!(", {entry}"))
        }
        (Some(_), Some((name, last))) => {
            let prefix = &toml[line_start(toml, name.span().start)..name.span().start];
            (
                line_end(last.span().end),
                format!("{newline}{prefix}{entry}"),
            )
        }
        (Some(parent), None) if toml[parent.span()].starts_with('[') => {
            (line_end(parent.span().end), format!("{newline}{entry}"))
        }
        _ => {
            let gap = match toml {
                "" => "",
                _ if toml.ends_with('\n') => newline,
                _ => &newline.repeat(2),
            };
            let table = format!("{gap}{}{newline}{entry}{newline}", header(profile));
            (toml.len(), table)
        }
    };
    Some(replace(toml, at..at, &text))
}

/// `toml` without the key at `path`.
fn without_key(toml: &str, path: &[&str]) -> Option<String> {
    let root = DeTable::parse(toml).ok()?;
    let (name, value) = find(root.get_ref(), path)?;
    let (start, end) = (name.span().start, value.span().end);
    let parent = find(root.get_ref(), &path[..path.len() - 1]).map(|(_, parent)| parent);
    if let Some(parent) = parent.filter(|parent| is_inline(toml, parent)) {
        let entries = || {
            parent
                .get_ref()
                .as_table()
                .into_iter()
                .flat_map(DeTable::iter)
        };
        let next = entries().map(|(name, _)| name.span().start);
        let previous = entries().map(|(_, value)| value.span().end);
        let next = next.filter(|next| *next > start).min();
        let previous = previous.filter(|previous| *previous < start).max();
        let range = match (next, previous) {
            (Some(next), _) => start..next,
            (None, previous) => previous.unwrap_or(start)..end,
        };
        return Some(replace(toml, range, ""));
    }
    // The key has lines of its own. Cutting them keeps the comments before it.
    let start = line_start(toml, start);
    let mut end = toml[end..]
        .find('\n')
        .map_or(toml.len(), |length| end + length + 1);
    if start == 0 && toml[end..].starts_with(newline_of(toml)) {
        // The line between the keys at the top and the first table.
        end += newline_of(toml).len();
    }
    Some(replace(toml, start..end, ""))
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
