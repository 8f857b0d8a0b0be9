//! `config show` and `config path`, and the configuration files that are refused.

use crate::support::{Home, Run, SECRET, TOKEN, lexbot};

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

/// A home with three profiles, all with a secret.
fn home_with_profiles() -> Home {
    home_with(format!(
        r#"
default_profile = "acme"

[profiles.acme]
token = "{TOKEN}"
client_id = 123
account_id = "112233445566"
app_id = "any"
base_url = "https://lexer.example/api/"
rate = 2.5

[profiles.command]
token_command = "echo {TOKEN}; echo {SECRET}"

[profiles.broken]
token_command = "echo {TOKEN}; echo the key is locked >&2; exit 3"
"#
    ))
}

#[test]
fn config_show_prints_every_setting_with_its_origin() {
    config(&Home::new(), ["show"])
        .stdout(
            "\
config_file  lexbot/config.toml                    (LEXBOT_CONFIG)
profile      default                               (default)
base_url     https://clients.lexer.io/api/clients  (default)
client_id    not set
account_id   not set
app_id       not set
token        not set
rate         10                                    (default)
timeout      30                                    (default)
profiles     none
",
        )
        .run();
    let home = home_with_profiles();
    config(&home, ["show"])
        .stdout(
            "\
config_file  lexbot/config.toml         (LEXBOT_CONFIG)
profile      acme                       (default_profile in the file)
base_url     https://lexer.example/api  (base_url in the profile)
client_id    123                        (client_id in the profile)
account_id   112233445566               (account_id in the profile)
app_id       any                        (app_id in the profile)
token        …Vk6e                      (token in the profile)
rate         2.5                        (rate in the profile)
timeout      30                         (default)
profiles     acme, broken, command
"
            .replace("Vk6e", &TOKEN[28..]),
        )
        .run();
    config(&home, ["show", "--client-id", "7", "--timeout", "1.5"])
        .args(["--account-id", " '98'", "--config", FILE])
        .env("LEXBOT_PROFILE", "command")
        .env("LEXBOT_BASE_URL", "http://127.0.0.1:8080/")
        .env("LEXBOT_TOKEN", SECRET)
        .env("LEXBOT_APP_ID", "5")
        .stdout(
            "\
config_file  lexbot/config.toml     (--config)
profile      command                (LEXBOT_PROFILE)
base_url     http://127.0.0.1:8080  (LEXBOT_BASE_URL)
client_id    7                      (--client-id)
account_id   98                     (--account-id)
app_id       5                      (LEXBOT_APP_ID)
token        (redacted)             (LEXBOT_TOKEN)
rate         10                     (default)
timeout      1.5                    (--timeout)
profiles     acme, broken, command
",
        )
        .run();
}

#[test]
fn config_show_prints_one_json_object() {
    config(&home_with_profiles(), ["show", "--json", "--profile", "acme"])
        .stdout(
            concat!(
                r#"{"config_file":{"value":"lexbot/config.toml","origin":"LEXBOT_CONFIG"},"#,
                r#""profile":{"value":"acme","origin":"--profile"},"#,
                r#""base_url":{"value":"https://lexer.example/api","origin":"base_url in the profile"},"#,
                r#""client_id":{"value":123,"origin":"client_id in the profile"},"#,
                r#""account_id":{"value":"112233445566","origin":"account_id in the profile"},"#,
                r#""app_id":{"value":"any","origin":"app_id in the profile"},"#,
                r#""token":{"value":"…Vk6e","origin":"token in the profile"},"#,
                r#""rate":{"value":2.5,"origin":"rate in the profile"},"#,
                r#""timeout":{"value":30.0,"origin":"default"},"#,
                r#""profiles":{"value":["acme","broken","command"],"origin":null}}"#,
                "\n"
            )
            .replace("Vk6e", &TOKEN[28..]),
        )
        .run();
    config(&Home::new(), ["show", "--json"])
        .stdout_like("{[..]\"client_id\":{\"value\":null,\"origin\":null}[..]}\n")
        .run();
}

