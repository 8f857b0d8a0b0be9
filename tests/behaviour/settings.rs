//! `config show` and `config path`, and the configuration files that are refused.

use std::fs;

use crate::home::{Home, ran};

/// A file with a token as long as a real one, of which only "wxyz" may ever be seen.
const FILE: &str = r#"
default_profile = "acme"

[profiles.acme]
token = "s3cret-s3cret-s3cret-wxyz"
client_id = 123
account_id = "112233445566"
base_url = "https://lexer.example/api/"
rate = 2.5

[profiles.command]
token_command = "echo s3cret-s3cret-s3cret-wxyz; echo s3cret-too"

[profiles.broken]
token_command = "echo s3cret-s3cret-s3cret-wxyz; echo the key is locked >&2; exit 3"
"#;

#[test]
fn without_any_setting_the_defaults_are_shown() {
    assert_eq!(
        Home::new().run(&["config", "show"]),
        ran(
            0,
            "\
config_file  lexbot/config.toml                    (LEXBOT_CONFIG)
profile      default                               (default)
base_url     https://clients.lexer.io/api/clients  (default)
client_id    not set
account_id   not set
token        not set
rate         10                                    (default)
timeout      30                                    (default)
profiles     none
",
            ""
        )
    );
}

#[test]
fn every_setting_is_shown_with_its_origin() {
    let home = Home::with_config(FILE);
    assert_eq!(
        home.run(&["config", "show"]),
        ran(
            0,
            "\
config_file  lexbot/config.toml         (LEXBOT_CONFIG)
profile      acme                       (default_profile in the file)
base_url     https://lexer.example/api  (base_url in the profile)
client_id    123                        (client_id in the profile)
account_id   112233445566               (account_id in the profile)
token        …wxyz                      (token in the profile)
rate         2.5                        (rate in the profile)
timeout      30                         (default)
profiles     acme, broken, command
",
            ""
        )
    );
    let mut mixed = home.lexbot(&["config", "show", "--client-id", "7", "--timeout", "1.5"]);
    mixed
        .args(["--account-id", "page", "--config", "lexbot/config.toml"])
        .env("LEXBOT_PROFILE", "command")
        .env("LEXBOT_BASE_URL", "http://127.0.0.1:8080/")
        .env("LEXBOT_TOKEN", "s3cret");
    assert_eq!(
        home.finish(&mut mixed, b""),
        ran(
            0,
            "\
config_file  lexbot/config.toml     (--config)
profile      command                (LEXBOT_PROFILE)
base_url     http://127.0.0.1:8080  (LEXBOT_BASE_URL)
client_id    7                      (--client-id)
account_id   page                   (--account-id)
token        (redacted)             (LEXBOT_TOKEN)
rate         10                     (default)
timeout      1.5                    (--timeout)
profiles     acme, broken, command
",
            ""
        )
    );
}

