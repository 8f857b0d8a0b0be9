use std::path::Path;

use proptest::prelude::*;
use toml::Table;

use super::Document;
use crate::error::CliError;

fn parse(text: &str) -> Result<Document, CliError> {
    Document::parse(Path::new("/c.toml"), text)
}

fn set(text: &str, profile: &str) -> Result<String, String> {
    parse(text)
        .and_then(|document| document.set(&["profiles", profile, "token"], &"new".into()))
        .and_then(|document| document.set(&["profiles", profile, "client_id"], &7.into()))
        .map(|document| document.text)
        .map_err(|error| error.to_string())
}

fn remove(text: &str) -> Result<String, String> {
    let mut document = parse(text).map_err(|error| error.to_string())?;
    for key in ["token", "client_id"] {
        let acme = document.profile("acme").ok().flatten();
        if acme.is_some_and(|acme| acme.contains_key(key)) {
            let removed = document.remove(&["profiles", "acme", key]);
            document = removed.map_err(|error| error.to_string())?;
        }
    }
    Ok(document.text)
}

fn set_acme(text: &str) -> String {
    set(text, "acme").unwrap()
}

#[test]
fn appends_a_new_profile() {
    assert_eq!(
        set_acme(""),
        "[profiles.acme]\ntoken = \"new\"\nclient_id = 7\n"
    );
    assert_eq!(
        set_acme("# mine\n"),
        "# mine\n\n[profiles.acme]\ntoken = \"new\"\nclient_id = 7\n"
    );
    assert_eq!(
        set_acme("[profiles.b]\ntoken = 'b' # end"),
        "[profiles.b]\ntoken = 'b' # end\n\n[profiles.acme]\ntoken = \"new\"\nclient_id = 7\n"
    );
    assert_eq!(
        set_acme("profiles.b.token = 'b'\n"),
        "profiles.b.token = 'b'\n\n[profiles.acme]\ntoken = \"new\"\nclient_id = 7\n"
    );
}

#[test]
fn quotes_a_name_where_toml_requires_it() {
    assert_eq!(
        set("", "two words").unwrap(),
        "[profiles.\"two words\"]\ntoken = \"new\"\nclient_id = 7\n"
    );
    assert_eq!(
        set("", "a\"b\n").unwrap(),
        "[profiles.\"a\\\"b\\n\"]\ntoken = \"new\"\nclient_id = 7\n"
    );
}

#[test]
fn replaces_a_value_in_place() {
    assert_eq!(
        set_acme(
            "# top\nodd = nan\n[profiles.acme] # mine\n\tclient_id=1# id\n token  =  '''old'''  # tok\n\n\
             # of b\n[profiles.b]\ntoken = 'b'\n# end\n"
        ),
        "# top\nodd = nan\n[profiles.acme] # mine\n\tclient_id=7# id\n token  =  \"new\"  # tok\n\n\
         # of b\n[profiles.b]\ntoken = 'b'\n# end\n"
    );
}

#[test]
fn adds_a_missing_key_after_the_last_one() {
    assert_eq!(
        set_acme("[profiles.acme] # mine\n# token = \"old\"\n\n[z]\n"),
        "[profiles.acme] # mine\ntoken = \"new\"\nclient_id = 7\n# token = \"old\"\n\n[z]\n"
    );
    assert_eq!(
        set_acme("[profiles.acme]\ntoken = 'old'\nrate = 3 # r\n# end\n[profiles.acme.x]\ny = 1"),
        "[profiles.acme]\ntoken = \"new\"\nrate = 3 # r\nclient_id = 7\n# end\n[profiles.acme.x]\ny = 1"
    );
    assert_eq!(
        set_acme("[profiles.acme.x]\ny = 1"),
        "[profiles.acme.x]\ny = 1\n\n[profiles.acme]\ntoken = \"new\"\nclient_id = 7\n"
    );
}

#[test]
fn keeps_line_endings_and_a_byte_order_mark() {
    assert_eq!(
        set_acme("\u{feff}# top\r\n[profiles.acme]\r\ntoken = 'old'\r\n# end"),
        "\u{feff}# top\r\n[profiles.acme]\r\ntoken = \"new\"\r\nclient_id = 7\r\n# end"
    );
    assert_eq!(
        set_acme(
            "# a\n\r\n\nx = '''1\n2\r\n3'''\n[profiles.acme]\r\nrate = 1\ntoken = 'old'\r\n\n# end"
        ),
        "# a\n\r\n\nx = '''1\n2\r\n3'''\n[profiles.acme]\r\nrate = 1\ntoken = \"new\"\r\nclient_id = 7\r\n\n# end"
    );
    assert_eq!(
        set_acme("\u{feff}"),
        "\u{feff}[profiles.acme]\ntoken = \"new\"\nclient_id = 7\n"
    );
}

