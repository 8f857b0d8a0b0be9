//! JSON text without the white space between its tokens.

/// `json`, which must be valid JSON, without the white space outside its strings; nothing else is changed, so
/// numbers keep their digits and objects their order.
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
    use super::compact;

    #[test]
    fn only_white_space_between_tokens_goes() {
        let mut out = String::new();
        compact("{ \"a b\" : [ 1.0 ,\n\t\"c \\\" d\" ] }\r\n", &mut out);
        assert_eq!(out, r#"{"a b":[1.0,"c \" d"]}"#);
    }
}
