//! `config set-token`: what the file holds afterwards, whatever it held before and whatever goes wrong.

#[cfg(unix)]
use std::fs;
use std::process::Stdio;

use crate::home::{Home, Ran, names_in, ran};

/// Of a token only its last four characters may ever be seen.
const TOKEN: &str = "s3cret-s3cret-s3cret-wxyz";

/// Runs `lexbot config set-token ARGUMENTS` with the token on standard input.
fn set_token(home: &Home, arguments: &[&str]) -> Ran {
    set_token_to(home, arguments, format!("{TOKEN}\n").as_bytes())
}

fn set_token_to(home: &Home, arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = home.lexbot(&["config", "set-token"]);
    let ran = home.finish(command.args(arguments), input);
    assert!(!ran.out.contains("s3cret"), "{}", ran.out);
    assert!(!ran.err.contains("s3cret"), "{}", ran.err);
    ran
}

fn stored(profile: &str, hints: &str) -> Ran {
    ran(
        0,
        "",
        &format!("stored the token …wxyz in profile \"{profile}\" of lexbot/config.toml\n{hints}"),
    )
}

#[test]
fn the_token_and_what_is_given_with_it_are_stored() {
    let home = Home::new();
    let arguments = [
        "--client-id",
        "123",
        "--account-id",
        "0456",
        "--base-url",
        "https://lexer.example/api/",
    ];
    assert_eq!(set_token(&home, &arguments), stored("default", ""));
    assert_eq!(
        home.config_text(),
        format!(
            "[profiles.default]\ntoken = \"{TOKEN}\"\nclient_id = 123\naccount_id = \"0456\"\n\
             base_url = \"https://lexer.example/api\"\n"
        )
    );
    let show = home.run(&["config", "show"]);
    assert!(show.out.contains("…wxyz"), "{}", show.out);
}

#[test]
fn nothing_from_the_environment_is_stored() {
    let home = Home::new();
    let mut command = home.lexbot(&["config", "set-token", "--client-id", "18446744073709551615"]);
    command
        .env("LEXBOT_BASE_URL", "https://variable.example")
        .env("LEXBOT_ACCOUNT_ID", "variable")
        .env("LEXBOT_TOKEN", "variable-token");
    assert_eq!(
        home.finish(&mut command, b"short"),
        ran(
            0,
            "",
            "stored the token (redacted) in profile \"default\" of lexbot/config.toml\n\
             hint: LEXBOT_TOKEN is set, and goes before the stored token\n"
        )
    );
    assert_eq!(
        home.config_text(),
        "[profiles.default]\ntoken = \"short\"\nclient_id = \"18446744073709551615\"\n"
    );
}

#[test]
fn only_the_first_line_counts_and_white_space_around_it_does_not() {
    let home = Home::new();
    let ran = set_token_to(&home, &["--client-id", "1"], b" tok'en\"\\ \r\nmore\n");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let table: toml::Table = home.config_text().parse().unwrap();
    assert_eq!(
        table["profiles"]["default"]["token"].as_str(),
        Some("tok'en\"\\")
    );
}

#[test]
fn the_rest_of_the_file_stays_as_it_is() {
    let home = Home::with_config(
        "# mine\r\nunknown = 1979-05-27\r\n\r\n[profiles.acme] # first\r\n\ttoken = 'old' # tok\r\nextra = { a = 1 }\r\n\r\n\
         # the other\r\n[profiles.b]\r\ntoken = 'b'\r\n# end",
    );
    assert_eq!(
        set_token(&home, &["-p", "acme", "--client-id", "5"]),
        stored("acme", "")
    );
    assert_eq!(
        home.config_text(),
        format!(
            "# mine\r\nunknown = 1979-05-27\r\n\r\n[profiles.acme] # first\r\n\ttoken = \"{TOKEN}\" # tok\r\nextra = {{ a = 1 }}\r\n\
             client_id = 5\r\n\r\n# the other\r\n[profiles.b]\r\ntoken = 'b'\r\n# end"
        )
    );
}

#[test]
fn the_profile_is_the_flags_then_the_variables_then_the_files() {
    let home = Home::with_config("default_profile = 'file'\n[profiles.file]\nclient_id = 1\n");
    let profile = |arguments: &[&str], variable| {
        let mut command = home.lexbot(&["config", "set-token", "--client-id", "1"]);
        command.args(arguments).env("LEXBOT_PROFILE", variable);
        home.finish(&mut command, TOKEN.as_bytes()).err
    };
    let stored =
        |name| format!("stored the token …wxyz in profile \"{name}\" of lexbot/config.toml\n");
    assert_eq!(
        profile(&["--profile", "two words"], "variable"),
        stored("two words")
    );
    assert_eq!(profile(&[], "variable"), stored("variable"));
    assert_eq!(profile(&[], ""), stored("file"));
    let table: toml::Table = home.config_text().parse().unwrap();
    for name in ["two words", "variable", "file"] {
        assert_eq!(table["profiles"][name]["token"].as_str(), Some(TOKEN));
    }
}