#[test]
fn as_json_the_settings_are_one_object() {
    assert_eq!(
        Home::with_config(FILE).run(&["config", "show", "--json", "--profile", "acme"]),
        ran(
            0,
            concat!(
                r#"{"config_file":{"value":"lexbot/config.toml","origin":"LEXBOT_CONFIG"},"#,
                r#""profile":{"value":"acme","origin":"--profile"},"#,
                r#""base_url":{"value":"https://lexer.example/api","origin":"base_url in the profile"},"#,
                r#""client_id":{"value":123,"origin":"client_id in the profile"},"#,
                r#""account_id":{"value":"112233445566","origin":"account_id in the profile"},"#,
                r#""token":{"value":"…wxyz","origin":"token in the profile"},"#,
                r#""rate":{"value":2.5,"origin":"rate in the profile"},"#,
                r#""timeout":{"value":30.0,"origin":"default"},"#,
                r#""profiles":{"value":["acme","broken","command"],"origin":null}}"#,
                "\n"
            ),
            ""
        )
    );
    let nothing = Home::new().run(&["config", "show", "--json"]).out;
    assert!(
        nothing.contains(r#""client_id":{"value":null,"origin":null}"#),
        "{nothing}"
    );
}

#[cfg(unix)]
#[test]
fn a_token_command_is_run_and_its_failure_shown_in_its_row() {
    let home = Home::with_config(FILE);
    let token_row = |profile| {
        let show = home.run(&["config", "show", "--profile", profile]);
        assert_eq!((show.code, show.err.as_str()), (Some(0), ""));
        assert!(!show.out.contains("s3cret"), "{}", show.out);
        let row = show.out.lines().find(|line| line.starts_with("token "));
        row.unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        token_row("command"),
        "token …wxyz (token_command in the profile)"
    );
    assert_eq!(
        token_row("broken"),
        "token token_command of profile \"broken\" in lexbot/config.toml failed with exit code 3: \
         the key is locked (token_command in the profile)"
    );
}

#[test]
fn the_path_is_the_flags_then_the_variables() {
    let home = Home::new();
    assert_eq!(
        home.run(&["config", "path"]),
        ran(0, "lexbot/config.toml\n", "")
    );
    assert_eq!(
        home.run(&["config", "path", "--config", "not there"]),
        ran(0, "not there\n", "")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_default_path_is_in_the_users_configuration_directory() {
    let home = Home::new();
    let path = |variable, value| {
        let mut command = home.lexbot(&["config", "path"]);
        command.env_remove("LEXBOT_CONFIG").env(variable, value);
        home.finish(&mut command, b"")
    };
    assert_eq!(
        path("LEXBOT_CONFIG", ""),
        ran(0, "HOME/.config/lexbot/config.toml\n", "")
    );
    assert_eq!(
        path("XDG_CONFIG_HOME", "/xdg"),
        ran(0, "/xdg/lexbot/config.toml\n", "")
    );
}

#[test]
fn only_a_file_named_by_the_flag_must_be_there() {
    let home = Home::new();
    assert_eq!(home.run(&["config", "show"]).code, Some(0));
    assert_eq!(
        home.run(&["config", "show", "--config", "no such.toml"]),
        ran(
            3,
            "",
            "error: cannot read no such.toml: no such file\n\
             hint: check --config, or create the file: lexbot config set-token --config 'no such.toml'\n"
        )
    );
}

#[test]
fn a_profile_that_is_not_there_is_told_with_those_that_are() {
    assert_eq!(
        Home::with_config(FILE).run(&["config", "show", "-p", "acne"]),
        ran(
            3,
            "",
            "error: no profile \"acne\" (--profile) in lexbot/config.toml; it has acme, broken, command\n\
             hint: choose another, or create it: lexbot config set-token --profile acne\n"
        )
    );
}

#[test]
fn a_file_that_is_no_toml_is_told_with_line_and_column() {
    for (text, expected) in [
        (
            &b"[profiles.default]\n  token = s3cret\n"[..],
            "lexbot/config.toml:2:11: string values must be quoted, expected literal string",
        ),
        (
            b"[profiles.default]\ntoken = \"s3cret\nclient_id = 5\n",
            "lexbot/config.toml:2:16: invalid basic string, expected `\"`",
        ),
        (
            b"# fine\ntoken = \"s3cr\xe9t\"\n",
            "lexbot/config.toml:2: not UTF-8 text",
        ),
    ] {
        let home = Home::with_config("");
        fs::write(home.config(), text).unwrap();
        let show = home.run(&["config", "show"]);
        assert_eq!((show.code, show.out.as_str()), (Some(3), ""));
        assert_eq!(
            show.err.lines().next(),
            Some(format!("error: {expected}").as_str())
        );
        assert!(!show.err.contains("s3cr"), "{}", show.err);
    }
}

#[test]
fn a_value_of_the_wrong_type_is_named_and_not_shown() {
    let home = Home::with_config("[profiles.default]\nclient_id = 's3cret'\n");
    assert_eq!(
        home.run(&["config", "show"]),
        ran(
            3,
            "",
            "error: client_id of profile \"default\" in lexbot/config.toml is not a whole number above 0\n\
             hint: write it like this: client_id = 123\n"
        )
    );
}

#[test]
fn what_is_no_configuration_file_is_refused() {
    let home = Home::new();
    fs::write(home.path("large"), vec![b'\n'; 1024 * 1024 + 1]).unwrap();
    for (path, expected) in [
        (".", "cannot read .: it is a directory"),
        ("large", "cannot read large: it is larger than 1 MiB"),
    ] {
        assert_eq!(
            home.run(&["config", "show", "--config", path]),
            ran(
                3,
                "",
                &format!(
                    "error: {expected}\nhint: name a configuration file with --config or LEXBOT_CONFIG\n"
                )
            )
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_or_a_device_is_refused_without_waiting_for_it() {
    let home = Home::new();
    let made = home.command("mkfifo", &["pipe"]).status().unwrap();
    assert!(made.success());
    for path in ["pipe", "/dev/full", "/dev/zero"] {
        let show = home.run(&["config", "show", "--config", path]);
        assert_eq!(show.code, Some(3));
        assert_eq!(
            show.err.lines().next(),
            Some(format!("error: cannot read {path}: it is not a regular file").as_str())
        );
    }
    let null = home.run(&["config", "show", "--config", "/dev/null"]);
    assert_eq!((null.code, null.err.as_str()), (Some(0), ""));
}

#[test]
fn unknown_keys_are_warned_of() {
    let home = Home::with_config("colour = 1\n[profiles.default]\nclientid = 1\napp_id = 2\n");
    assert_eq!(
        home.run(&["config", "show"]).err,
        "warning: unknown key \"colour\" at the top of lexbot/config.toml\n\
         warning: unknown key \"clientid\" in profile \"default\" of lexbot/config.toml\n"
    );
}

#[cfg(unix)]
#[test]
fn a_token_that_others_can_read_is_warned_of() {
    use crate::home::set_mode;
    let home = Home::with_config(FILE);
    for (mode, expected) in [
        (0o600, ""),
        (
            0o640,
            "warning: other users can read the token in lexbot/config.toml; close it to them: \
             chmod 600 lexbot/config.toml\n",
        ),
    ] {
        set_mode(&home.config(), mode);
        assert_eq!(home.run(&["config", "show"]).err, expected);
    }
    fs::write(home.config(), "[profiles.default]\nclient_id = 1\n").unwrap();
    assert_eq!(home.run(&["config", "show"]).err, "");
}

#[test]
fn a_base_url_that_is_not_safe_is_refused_wherever_it_is_from() {
    let home =
        Home::with_config("[profiles.default]\nbase_url = 'http://127.0.0.1.evil.example'\n");
    assert_eq!(
        home.run(&["config", "show"]),
        ran(
            3,
            "",
            "error: base_url of profile \"default\" in lexbot/config.toml: \
             the base URL is refused: http:// would send the token unencrypted\n\
             hint: use https://; http:// is only for a server on this machine, such as lexbot sandbox\n"
        )
    );
    assert_eq!(
        home.run(&["config", "show", "--base-url", "https://ana:s3cret@h/"]),
        ran(
            3,
            "",
            "error: --base-url: the base URL is refused: it has a user name or a password\n\
             hint: leave out everything between // and @; Lexer needs only the token\n"
        )
    );
}

#[test]
fn what_a_terminal_would_obey_is_written_out() {
    let home = Home::with_config("[profiles.default]\naccount_id = \"a\\u001b[31m\\u202e\"\n");
    let text = home.run(&["config", "show"]).out;
    assert!(
        text.contains("account_id   a\\u{1b}[31m\\u{202e} "),
        "{text}"
    );
    let json = home.run(&["config", "show", "--json"]).out;
    assert!(json.contains(r#""value":"a\u001b[31m\u202e""#), "{json}");
}

#[test]
fn a_timeout_flag_is_the_source_even_if_it_says_the_default() {
    let show = Home::new()
        .run(&["config", "show", "--timeout", "30", "--json"])
        .out;
    assert!(
        show.contains(r#""timeout":{"value":30.0,"origin":"--timeout"}"#),
        "{show}"
    );
}

#[test]
fn a_client_id_above_2_to_the_53_keeps_all_its_digits() {
    for (file, id) in [
        ("client_id = 9007199254740993", "9007199254740993"),
        ("client_id = 9223372036854775807", "9223372036854775807"),
        ("client_id = '18446744073709551615'", "18446744073709551615"),
    ] {
        let home = Home::with_config(&format!("[profiles.default]\n{file}\n"));
        let text = home.run(&["config", "show"]).out;
        assert!(text.contains(&format!("client_id    {id} ")), "{text}");
        let json = home.run(&["config", "show", "--json"]).out;
        let field = format!(r#""client_id":{{"value":{id},"origin":"client_id in the profile"}}"#);
        assert!(json.contains(&field), "{json}");
    }
}

#[test]
fn set_token_keeps_a_dotted_profile() {
    let home = Home::with_config(
        "# mine\nprofiles.acme.token = 'old' # t\nprofiles.acme.rate = 2\nprofiles.b.token = 'b'\n",
    );
    let mut set_token = home.lexbot(&["config", "set-token", "-p", "acme", "--client-id", "5"]);
    assert_eq!(home.finish(&mut set_token, b"t0ken\n").code, Some(0));
    assert_eq!(
        home.config_text(),
        "# mine\nprofiles.acme.token = \"t0ken\" # t\nprofiles.acme.rate = 2\n\
         profiles.acme.client_id = 5\nprofiles.b.token = 'b'\n"
    );
    let show = home.run(&["config", "show", "-p", "acme"]);
    assert_eq!((show.code, show.err.as_str()), (Some(0), ""));
    assert!(
        show.out.contains("client_id    5 ")
            && show.out.contains("(redacted) ")
            && show.out.contains("rate         2 "),
        "{}",
        show.out
    );
}

/// Without a token on standard input, so that the order of the checks shows.
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
        let home = Home::with_config(text);
        let mut set_token = home.lexbot(&["config", "set-token"]);
        let ran = home.finish(&mut set_token, b"");
        assert_eq!(ran.code, Some(3));
        assert_eq!(
            ran.err.lines().next(),
            Some(format!("error: {error}").as_str())
        );
        assert!(!ran.err.contains("s3cret"), "{}", ran.err);
        assert_eq!(home.config_text(), text);
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
            let show = Home::with_config(&format!("{start}{value}\n")).run(&["config", "show"]);
            assert_eq!((show.code, show.out.as_str()), (Some(3), ""), "{start}");
            for part in ["s3cret", "2001", "53"] {
                assert!(!show.err.contains(part), "{}", show.err);
            }
        }
    }
}