#[cfg(unix)]
#[test]
fn config_show_runs_the_token_command_and_shows_its_failure() {
    let home = home_with_profiles();
    for (profile, token, printed) in [
        ("command", format!("…{}", &TOKEN[28..]), ""),
        (
            "broken",
            "token_command of profile \"broken\" in lexbot/config.toml failed with exit code 3"
                .to_owned(),
            "the key is locked\n",
        ),
    ] {
        config(&home, ["show", "--profile", profile])
            .stdout_like(format!(
                "...\ntoken        {token}[..](token_command in the profile)\n...\n"
            ))
            .stderr(printed)
            .run();
    }
}

#[cfg(unix)]
#[test]
fn config_show_does_not_wait_for_a_token_command_that_hangs() {
    let home = home_with("[profiles.default]\ntoken_command = 'sleep 600; echo x'\n");
    config(&home, ["show"])
        .stdout_like(
            "...\ntoken        token_command of profile \"default\" in lexbot/config.toml did not end within 3 s  \
             (token_command in the profile)\n...\n",
        )
        .run();
}

#[test]
fn config_path_prefers_the_flag() {
    let home = Home::new();
    for (args, path) in [(&[][..], FILE), (&["--config", "not there"], "not there")] {
        let run = config(&home, ["path"]).args(args);
        run.stdout(format!("{path}\n")).run();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_default_path_is_in_the_user_s_configuration_directory() {
    let home = Home::new();
    let path = |run: Run, path: &str| {
        run.env("LEXBOT_CONFIG", "")
            .stdout(format!("{path}/lexbot/config.toml\n"))
            .run();
    };
    let standard = home.path().join(".config").display().to_string();
    path(config(&home, ["path"]).no_env("XDG_CONFIG_HOME"), &standard);
    path(
        config(&home, ["path"]).env("XDG_CONFIG_HOME", "/xdg"),
        "/xdg",
    );
    lexbot(["config", "path"])
        .home(&home)
        .env("XDG_CONFIG_HOME", "/xdg")
        .stdout("/xdg/lexbot/config.toml\n")
        .run();
}

/// The harness fails a run that shows [`SECRET`].
#[test]
fn an_invalid_file_or_setting_is_reported_without_its_value() {
    const OTHER_FILE: &str = "name a configuration file with --config or LEXBOT_CONFIG";
    let profiles = "[profiles.b]\n[profiles.a]\n";
    let large = "\n".repeat(1024 * 1024 + 1);
    let with_user = format!("https://ana:{SECRET}@h/");
    for (text, args, error, hint) in [
        // Files.
        (
            "",
            &["--config", "no such.toml"][..],
            "cannot read no such.toml: no such file",
            "check --config, or create the file: lexbot config set-token --config 'no such.toml'",
        ),
        (
            "",
            &["--config", "."],
            "cannot read .: it is a directory",
            OTHER_FILE,
        ),
        (
            &large,
            &["--config", FILE],
            "cannot read lexbot/config.toml: it is larger than 1 MiB",
            OTHER_FILE,
        ),
        // Syntax.
        (
            "[profiles.default]\n  token = s3cret\n",
            &[],
            "lexbot/config.toml:2:11: string values must be quoted, expected literal string",
            "[..]",
        ),
        (
            "[profiles.default]\ntoken = \"s3cret\nclient_id = 5\n",
            &[],
            "lexbot/config.toml:2:16: invalid basic string, expected `\"`",
            "[..]",
        ),
        // Values.
        (
            "[profiles.default]\nclient_id = 's3cret'\n",
            &[],
            "client_id of profile \"default\" in lexbot/config.toml must be a whole number above 0",
            "write it like this: client_id = 123",
        ),
        (
            "[profiles.default]\nbase_url = 'http://127.0.0.1.evil.example'\n",
            &[],
            "base_url of profile \"default\" in lexbot/config.toml: \
             the base URL is refused: http:// would send the token unencrypted",
            "use https://; http:// is only for a server on this machine, such as lexbot sandbox",
        ),
        (
            "",
            &["--base-url", &with_user],
            "--base-url: the base URL is refused: it has a user name or a password",
            "leave out everything between // and @; Lexer needs only the token",
        ),
        (
            profiles,
            &["-p", "acne"],
            "no profile \"acne\" (--profile) in lexbot/config.toml; it has a, b",
            "choose another, or create it: lexbot config set-token --config lexbot/config.toml --profile acne",
        ),
    ] {
        config(&home_with(text), ["show"])
            .args(args)
            .stderr_like(format!("error: {error}\nhint: {hint}\n"))
            .code(3)
            .run();
    }
    config(&home_with(b"# fine\ntoken = \"s3cret\xe9t\"\n"), ["show"])
        .stderr_like("error: lexbot/config.toml:2: not UTF-8 text\nhint: [..]\n")
        .code(3)
        .run();
}

#[test]
fn blank_values_are_refused_wherever_they_come_from() {
    let home = home_with("");
    for blank in [" ", "\t", "\u{a0}"] {
        for variable in [
            "ACCOUNT_ID",
            "APP_ID",
            "BASE_URL",
            "CLIENT_ID",
            "CONFIG",
            "PROFILE",
            "TOKEN",
        ] {
            let variable = format!("LEXBOT_{variable}");
            config(&home, ["show"])
                .env(&variable, blank)
                .code(3)
                .stderr_like(format!(
                    "error: {variable} must [..]\nhint: set it again: [..]{variable}[..]=[..]\n"
                ))
                .run();
        }
        for key in [
            "account_id",
            "app_id",
            "base_url",
            "client_id",
            "token",
            "token_command",
        ] {
            config(
                &home_with(format!("[profiles.default]\n{key} = \"{blank}\"\n")),
                ["show"],
            )
            .code(3)
            .stderr_like(format!(
                "error: {key} of profile \"default\" in {FILE} must [..]\nhint: [..]\n"
            ))
            .run();
        }
        config(
            &home_with(format!("default_profile = \"{blank}\"\n")),
            ["show"],
        )
        .code(3)
        .stderr_like(format!(
            "error: default_profile in {FILE} must not be empty\nhint: [..]\n"
        ))
        .run();
        for (flag, code) in [
            ("--account-id", 2),
            ("--base-url", 3),
            ("--client-id", 2),
            ("--config", 2),
            ("--profile", 2),
        ] {
            config(&home, ["show", flag, blank])
                .code(code)
                .stderr_like(format!("error: [..]{flag}[..]\n...\n"))
                .run();
        }
        lexbot(["echo", "--input", "-", "--app-id", blank])
            .code(2)
            .stderr_like(
                "error: invalid value '[..]' for '--app-id <ID>': must be the digits of [..]\n...\n",
            )
            .run();
    }
}

#[test]
fn hints_can_be_pasted_into_a_shell() {
    let home = home_with("[profiles.'x;id']\n");
    config(&home, ["show", "--profile", "y;id"])
        .code(3)
        .stderr_like("error: [..]\nhint: [..]: lexbot config set-token --config lexbot/config.toml --profile 'y;id'\n")
        .run();
    lexbot(["check"])
        .home(&home)
        .env("LEXBOT_CONFIG", FILE)
        .env("LEXBOT_CLIENT_ID", "1")
        .stdout_like("...")
        .stderr_like("error: no token: [..]\nhint: choose a profile with --profile: 'x;id'\n...\n")
        .code(3)
        .run();
}

#[cfg(target_os = "linux")]
#[test]
fn dev_null_is_an_empty_configuration_file() {
    config(&Home::new(), ["show", "--config", "/dev/null"])
        .stdout_like("...")
        .run();
}

#[test]
fn unknown_keys_cause_warnings() {
    let home = home_with("colour = 1\n[profiles.default]\nclientid = 1\napp_id = 2\n");
    config(&home, ["show"])
        .stdout_like("...")
        .stderr(
            "warning: unknown key \"colour\" at the top of lexbot/config.toml\n\
             warning: unknown key \"clientid\" in profile \"default\" of lexbot/config.toml\n",
        )
        .run();
}

#[test]
fn terminal_control_characters_are_escaped() {
    let home = home_with("[profiles.\"a\\u001b[31m\\u202e\"]\n");
    for (args, shown) in [
        (&[][..], "...\nprofiles     a\\u{1b}[31m\\u{202e}\n"),
        (
            &["--json"],
            "{[..]\"value\":[\"a\\u001b[31m\\u202e\"][..]}\n",
        ),
    ] {
        let run = config(&home, ["show"]).args(args);
        run.stdout_like(shown).run();
    }
}

#[test]
fn a_timeout_flag_is_the_source_even_if_it_says_the_default() {
    config(&Home::new(), ["show", "--timeout", "30", "--json"])
        .stdout_like("{[..]\"timeout\":{\"value\":30.0,\"origin\":\"--timeout\"}[..]}\n")
        .run();
}

#[test]
fn a_client_id_above_2_to_the_53_keeps_all_its_digits() {
    for (file, id) in [
        ("client_id = 9007199254740993", "9007199254740993"),
        ("client_id = 9223372036854775807", "9223372036854775807"),
        ("client_id = '18446744073709551615'", "18446744073709551615"),
    ] {
        let home = home_with(format!("[profiles.default]\n{file}\n"));
        config(&home, ["show"])
            .stdout_like(format!("...\nclient_id    {id} [..]\n...\n"))
            .run();
        let field = format!(r#""client_id":{{"value":{id},"origin":"client_id in the profile"}}"#);
        config(&home, ["show", "--json"])
            .stdout_like(format!("{{[..]{field}[..]}}\n"))
            .run();
    }
}

#[test]
fn set_token_keeps_a_dotted_profile() {
    let home = home_with(
        "# mine\nprofiles.acme.token = 'old' # t\nprofiles.acme.rate = 2\nprofiles.b.token = 'b'\n",
    );
    config(&home, ["set-token", "-p", "acme", "--client-id", "5"])
        .stdin("t0ken\n")
        .stderr_like("warning: [..]\nstored the token (redacted) [..]\n")
        .run();
    assert_eq!(
        home.read(FILE),
        "# mine\nprofiles.acme.token = \"t0ken\" # t\nprofiles.acme.rate = 2\n\
         profiles.acme.client_id = 5\nprofiles.b.token = 'b'\n"
    );
    config(&home, ["show", "-p", "acme"])
        .stdout_like(
            "...\nclient_id    5 [..]\naccount_id   not set\napp_id       not set\ntoken        (redacted) [..]\nrate         2 [..]\n...\n",
        )
        .run();
}

/// Without a token on stdin, so that the order of the checks shows.
#[test]
fn set_token_refuses_an_uneditable_profile_before_it_reads_the_token() {
    for (text, error) in [
        (
            "[profiles.default]\ntoken.s3cret = 1\n",
            "cannot edit profile \"default\" in lexbot/config.toml: it is written in an unusual way",
        ),
        (
            "profiles.default = 's3cret'\n",
            "profile \"default\" in lexbot/config.toml is not a table",
        ),
    ] {
        let home = home_with(text);
        config(&home, ["set-token"])
            .stdin("")
            .code(3)
            .stderr_like(format!("error: {error}\n...\n"))
            .run();
        assert_eq!(home.read(FILE), text);
    }
}

#[test]
fn no_value_of_a_wrong_type_is_shown() {
    let keys = [
        "token",
        "token_command",
        "client_id",
        "account_id",
        "app_id",
        "base_url",
        "rate",
    ];
    let in_profile = keys.map(|key| format!("[profiles.default]\n{key} = "));
    let at_the_top = ["default_profile = ", "profiles = ", "profiles.default = "];
    for start in in_profile.iter().map(String::as_str).chain(at_the_top) {
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