#[test]
fn the_next_steps_are_told() {
    assert_eq!(
        set_token(&Home::new(), &["--profile", "acme"]),
        stored(
            "acme",
            "hint: the client ID is still missing; it stands beside the token in Lexer: \
             add client_id = N under [profiles.acme], or set LEXBOT_CLIENT_ID\n\
             hint: to use this profile, give --profile acme, set LEXBOT_PROFILE=acme,\n      \
             or make it the default: default_profile = \"acme\" at the top of the file\n"
        )
    );
    let home =
        Home::with_config("[profiles.default]\ntoken_command = 'pass show x'\nclient_id = 1\n");
    assert_eq!(
        set_token(&home, &[]),
        stored(
            "default",
            "hint: the profile has a token_command too; the stored token now goes first\n"
        )
    );
}

#[test]
fn a_token_that_is_none_changes_nothing() {
    const TEXT: &str = "[profiles.default]\ntoken = 'old'\n";
    let home = Home::with_config(TEXT);
    for (input, why) in [
        (&b""[..], "the token is empty"),
        (b" \t\r\ns3cret\n", "the token is empty"),
        (
            b"s3cret\x01\n",
            "the token has a character that can't be sent in an HTTP header",
        ),
        (
            "s3crét\n".as_bytes(),
            "the token has a character that can't be sent in an HTTP header",
        ),
        (
            b"s3cret\xff\n",
            "the token has a character that can't be sent in an HTTP header",
        ),
    ] {
        assert_eq!(
            set_token_to(&home, &[], input),
            ran(
                2,
                "",
                &format!(
                    "error: {why}\n\
                     hint: lexbot config set-token asks for it on a terminal, and else reads it from standard input:\n      \
                     pass show lexer | lexbot config set-token\n"
                )
            )
        );
        assert_eq!(home.config_text(), TEXT);
        assert_eq!(names_in(&home.path("lexbot")), ["config.toml"]);
    }
    let nobody = Home::new();
    assert_eq!(set_token_to(&nobody, &[], b"\n").code, Some(2));
    assert!(names_in(&nobody.path("")).is_empty());
}

#[test]
fn a_token_as_an_argument_is_refused_and_not_repeated() {
    let home = Home::new();
    for arguments in [&[TOKEN][..], &["--", TOKEN], &["-p", "acme", TOKEN]] {
        assert_eq!(
            set_token(&home, arguments),
            ran(
                2,
                "",
                "error: a token is never an argument: other users of the machine can see those\n\
                 hint: lexbot config set-token asks for it on a terminal, and else reads it from standard input:\n      \
                 pass show lexer | lexbot config set-token\n"
            )
        );
    }
    assert!(names_in(&home.path("")).is_empty());
}

#[test]
fn options_that_are_no_values_change_nothing() {
    let home = Home::new();
    for (arguments, code, error) in [
        (
            ["--client-id", "0"],
            2,
            "--client-id 0: a client ID is a whole number above 0",
        ),
        (["--account-id", " "], 2, "--account-id is empty"),
        (["--profile", ""], 2, "--profile is empty"),
        (
            ["--base-url", "http://lexer.example"],
            3,
            "--base-url: the base URL is refused: http:// would send the token unencrypted",
        ),
        (
            ["--base-url", "https://s3cret@h"],
            3,
            "--base-url: the base URL is refused: it has a user name or a password",
        ),
    ] {
        let ran = set_token(&home, &arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(code), ""));
        assert_eq!(
            ran.err.lines().next(),
            Some(format!("error: {error}").as_str())
        );
    }
    assert!(names_in(&home.path("")).is_empty());
}

#[test]
fn a_file_that_cannot_be_edited_stays_as_it_is() {
    for (text, error) in [
        (
            "[profiles.default]\ntoken = s3cret\n",
            "lexbot/config.toml:2:9: string values must be quoted, expected literal string",
        ),
        (
            "profiles = 's3cret'\n",
            "profiles in lexbot/config.toml is not a table",
        ),
        (
            "[profiles.default]\ntoken.s3cret = 1\n",
            "cannot edit profile \"default\" in lexbot/config.toml: it is written in an unusual way",
        ),
        (
            "default_profile = ['s3cret']\n",
            "default_profile in lexbot/config.toml is not a string",
        ),
    ] {
        let home = Home::with_config(text);
        let ran = set_token(&home, &[]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""));
        assert_eq!(
            ran.err.lines().next(),
            Some(format!("error: {error}").as_str())
        );
        assert_eq!(home.config_text(), text);
    }
}

