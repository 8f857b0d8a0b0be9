//! Messages inside other values: what was found, and how to take it out.
//!
//! Queues and gateways wrap a webhook's body in an object of their own. A wrapped message is not sent, because the
//! wrapper may mean anything; the error shows the command that takes it out.

use super::json::{Fields, elements, string};
use super::{body, webhook};

/// How deeply a wrapped message is looked for.
const MAX_DEPTH: usize = 8;

/// The longest filter that is shown.
const MAX_FILTER: usize = 200;

/// If there is something to send inside the object `fields`, the error that says so.
pub(super) fn find(fields: &Fields) -> Option<String> {
    let path = path_to_message(fields, MAX_DEPTH).filter(|path| path.len() <= MAX_FILTER)?;
    let dot = if path.starts_with('[') { "." } else { "" };
    Some(format!(
        "expected a message or a webhook payload, found an object with one inside: if it is to be sent, take it out with jq -c '{dot}{path}'"
    ))
}

/// The jq filter that takes a message out of `fields`.
fn path_to_message(fields: &Fields, depth: usize) -> Option<String> {
    fields.without(&[]).find_map(|(name, value)| {
        let rest = filter_for(value.get(), depth)?;
        let name = string(name)?;
        let is_plain = |byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'_');
        if !name.is_empty() && name.bytes().all(is_plain) {
            return Some(format!(".{name}{rest}"));
        }
        // These would need escapes, for jq and for the shell.
        let needs_escape = name.contains(['\'', '"', '\\']);
        (!needs_escape).then(|| format!("[\"{name}\"]{rest}"))
    })
}

/// The jq filter that takes a message out of `json`, to follow the filter for `json`; empty if it is one itself.
fn filter_for(json: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    if let Ok(text) = serde_json::from_str::<String>(json) {
        let filter = filter_for(text.trim(), depth)?;
        return Some(format!(" | fromjson{filter}"));
    }
    if let Some(mut elements) = elements(json) {
        let filter = elements.find_map(|element| filter_for(element, depth))?;
        return Some(format!("[]{filter}"));
    }
    let fields = Fields::parse(json)?;
    if fields.has("object_id") || (webhook::is_webhook(&fields) && !body::is_body(&fields)) {
        return Some(String::new());
    }
    path_to_message(&fields, depth)
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::message::json::Fields;

    #[test]
    fn the_filter_leads_to_the_message() {
        let payload = r#"{"object":"page","entry":[]}"#;
        let text = serde_json::to_string(payload).unwrap();
        for (json, filter) in [
            (format!(r#"{{"body":{payload}}}"#), Some(".body")),
            (
                format!(r#"{{"n":1,"a-b":{{"c":[{payload}]}}}}"#),
                Some(r#".["a-b"].c[]"#),
            ),
            (format!(r#"{{"args":["POST",{payload}]}}"#), Some(".args[]")),
            (format!(r#"{{"body":{text}}}"#), Some(".body | fromjson")),
            (
                format!(
                    r#"{{"Records":[{{"body":{}}}]}}"#,
                    serde_json::to_string(&format!("[{{\"data\":{payload}}}]")).unwrap()
                ),
                Some(".Records[].body | fromjson[].data"),
            ),
            (r#"{"data":{"object_id":"m_1"}}"#.to_owned(), Some(".data")),
            (
                r#"{"event":{"sender":{"id":"7"}}}"#.to_owned(),
                Some(".event"),
            ),
            (
                format!("{}{payload}{}", r#"{"a":"#.repeat(8), "}".repeat(8)),
                Some(".a.a.a.a.a.a.a.a"),
            ),
            (
                format!("{}{payload}{}", r#"{"a":"#.repeat(9), "}".repeat(9)),
                None,
            ),
            (format!(r#"{{"2nd":{payload}}}"#), Some(r#".["2nd"]"#)),
            (format!(r#"{{"it's":{payload}}}"#), None),
            // Without the wrapper, this would be an incomplete message body.
            (r#"{"data":{"entry":[],"source":"queue"}}"#.to_owned(), None),
            (r#"{"body":"hello","n":[],"x":{}}"#.to_owned(), None),
        ] {
            let found = find(&Fields::parse(&json).unwrap());
            let command = found.as_ref().and_then(|found| found.split_once("jq -c '"));
            assert_eq!(
                command.map(|(_, filter)| filter),
                filter.map(|filter| format!("{filter}'")).as_deref(),
                "{json}"
            );
        }
    }

    #[test]
    fn an_object_with_many_fields_takes_linear_time() {
        let fields: Vec<_> = (0..100_000).map(|n| format!("\"{n}\":0")).collect();
        let json = format!("{{{}}}", fields.join(","));
        assert_eq!(find(&Fields::parse(&json).unwrap()), None);
    }
}