#[test]
fn keeps_dotted_keys_dotted() {
    for (before, after) in [
        (
            "\u{feff}# a\nprofiles.acme.token = 'old' # t\nprofiles.b.token = 'b'\nz = 1\n",
            "\u{feff}# a\nprofiles.acme.token = \"new\" # t\nprofiles.acme.client_id = 7\nprofiles.b.token = 'b'\nz = 1\n",
        ),
        (
            "profiles.acme.token = 'old'\n# z\nz = 1\nprofiles.b.token = 'b'\n",
            "profiles.acme.token = \"new\"\nprofiles.acme.client_id = 7\n# z\nz = 1\nprofiles.b.token = 'b'\n",
        ),
        (
            "[profiles]\n  acme . rate = 1 # r",
            "[profiles]\n  acme . rate = 1 # r\n  acme . token = \"new\"\n  acme . client_id = 7",
        ),
    ] {
        assert_eq!(set_acme(before), after);
    }
}

#[test]
fn refuses_what_it_cannot_edit() {
    for text in [
        "[profiles.acme]\ntoken.x = 1\n",
        "profiles.acme.x.y = 1",
        "profiles = {}",
        "[profiles]\nacme = { client_id = 1 }\n",
    ] {
        assert_eq!(
            set(text, "acme").unwrap_err(),
            "cannot change profiles.acme.token in /c.toml: it is written in an unusual way"
        );
    }
}

#[test]
fn replaces_a_value_in_an_inline_table() {
    assert_eq!(
        set_acme("profiles = { acme = { token = 'x', client_id = 1 } } # p\n"),
        "profiles = { acme = { token = \"new\", client_id = 7 } } # p\n"
    );
    let text = "profiles = { acme = { rate = 1, token = 'x' } }\n";
    assert!(remove(text).unwrap_err().contains("an unusual way"));
}

#[test]
fn removes_only_the_lines_of_a_key() {
    for (before, after) in [
        (
            "\u{feff}# a\r\n[profiles.acme] # mine\r\n# the token\r\n\ttoken = 'x' # tok\r\nrate = nan\r\n# end",
            "\u{feff}# a\r\n[profiles.acme] # mine\r\n# the token\r\nrate = nan\r\n# end",
        ),
        (
            "[profiles.acme]\ntoken = \"\"\"\nx\"\"\"\nclient_id = 1",
            "[profiles.acme]\n",
        ),
        (
            "# t\nprofiles.acme.token = 'x'\nprofiles.b.token = 'b'\n",
            "# t\nprofiles.b.token = 'b'\n",
        ),
        ("[profiles.b]\ntoken = 'b'\n", "[profiles.b]\ntoken = 'b'\n"),
    ] {
        assert_eq!(remove(before).unwrap(), after);
    }
}

#[test]
fn sets_and_removes_the_default_profile() {
    let path = ["default_profile"];
    let set = |text: &str| {
        let document = parse(text).unwrap();
        document.set(&path, &"acme".into()).unwrap().text
    };
    let line = "default_profile = \"acme\"";
    for (without, with) in [
        ("", format!("{line}\n")),
        (
            "\u{feff}# a\r\n[profiles.b]\r\n",
            format!("\u{feff}{line}\r\n\r\n# a\r\n[profiles.b]\r\n"),
        ),
    ] {
        assert_eq!(set(without), with);
        let removed = parse(&with).unwrap().remove(&path);
        assert_eq!(removed.unwrap().text, without);
    }
    assert_eq!(
        set("# a\ndefault_profile='b' # b\nx = 1\n"),
        format!("# a\ndefault_profile={} # b\nx = 1\n", "\"acme\"")
    );
}

/// A value as TOML writes it.
fn value() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<bool>().prop_map(|yes| yes.to_string()),
        Just("nan".to_owned()),
        Just("1979-05-27T07:32:00Z".to_owned()),
        "[ -&(-~é]{0,8}".prop_map(|text| format!("'{text}'")),
        "[ -!#-\\[\\]-~é\n]{0,8}".prop_map(|text| format!("\"\"\"{text}\"\"\"")),
    ];
    scalar.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|values| format!("[{}]", values.join(" , "))),
            inner.prop_map(|value| format!("{{ k = {value} }}")),
        ]
    })
}

