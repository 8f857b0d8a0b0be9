//! `config set`, `unset` and `remove-token`: the content of the file afterwards, and what is printed.

use crate::settings::{FILE, assert_unchanged, config, home_with};
use crate::support::{Home, TOKEN};
use crate::table::rows;

/// Runs `lexbot config` with these words.
#[track_caller]
fn assert_prints(home: &Home, words: &str, printed: &str) {
    config(home, words.split(' ')).stderr(printed).run();
}

/// A key, its value, and the line in the file.
const VALUES: &str = r#"
client_id       | 5                    | client_id = 5
client_id       | 18446744073709551615 | client_id = "18446744073709551615"
account-id      | "0456"               | account_id = "0456"
app_id          | any                  | app_id = "any"
app_id          | 789                  | app_id = "789"
base_url        | https://h.example/a/ | base_url = "https://h.example/a"
rate            | 2.5                  | rate = 2.5
rate            | 20                   | rate = 20
"#;

#[test]
fn sets_one_key_and_leaves_the_rest() {
    for [key, value, line] in rows(VALUES) {
        let before = format!("# mine\r\n[profiles.acme] # a\r\ntoken = '{TOKEN}'\r\n# end");
        let home = home_with(&before);
        let printed = format!("set {line} in profile \"acme\" of {FILE}\n");
        config(&home, ["set", key, value, "-p", "acme"])
            .stderr(&*printed)
            .run();
        let after = before.replace("\r\n# end", &format!("\r\n{line}\r\n# end"));
        assert_eq!(home.read(FILE), after);
        // Once more, in place.
        config(&home, ["set", key, value, "-p", "acme"])
            .stderr(printed)
            .run();
        assert_eq!(home.read(FILE), after);
        let name = line.split(' ').next().unwrap();
        assert_prints(
            &home,
            &format!("unset {name} -p acme"),
            &format!("removed {name} from profile \"acme\" of {FILE}\n"),
        );
        assert_eq!(home.read(FILE), before);
        assert_prints(
            &home,
            &format!("unset {key} -p acme"),
            &format!("{name} is not set in profile \"acme\" of {FILE}\n"),
        );
    }
}

/// The harness fails a run that shows the token.
#[test]
fn sets_a_command_without_showing_it() {
    let home = Home::new();
    config(&home, ["set", "token_command", TOKEN])
        .stderr(format!(
            "set token_command in profile \"default\" of {FILE}\n"
        ))
        .run();
    assert_eq!(
        home.read(FILE),
        format!("[profiles.default]\ntoken_command = \"{TOKEN}\"\n")
    );
}

#[test]
fn switches_the_default_profile() {
    let home = home_with("# mine\n[profiles.a]\n[profiles.b]\n");
    for profile in ["b", "a"] {
        assert_prints(
            &home,
            &format!("set default_profile {profile}"),
            &format!("set default_profile = \"{profile}\" in {FILE}\n"),
        );
        assert_eq!(
            home.read(FILE),
            format!("default_profile = \"{profile}\"\n\n# mine\n[profiles.a]\n[profiles.b]\n")
        );
    }
    config(&home, ["set", "default_profile", "c"])
        .stderr(format!(
            "error: no profile \"c\" (default_profile) in {FILE}; it has a, b\n\
             hint: choose another, or create it: lexbot config set-token --config lexbot/config.toml --profile c\n"
        ))
        .code(3)
        .run();
    assert_prints(
        &home,
        "unset default_profile",
        &format!("removed default_profile from {FILE}\n"),
    );
    assert_eq!(home.read(FILE), "# mine\n[profiles.a]\n[profiles.b]\n");
    assert_prints(
        &home,
        "unset default_profile",
        &format!("default_profile is not set in {FILE}\n"),
    );
}

/// A key, a value that it can't have, and why.
const WRONG: &str = "
client_id       | 0        | must be a whole number above 0
client_id       |          | must be a whole number above 0
account_id      | Acme     | must be the digits of a Facebook page ID
app_id          | mine     | must be the digits of a Facebook App ID, or any
rate            | fast     | must be a number of 0 or more
rate            | inf      | must be a number of 0 or more
default_profile |          | must not be empty
token_command   |          | must not be empty
";

