//! Sets keys of a profile in the file's own text. Every byte that isn't the value of such a key stays as it
//! is: comments, order, line endings, and whatever lexbot doesn't know.
//!
//! The parser says where things stand; the text is cut and put together here, since `toml_edit`'s own
//! printing moves comments and changes line endings.

use std::path::Path;

use toml::Table;
use toml_edit::{Document, Item, Key, TableLike, Value};

use crate::error::CliError;

/// `text`, the content of the file at `path`, with each of `keys` set in `profile`.
pub(crate) fn set_keys(
    path: &Path,
    text: &str,
    profile: &str,
    keys: &[(&str, Value)],
) -> Result<String, CliError> {
    let mut edited = text.to_owned();
    for (key, value) in keys {
        edited = set_key(&edited, profile, key, &value.to_string())
            .filter(|after| is_only_change(&edited, after, profile, key, value))
            .ok_or_else(|| {
                CliError::configuration(format!(
                    "cannot edit profile \"{profile}\" in {}: it is written in an unusual way",
                    path.display()
                ))
                .hint(format!(
                    "write it as a table of its own, {}, or set {key} in an editor",
                    header(profile)
                ))
            })?;
    }
    Ok(edited)
}

/// The line that opens the table of `profile`.
pub(crate) fn header(profile: &str) -> String {
    format!("[profiles.{}]", Key::new(profile))
}

/// `text` with `key` of `profile` set to `value`; `None` where it is beyond this function.
fn set_key(text: &str, profile: &str, key: &str, value: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let Some(profiles) = document.get("profiles") else {
        return Some(with_new_table(text, profile, key, value));
    };
    let Some(table) = profiles.as_table_like()?.get(profile) else {
        if profiles.is_inline_table() {
            let name = Key::new(profile).to_string();
            return with_new_key(text, profiles, &name, &format!("{{ {key} = {value} }}"));
        }
        return Some(with_new_table(text, profile, key, value));
    };
    match table.as_table_like()?.get(key) {
        Some(old) => {
            let span = old.as_value()?.span()?;
            Some(splice(text, span.start, span.end, value))
        }
        None if is_written_only_through_its_parts(text, table) => {
            Some(with_new_table(text, profile, key, value))
        }
        None => with_new_key(text, table, key, value),
    }
}

/// Appends `[profiles.PROFILE]` with one key.
fn with_new_table(text: &str, profile: &str, key: &str, value: &str) -> String {
    let newline = line_ending(text);
    let gap = match text {
        "" | "\u{feff}" => String::new(),
        _ if text.ends_with('\n') => newline.to_owned(),
        _ => newline.repeat(2),
    };
    let header = header(profile);
    format!("{text}{gap}{header}{newline}{key} = {value}{newline}")
}

/// Puts `key` into the table that `item` is, after the last value that stands there.
fn with_new_key(text: &str, item: &Item, key: &str, value: &str) -> Option<String> {
    let table = item.as_table_like()?;
    let last = last_value(table);
    if item.is_inline_table() {
        return Some(match last {
            Some((_, end)) => splice(text, end, end, &format!(", {key} = {value}")),
            None if table.is_empty() => {
                let start = item.span()?.start + 1;
                let gap = if text[start..].starts_with('}') {
                    " "
                } else {
                    ""
                };
                splice(text, start, start, &format!(" {key} = {value}{gap}"))
            }
            None => return None,
        });
    }
    let newline = line_ending(text);
    let (prefix, end) = match last {
        Some((key_start, end)) if table.is_dotted() => (line_before(text, key_start), end),
        Some((_, end)) => ("", end),
        None if table.is_dotted() => return None,
        None => ("", item.span()?.end),
    };
    // Between a value or a header and the end of its line there is nothing but white space and a comment.
    Some(match text[end..].find('\n') {
        Some(length) => {
            let next_line = end + length + 1;
            let line = format!("{prefix}{key} = {value}{newline}");
            splice(text, next_line, next_line, &line)
        }
        None => format!("{text}{newline}{prefix}{key} = {value}{newline}"),
    })
}

/// Where the key of the table's last plain value starts, and where the value ends.
fn last_value(table: &dyn TableLike) -> Option<(usize, usize)> {
    table
        .iter()
        .filter(|(_, item)| item.is_value() && !is_dotted(item))
        .filter_map(|(key, item)| Some((table.key(key)?.span()?.start, item.span()?.end)))
        .max_by_key(|(_, end)| *end)
}

fn is_dotted(item: &Item) -> bool {
    item.as_table_like().is_some_and(TableLike::is_dotted)
}

/// Whether there is no `[profiles.NAME]`, but something like `[profiles.NAME.more]`.
fn is_written_only_through_its_parts(text: &str, table: &Item) -> bool {
    let starts_with_bracket = |span: std::ops::Range<usize>| text[span].starts_with('[');
    table.is_table() && !is_dotted(table) && !table.span().is_some_and(starts_with_bracket)
}

/// What stands on the line before `at`, such as `profiles.acme.`
fn line_before(text: &str, at: usize) -> &str {
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[line_start..at].trim_start_matches('\u{feff}')
}

fn line_ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn splice(text: &str, start: usize, end: usize, new: &str) -> String {
    format!("{}{new}{}", &text[..start], &text[end..])
}

/// Whether `after` says just what `before` says, but for the key: the proof that the text was cut rightly.
fn is_only_change(before: &str, after: &str, profile: &str, key: &str, value: &Value) -> bool {
    let (Ok(mut expected), Ok(actual), Ok(new)) = (
        before.parse::<Table>(),
        after.parse::<Table>(),
        format!("{key} = {value}").parse::<Table>(),
    ) else {
        return false;
    };
    let profiles = expected
        .entry("profiles")
        .or_insert_with(|| Table::new().into());
    let Some(table) = profiles.as_table_mut().and_then(|profiles| {
        profiles
            .entry(profile)
            .or_insert_with(|| Table::new().into())
            .as_table_mut()
    }) else {
        return false;
    };
    table.extend(new);
    // As texts, since "not a number" isn't equal to itself.
    format!("{expected:?}") == format!("{actual:?}")
}

#[cfg(test)]
mod tests;
