//! The fields of a JSON object as they were written, so that fields that are passed through stay unchanged.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The fields of an object in their order. Names and values are JSON text.
#[derive(Debug, Default)]
pub(super) struct Fields<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// The fields of `json`, if it's an object.
    pub(super) fn parse(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// The value of `name`. `null` counts as missing, because `jq` writes it for a field that it didn't find.
    ///
    /// If a name is repeated, the last value counts, as in most JSON parsers.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0
            .iter()
            .rfind(|(own, _)| is_name(own, name))
            .map(|(_, value)| *value)
            .filter(|value| value.get() != "null")
    }

    /// Whether the field `name` is there and not `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The object in the field `name`; empty if there is no such object.
    pub(super) fn object(&self, name: &str) -> Fields<'a> {
        self.get(name)
            .and_then(|value| Fields::parse(value.get()))
            .unwrap_or_default()
    }

    /// Whether the field `name` is `true`.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.get() == "true")
    }

    /// The fields whose names are not in `names`, in their order.
    pub(super) fn others<'f>(
        &'f self,
        names: &'f [&str],
    ) -> impl Iterator<Item = (&'a RawValue, &'a RawValue)> + 'f {
        let is_other = |own: &RawValue| !names.iter().any(|name| is_name(own, name));
        self.0.iter().copied().filter(move |(own, _)| is_other(own))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields<'de>, M::Error> {
                let mut fields = Vec::with_capacity(8);
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// Whether the JSON string `own` is `name`, which needs no escapes.
fn is_name(own: &RawValue, name: &str) -> bool {
    let json = own.get();
    let bare = json.get(1..json.len() - 1).unwrap_or_default();
    bare == name || (bare.contains('\\') && string(own).as_deref() == Some(name))
}

/// The text of `value` if it is a string.
pub(super) fn string(value: &RawValue) -> Option<String> {
    // For any other value, serde would spend time on an error message.
    if !value.get().starts_with('"') {
        return None;
    }
    serde_json::from_str(value.get()).ok()
}

/// The ID in `value`: a string that isn't blank.
pub(super) fn id_string(value: &RawValue) -> Option<String> {
    string(value).filter(|id| !id.trim().is_empty())
}

/// The ID in `value`, which may also be an integer. It keeps all its digits: page IDs above 2^53 occur.
pub(super) fn id_or_integer(value: &RawValue) -> Option<String> {
    let text = value.get();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.to_owned());
    }
    id_string(value)
}