#[test]
fn a_wrong_value_is_a_usage_error_and_changes_nothing() {
    let home = home_with("[profiles.default]\n");
    for [key, value, problem] in rows(WRONG) {
        config(&home, ["set", key, value])
            .stderr(format!(
                "error: {key} {problem}, not \"{value}\"\nhint: to remove it: lexbot config unset {key}\n"
            ))
            .code(2)
            .run();
    }
    config(&home, ["set", "client_id", TOKEN])
        .stderr_like(
            "error: client_id must be a whole number above 0, not (not shown, because it may be a token)\n...\n",
        )
        .code(2)
        .run();
    config(&home, ["set", "base_url", "http://lexer.example"])
        .stderr_like(
            "error: the base URL is refused: http:// would send the token unencrypted\n...\n",
        )
        .code(3)
        .run();
    assert_eq!(home.read(FILE), "[profiles.default]\n");
}

#[test]
fn a_variable_that_takes_precedence_is_named() {
    let home = Home::new();
    config(&home, ["set", "client_id", "5"])
        .env("LEXBOT_CLIENT_ID", "6")
        .stderr(format!(
            "set client_id = 5 in profile \"default\" of {FILE}\n\
             hint: LEXBOT_CLIENT_ID is set and takes precedence over it\n"
        ))
        .run();
    let home = home_with("[profiles.default]\ntoken = 'x'\n");
    config(&home, ["set", "token_command", "pass show x"])
        .env("LEXBOT_TOKEN", "y")
        .stderr(format!(
            "set token_command in profile \"default\" of {FILE}\n\
             hint: LEXBOT_TOKEN is set and takes precedence over it\n\
             hint: the profile has a token, too, which takes precedence: lexbot config remove-token removes both\n"
        ))
        .run();
}

#[test]
fn removes_the_token_and_names_those_that_are_left() {
    let home = home_with(format!(
        "[profiles.default]\n# of the bot\ntoken = '{TOKEN}' # t\nclient_id = 1\ntoken_command = 'pass'\n\
         [profiles.'x;id']\ntoken = '{TOKEN}'\n[profiles.c]\n"
    ));
    let left =
        "hint: profile \"x;id\" has a token, too: lexbot config remove-token --profile 'x;id'\n";
    let variable = "hint: LEXBOT_TOKEN is set; to remove it from this shell: unset LEXBOT_TOKEN\n";
    config(&home, ["remove-token"])
        .env("LEXBOT_TOKEN", TOKEN)
        .stderr(format!(
            "removed token and token_command from profile \"default\" of {FILE}\n{variable}{left}"
        ))
        .run();
    assert_eq!(
        home.read(FILE),
        format!(
            "[profiles.default]\n# of the bot\nclient_id = 1\n[profiles.'x;id']\ntoken = '{TOKEN}'\n[profiles.c]\n"
        )
    );
    for (profile, left) in [("default", left), ("none", left), ("c", left)] {
        assert_prints(
            &home,
            &format!("remove-token -p {profile}"),
            &format!("there is no token in profile \"{profile}\" of {FILE}\n{left}"),
        );
    }
    assert_prints(
        &home,
        "remove-token -p x;id",
        &format!("removed token from profile \"x;id\" of {FILE}\n"),
    );
}

#[test]
fn nothing_to_remove_creates_nothing() {
    let home = Home::new();
    assert_prints(
        &home,
        "remove-token",
        &format!("there is no token in profile \"default\" of {FILE}\n"),
    );
    assert_prints(
        &home,
        "unset rate",
        &format!("rate is not set in profile \"default\" of {FILE}\n"),
    );
    assert_eq!(home.names(""), ["run", "tmp"]);
}

#[test]
fn a_file_that_it_cannot_edit_stays_as_it_is() {
    for (text, words, error) in [
        (
            "[profiles.default]\ntoken = s3cret\n",
            "set client_id 5",
            "lexbot/config.toml:2:9: string values must be quoted, expected literal string",
        ),
        (
            "default_profile = ['s3cret']\n",
            "set client_id 5",
            "default_profile in lexbot/config.toml must be a string",
        ),
        (
            "[profiles.default]\nrate.s3cret = 1\n",
            "set rate 5",
            "cannot edit profile \"default\" in lexbot/config.toml: it is written in an unusual way",
        ),
    ] {
        let home = home_with(text);
        config(&home, words.split(' '))
            .stderr_like(format!("error: {error}\n..."))
            .code(3)
            .run();
        assert_unchanged(&home, text);
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_only_for_its_owner() {
    let home = home_with("[profiles.default]\n");
    home.set_mode(FILE, 0o644);
    config(&home, ["set", "rate", "5"])
        .stderr_like("set [..]\n")
        .run();
    assert_eq!(home.mode(FILE), 0o600);
    assert_eq!(home.names("lexbot"), ["config.toml"]);
}
