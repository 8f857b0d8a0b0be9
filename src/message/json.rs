//! Takes valid JSON text apart and keeps it as it was written: the digits of numbers, the escapes in strings, the
//! order of fields. So fields that are passed through stay unchanged.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// How many characters of a text from input or a response are shown. A Messenger message ID has about 150.
pub(crate) const MAX_SHOWN: usize = 300;

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
    pub(super) fn without<'f>(
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

/// The text of each element of `json`, or `None` if `json` isn't an array. `json` must be valid.
///
/// The elements are found one by one and not kept, because there may be millions.
pub(super) fn elements(json: &str) -> Option<impl Iterator<Item = &str>> {
    let mut rest = json.trim_start().strip_prefix('[')?;
    Some(std::iter::from_fn(move || {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        // After the last element this finds the closing bracket, which is not a value.
        let element = values.next()?.ok()?.get();
        let after = rest[values.byte_offset()..].trim_start();
        rest = after.strip_prefix(',').unwrap_or(after);
        Some(element)
    }))
}

/// Appends `json`, which must be valid, to `into` without the white space outside strings. Everything else stays as it
/// is: the digits of numbers, the escapes in strings, the order of fields.
pub(crate) fn compact(json: &str, into: &mut String) {
    let mut in_string = false;
    let mut escaped = false;
    let mut kept_from = 0;
    for (at, byte) in json.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
        } else if byte == b'"' {
            in_string = true;
        } else if byte.is_ascii_whitespace() {
            into.push_str(&json[kept_from..at]);
            kept_from = at + 1;
        }
    }
    into.push_str(&json[kept_from..]);
}

/// `text`, cut to [`MAX_SHOWN`] characters and an ellipsis.
pub(crate) fn truncated(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{compact, elements, truncated};

    #[test]
    fn elements_keep_their_text() {
        let found = |json| elements(json).map(Iterator::collect::<Vec<_>>);
        for (json, expected) in [
            ("[]", Some(vec![])),
            (" [ ] ", Some(vec![])),
            ("[1,2]", Some(vec!["1", "2"])),
            (
                "\n[ 1.0 ,\t\"a,]\" , null,[ 1 ],{ \"b\": [2, 3] }\r\n]",
                Some(vec!["1.0", "\"a,]\"", "null", "[ 1 ]", "{ \"b\": [2, 3] }"]),
            ),
            ("{}", None),
            ("\"[1]\"", None),
        ] {
            assert_eq!(found(json), expected, "{json}");
        }
    }

    #[test]
    fn only_white_space_between_tokens_is_removed() {
        let mut out = String::new();
        compact("{ \"a b\" : [ 1.0 ,\n\t\"c \\\" d\" ] }\r\n", &mut out);
        assert_eq!(out, r#"{"a b":[1.0,"c \" d"]}"#);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(truncated(&"é".repeat(300)), "é".repeat(300));
        assert_eq!(truncated(&"é".repeat(301)), "é".repeat(300) + "…");
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn any_array_has_its_elements(list in prop::collection::vec(any::<(i64, String, Option<bool>)>(), 0..6), is_pretty in any::<bool>()) {
            let value = serde_json::json!(list);
            let json = if is_pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
            let found: Vec<Value> = elements(&json).unwrap().map(|text| serde_json::from_str(text).unwrap()).collect();
            prop_assert_eq!(Value::from(found), value);
        }

        #[test]
        fn a_pretty_value_becomes_the_compact_one(key in "\\PC{0,8}", text in any::<String>(), number in any::<f64>(), depth in 0_usize..20) {
            let mut value = serde_json::json!({ key: [text, number, null] });
            for _ in 0..depth {
                value = serde_json::json!([{ " \\\" ": value }]);
            }
            let mut out = String::new();
            compact(&serde_json::to_string_pretty(&value).unwrap(), &mut out);
            prop_assert_eq!(out, value.to_string());
        }
    }
}
