//! Removes the white space between the tokens of JSON text.

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::compact;

    #[test]
    fn only_white_space_between_tokens_is_removed() {
        let mut out = String::new();
        compact("{ \"a b\" : [ 1.0 ,\n\t\"c \\\" d\" ] }\r\n", &mut out);
        assert_eq!(out, r#"{"a b":[1.0,"c \" d"]}"#);
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

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