#[test]
fn runs_at_the_same_time_lose_nothing() {
    let home = Home::with_config("# mine\n");
    let runs: Vec<_> = (1..=8)
        .map(|number| {
            let profile = format!("p{number}");
            let mut command = home.lexbot(&["config", "set-token", "--client-id", "1"]);
            command
                .args(["--profile", &profile])
                .stdin(Stdio::piped())
                .stderr(Stdio::null());
            (profile, command.spawn().unwrap())
        })
        .collect();
    // All wait for their input; now all go at once.
    let ends: Vec<_> = runs
        .into_iter()
        .map(|(profile, mut run)| {
            use std::io::Write as _;
            let mut input = run.stdin.take().unwrap();
            input.write_all(TOKEN.as_bytes()).unwrap();
            drop(input);
            (profile, run)
        })
        .collect();
    let mut profiles = Vec::new();
    for (profile, mut run) in ends {
        assert!(run.wait().unwrap().success());
        profiles.push(profile);
    }
    let text = home.config_text();
    assert!(text.starts_with("# mine\n\n[profiles.p"), "{text}");
    let table: toml::Table = text.parse().unwrap();
    let names: Vec<_> = table["profiles"].as_table().unwrap().keys().collect();
    assert_eq!(names, profiles.iter().collect::<Vec<_>>());
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::symlink;

    use super::{Home, TOKEN, fs, names_in, ran, set_token, stored};
    use crate::home::{mode, set_mode, skipped};

    #[test]
    fn the_file_and_its_directory_are_the_owners_alone() {
        let home = Home::new();
        let mut command = home.lexbot(&["config", "set-token", "--config", "a/b/c.toml"]);
        assert_eq!(home.finish(&mut command, TOKEN.as_bytes()).code, Some(0));
        assert_eq!(mode(&home.path("a")), 0o700);
        assert_eq!(mode(&home.path("a/b")), 0o700);
        assert_eq!(mode(&home.path("a/b/c.toml")), 0o600);
        assert_eq!(mode(&home.path("a/b/c.toml.lock")), 0o600);
        assert_eq!(fs::read(home.path("a/b/c.toml.lock")).unwrap(), b"");
        assert_eq!(names_in(&home.path("a/b")), ["c.toml", "c.toml.lock"]);
    }

    #[test]
    fn a_file_that_was_open_to_others_is_closed() {
        let home = Home::with_config("[profiles.default]\nclient_id = 1\n");
        set_mode(&home.config(), 0o644);
        assert_eq!(set_token(&home, &[]), stored("default", ""));
        assert_eq!(mode(&home.config()), 0o600);
    }

    #[test]
    fn a_link_stays_and_its_target_is_edited() {
        let home = Home::with_config("[profiles.default]\nclient_id = 1\n");
        fs::create_dir(home.path("dotfiles")).unwrap();
        fs::rename(home.config(), home.path("dotfiles/real.toml")).unwrap();
        symlink("../dotfiles/link.toml", home.config()).unwrap();
        symlink("real.toml", home.path("dotfiles/link.toml")).unwrap();
        assert_eq!(set_token(&home, &[]), stored("default", ""));
        assert_eq!(
            fs::read_link(home.config()).unwrap().to_str(),
            Some("../dotfiles/link.toml")
        );
        assert_eq!(
            fs::read_to_string(home.path("dotfiles/real.toml")).unwrap(),
            format!("[profiles.default]\nclient_id = 1\ntoken = \"{TOKEN}\"\n")
        );
    }

    #[test]
    fn a_link_to_nothing_gets_its_target() {
        let home = Home::with_config("");
        fs::remove_file(home.config()).unwrap();
        symlink("../dotfiles/real.toml", home.config()).unwrap();
        assert_eq!(
            set_token(&home, &["--client-id", "1"]),
            stored("default", "")
        );
        assert!(home.config().is_symlink());
        assert_eq!(mode(&home.path("dotfiles/real.toml")), 0o600);
    }

    #[test]
    fn what_is_no_file_is_refused_and_stays() {
        let home = Home::new();
        symlink("loop", home.path("loop")).unwrap();
        for (path, error) in [
            (".", "cannot write .: it is a directory"),
            (
                "/dev/null",
                "cannot write /dev/null: it is not a regular file",
            ),
            ("loop", "cannot write loop: it is a loop of symbolic links"),
        ] {
            assert_eq!(
                set_token(&home, &["--config", path]),
                ran(
                    3,
                    "",
                    &format!(
                        "error: {error}\nhint: name another file with --config or LEXBOT_CONFIG\n"
                    )
                )
            );
        }
        assert_eq!(names_in(&home.path("")), ["loop"]);
    }

    #[test]
    fn a_directory_that_cannot_be_written_to_is_told() {
        let home = Home::with_config("# mine\n");
        set_mode(&home.path("lexbot"), 0o500);
        if fs::write(home.path("lexbot/probe"), "").is_ok() {
            skipped("this user may write anywhere");
            return;
        }
        assert_eq!(
            set_token(&home, &[]),
            ran(
                3,
                "",
                "error: cannot write lexbot/config.toml: permission denied\n\
                 hint: it is as it was; see that its directory can be written to and has room\n"
            )
        );
        assert_eq!(home.config_text(), "# mine\n");
        set_mode(&home.path("lexbot"), 0o700);
    }

    /// A limit of no bytes for any file does what a full disk does.
    #[test]
    fn a_full_disk_leaves_the_file_and_nothing_else() {
        let home = Home::with_config("# mine\n");
        let mut command = home.command(
            "sh",
            &["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"],
        );
        command.args([env!("CARGO_BIN_EXE_lexbot"), "config", "set-token"]);
        assert_eq!(
            home.finish(&mut command, TOKEN.as_bytes()),
            ran(
                3,
                "",
                "error: cannot write lexbot/config.toml: file too large\n\
                 hint: it is as it was; see that its directory can be written to and has room\n"
            )
        );
        assert_eq!(home.config_text(), "# mine\n");
        assert_eq!(
            names_in(&home.path("lexbot")),
            ["config.toml", "config.toml.lock"]
        );
    }
}

