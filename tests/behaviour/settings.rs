//! Values in the configuration file and elsewhere that are refused. `config.txt` has what `config show` prints.

use crate::support::{Home, Run, lexbot};

/// Where these tests have the configuration file, seen from the home: messages name it the same in every home.
pub(crate) const FILE: &str = "lexbot/config.toml";

/// `lexbot config COMMAND` in `home`, with the configuration file at [`FILE`].
pub(crate) fn config<'a>(home: &Home, command: impl IntoIterator<Item = &'a str>) -> Run {
    lexbot(["config"])
        .args(command)
        .home(home)
        .env("LEXBOT_CONFIG", FILE)
}

/// Asserts that the configuration file has `text`, and that its directory has nothing else but, on Windows, a lock.
#[track_caller]
pub(crate) fn assert_unchanged(home: &Home, text: &str) {
    assert_eq!(home.read(FILE), text);
    let mut names = home.names("lexbot");
    names.retain(|name| !(cfg!(windows) && name == "config.toml.lock"));
    assert_eq!(names, ["config.toml"]);
}

/// A home whose configuration file has `text`.
pub(crate) fn home_with(text: impl AsRef<[u8]>) -> Home {
    let home = Home::new();
    home.write_private(FILE, text);
    home
}

#[test]
fn blank_values_are_refused_wherever_they_come_from() {
    const VARIABLES: &str = "ACCOUNT_ID APP_ID BASE_URL CLIENT_ID CONFIG PROFILE TOKEN";
    const KEYS: &str = "account_id app_id base_url client_id token token_command";
    const FLAGS: &str = "--account-id --base-url --client-id --config --profile";
    let refused = |file: &str, code: i32, error: &str| {
        let show = config(&home_with(file), ["show"]).code(code);
        show.stderr_like(format!("error: {error}\n...\n"))
    };
    for blank in [" ", "\t", "\u{a0}"] {
        for variable in VARIABLES.split(' ') {
            let variable = format!("LEXBOT_{variable}");
            let hint = format!("hint: set it again: [..]{variable}[..]=[..]");
            let show = refused("", 3, &format!("{variable} must [..]\n{hint}"));
            show.env(&variable, blank).run();
        }
        for key in KEYS.split(' ') {
            let file = format!("[profiles.default]\n{key} = \"{blank}\"\n");
            let error = format!("{key} of profile \"default\" in {FILE} must [..]\nhint: [..]");
            refused(&file, 3, &error).run();
        }
        let file = format!("default_profile = \"{blank}\"\n");
        refused(
            &file,
            3,
            &format!("default_profile in {FILE} must not be empty"),
        )
        .run();
        for flag in FLAGS.split(' ') {
            let code = if flag == "--base-url" { 3 } else { 2 };
            let show = refused("", code, &format!("[..]{flag}[..]"));
            show.args([flag, blank]).run();
        }
        lexbot(["echo", "--input", "-", "--app-id", blank])
            .code(2)
            .stderr_like(
                "error: invalid value [..] for '--app-id <ID>': must be the digits of [..]\n...\n",
            )
            .run();
    }
}

#[test]
fn no_value_of_a_wrong_type_is_shown() {
    const KEYS: &str = "token token_command client_id account_id app_id base_url rate";
    let in_profile = KEYS
        .split(' ')
        .map(|key| format!("[profiles.default]\n{key} = "));
    let at_the_top = ["default_profile = ", "profiles = ", "profiles.default = "];
    for start in in_profile.chain(at_the_top.map(str::to_owned)) {
        for value in [
            "['s3cret']",
            "[{ s3cret = 's3cret' }]",
            "2001-01-01T00:00:00.53",
        ] {
            let home = home_with(format!("{start}{value}\n"));
            let output = config(&home, ["show"]).code(3).stderr_like("...").run();
            for part in ["2001", "53"] {
                assert!(!output.stderr.contains(part), "{start}: {}", output.stderr);
            }
        }
    }
}