/// A line of a table: a key, a comment, or nothing.
fn line() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        Just("token".to_owned()),
        Just("client_id".to_owned()),
        "[a-z]{1,3}(\\.[a-z])?",
        "\"[ -!#-\\[\\]-~]{0,4}\"",
    ];
    prop_oneof![
        4 => (key, value(), "( # [a-z\\[\\]\"'=]*)?")
            .prop_map(|(key, value, comment)| format!("{key} = {value}{comment}")),
        1 => "[ \t]{0,2}(#[ -~é]{0,12})?",
    ]
}

fn table() -> impl Strategy<Value = String> {
    let header = prop_oneof![
        Just(String::new()),
        Just("[profiles]\n".to_owned()),
        Just("[profiles.acme]\n".to_owned()),
        Just(" [ profiles . \"acme\" ] # mine\n".to_owned()),
        "\\[profiles\\.[a-c](\\.[a-c])?\\]\n",
        "\\[profiles\\.acme\\.[a-c]\\]\n",
        "\\[\\[[a-c]\\]\\]\n",
    ];
    let prefix = prop_oneof![
        3 => Just(""),
        1 => Just("profiles.acme."),
        1 => Just("acme."),
    ];
    (header, prop::collection::vec((prefix, line()), 0..5)).prop_map(|(header, lines)| {
        lines.into_iter().fold(header, |text, (prefix, line)| {
            let is_key = !line.trim_start().starts_with('#') && !line.trim().is_empty();
            let prefix = if is_key { prefix } else { "" };
            format!("{text}{prefix}{line}\n")
        })
    })
}

fn document() -> impl Strategy<Value = String> {
    (
        prop::collection::vec(table(), 0..5),
        prop::sample::select(vec!["\n", "\r\n", "mixed"]),
        any::<bool>(),
    )
        .prop_map(|(tables, newline, cut)| {
            let mut text = tables.concat();
            if cut {
                text.truncate(text.trim_end_matches('\n').len());
            }
            match newline {
                "mixed" => text.replace("\n\n", "\r\n\n").replace("]\n", "]\r\n"),
                newline => text.replace('\n', newline),
            }
        })
}

proptest! {
    #![proptest_config(crate::proptest_config::config())]

    #[test]
    fn keeps_every_other_key_and_every_comment(text in document()) {
        let Ok(before) = text.parse::<Table>() else {
            return Ok(());
        };
        let Ok(after) = set(&text, "acme") else {
            return Ok(());
        };
        let (before, after_table) = (without_the_keys(before), without_the_keys(after.parse().unwrap()));
        prop_assert_eq!(format!("{before:?}"), format!("{after_table:?}"));
        let comments = |text: &str| text.lines().filter(|line| line.trim_start().starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(comments(&text), comments(&after));
        let line_feeds = |text: &str| text.matches('\n').count() - text.matches("\r\n").count();
        prop_assert!(!text.contains("\r\n") || line_feeds(&after) <= line_feeds(&text));
        // As texts, because NaN isn't equal to itself.
        let again: Table = set_acme(&after).parse().unwrap();
        prop_assert_eq!(format!("{again:?}"), format!("{:?}", after.parse::<Table>().unwrap()));
    }
}

proptest! {
    #![proptest_config(crate::proptest_config::config())]

    #[test]
    fn removing_keeps_every_other_key_and_line(text in document()) {
        let Ok(before) = text.parse::<Table>() else {
            return Ok(());
        };
        let Ok(after) = remove(&text) else {
            return Ok(());
        };
        let after_table: Table = after.parse().unwrap();
        let acme = after_table.get("profiles").and_then(|profiles| profiles.get("acme"));
        prop_assert!(acme.is_none_or(|acme| acme.get("token").or(acme.get("client_id")).is_none()), "{}", after);
        prop_assert_eq!(format!("{:?}", without_the_keys(before)), format!("{:?}", without_the_keys(after_table)));
        let comments = |text: &str| text.lines().filter(|line| line.trim_start().starts_with('#')).count();
        prop_assert_eq!(comments(&text), comments(&after), "{}", after);
    }
}

/// `table` without the keys that `set` sets, and without tables that are empty without them.
fn without_the_keys(mut table: Table) -> Table {
    if let Some(profiles) = table
        .get_mut("profiles")
        .and_then(toml::Value::as_table_mut)
    {
        if let Some(acme) = profiles.get_mut("acme").and_then(toml::Value::as_table_mut) {
            acme.remove("token");
            acme.remove("client_id");
            if acme.is_empty() {
                profiles.remove("acme");
            }
        }
        if profiles.is_empty() {
            table.remove("profiles");
        }
    }
    table
}