/// On a terminal the token is asked for, and what is typed isn't shown.
#[cfg(target_os = "linux")]
mod on_a_terminal {
    use std::io::{Read as _, Write as _};
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use super::{Home, TOKEN};
    use crate::home::skipped;

    /// Prints the terminal's name, asks for a token on it, and prints whether it shows what is typed again.
    const SESSION: &str =
        "tty; \"$LEXBOT\" config set-token --client-id 1; stty -a | grep -o -e '-*echo '";

    #[test]
    fn the_token_is_asked_for_and_not_shown() {
        let home = Home::new();
        let mut command = home.command("script", &["--quiet", "--echo", "always"]);
        command
            .args(["--command", SESSION, "/dev/null"])
            .env("LEXBOT", env!("CARGO_BIN_EXE_lexbot"))
            .env("PATH", "/usr/bin:/bin")
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut script = match command.spawn() {
            Ok(script) => script,
            Err(error) => {
                skipped(&format!("no command `script`: {error}"));
                return;
            }
        };
        let before = shown_until(&mut script, "(not shown): ");
        let terminal = before.lines().next().unwrap().trim();
        wait_until_it_hides_typing(terminal);
        let mut keyboard = script.stdin.take().unwrap();
        keyboard.write_all(format!("{TOKEN}\r").as_bytes()).unwrap();

        let mut after = String::new();
        script
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut after)
            .unwrap();
        assert!(script.wait().unwrap().success());
        assert_eq!(
            before,
            format!("{terminal}\r\nToken for profile \"default\" (not shown): ")
        );
        assert_eq!(
            after,
            "\r\nstored the token …wxyz in profile \"default\" of lexbot/config.toml\r\necho \r\n"
        );
        assert!(home.config_text().contains(TOKEN));
    }

    fn shown_until(script: &mut Child, end: &str) -> String {
        let mut shown = Vec::new();
        let stdout = script.stdout.as_mut().unwrap();
        while !shown.ends_with(end.as_bytes()) {
            let mut byte = [0];
            assert_eq!(stdout.read(&mut byte).unwrap(), 1, "{shown:?}");
            shown.push(byte[0]);
        }
        String::from_utf8(shown).unwrap()
    }

    /// The prompt appears a moment before the terminal stops showing what is typed, and nothing tells when.
    fn wait_until_it_hides_typing(terminal: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let modes = Command::new("stty")
                .args(["-F", terminal, "-a"])
                .output()
                .unwrap();
            if String::from_utf8_lossy(&modes.stdout).contains("-echo ") {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "the terminal still shows what is typed"
            );
        }
    }
}
