//! The elements of a JSON array, one after another.

use serde_json::value::RawValue;

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::elements;

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

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn any_array_has_its_elements(list in prop::collection::vec(any::<(i64, String, Option<bool>)>(), 0..6), is_pretty in any::<bool>()) {
            let value = serde_json::json!(list);
            let json = if is_pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
            let found: Vec<Value> = elements(&json).unwrap().map(|text| serde_json::from_str(text).unwrap()).collect();
            prop_assert_eq!(Value::from(found), value);
        }
    }
}
