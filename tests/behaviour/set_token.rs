//! `config set-token`: the content of the file afterwards, whatever it was before and whatever goes wrong.

#[cfg(unix)]
use std::fs;

use crate::settings::{FILE, assert_unchanged, config, home_with};
use crate::support::{Home, Run, SECRET, TOKEN};

const ASK: &str = "hint: lexbot config set-token asks for it on a terminal and otherwise reads it from standard input:\n      \
                   pass show lexer | lexbot config set-token\n";

/// `lexbot config set-token ARGS` with the token on standard input.
fn set_token(home: &Home, args: &[&str]) -> Run {
    config(home, ["set-token"])
        .args(args)
        .stdin(format!("{TOKEN}\n"))
}

/// What is printed when the token was stored.
fn stored(profile: &str) -> String {
    let end = &TOKEN[28..];
    format!("stored the token …{end} in profile \"{profile}\" of {FILE}\n")
}

/// The token that the configuration file has in `profile`.
#[track_caller]
fn token_in(home: &Home, profile: &str) -> String {
    let table: toml::Table = home.read(FILE).parse().expect("a file of TOML");
    let token = table["profiles"][profile]["token"].as_str();
    token.expect("a token").to_owned()
}

#[test]
fn stores_the_token_and_the_values_of_its_flags() {
    let home = Home::new();
    let ids = ["--client-id", "123", "--account-id", "0456"];
    set_token(&home, &ids)
        .args([
            "--base-url",
            "https://lexer.example/api/",
            "--app-id",
            "789",
        ])
        .stderr(stored("default"))
        .run();
    assert_eq!(
        home.read(FILE),
        format!(
            "[profiles.default]\ntoken = \"{TOKEN}\"\nclient_id = 123\naccount_id = \"0456\"\napp_id = \"789\"\n\
             base_url = \"https://lexer.example/api\"\n"
        )
    );
    config(&home, ["show"])
        .stdout_like(format!("...\ntoken        …{} [..]\n...\n", &TOKEN[28..]))
        .run();
}

#[test]
fn stores_nothing_from_the_environment() {
    let home = Home::new();
    config(&home, ["set-token", "--client-id", "18446744073709551615"])
        .env("LEXBOT_BASE_URL", "https://variable.example")
        .env("LEXBOT_ACCOUNT_ID", "variable")
        .env("LEXBOT_TOKEN", "variable-token")
        .stdin("short")
        .stderr(
            "warning: the token has fewer than 8 characters, so it isn't redacted where a server sends it back\n\
             stored the token (redacted) in profile \"default\" of lexbot/config.toml\n\
             hint: LEXBOT_TOKEN is set and takes precedence over the stored token\n",
        )
        .run();
    assert_eq!(
        home.read(FILE),
        "[profiles.default]\ntoken = \"short\"\nclient_id = \"18446744073709551615\"\n"
    );
}

#[test]
fn removes_what_is_copied_along_with_the_token() {
    for (text, removed) in [
        (format!("{TOKEN}\r\nmore\n"), ""),
        (format!(" {TOKEN}\t\r\n"), "white space"),
        (format!("“{TOKEN}”\n"), "quotes"),
        (format!("\u{feff}„{TOKEN}“\r\n"), "white space, quotes"),
        (
            format!("\"Auth-Api-Token: {TOKEN}\""),
            "quotes, Auth-Api-Token:, white space",
        ),
        (
            format!("'auth-api-token: bearer {TOKEN}' \n"),
            "white space, quotes, Auth-Api-Token:, Bearer",
        ),
    ] {
        let home = Home::new();
        let note = match removed {
            "" => String::new(),
            removed => format!("removed around the token: {removed}\n"),
        };
        set_token(&home, &["--client-id", "1"])
            .stdin(text)
            .stderr(note + &stored("default"))
            .run();
        assert_eq!(token_in(&home, "default"), TOKEN);
    }
    let home = Home::new();
    set_token(&home, &["--client-id", "1"])
        .stdin("'unmatched-tok'en\"\\\n")
        .stderr_like("stored the token [..]\n")
        .run();
    assert_eq!(token_in(&home, "default"), "'unmatched-tok'en\"\\");
}

#[test]
fn warns_of_a_short_token() {
    let home = Home::new();
    set_token(&home, &["--client-id", "1"])
        .stdin("seven77\n")
        .stderr(
            "warning: the token has fewer than 8 characters, so it isn't redacted where a server sends it back\n\
             stored the token (redacted) in profile \"default\" of lexbot/config.toml\n",
        )
        .run();
    set_token(&home, &[])
        .stdin("eight888\n")
        .stderr_like("stored [..]\n")
        .run();
}

#[test]
fn leaves_the_rest_of_the_file_as_it_is() {
    let before = "# mine\r\nunknown = 1979-05-27\r\n\r\n[profiles.acme] # first\r\n\ttoken = 'old' # tok\r\nextra = { a = 1 }\r\n\r\n\
                  # the other\r\n[profiles.b]\r\ntoken = 'b'\r\n# end";
    let home = home_with(before);
    set_token(&home, &["-p", "acme", "--client-id", "5"])
        .stderr(stored("acme"))
        .run();
    let after = before
        .replace("'old'", &format!("\"{TOKEN}\""))
        .replace("1 }\r\n", "1 }\r\nclient_id = 5\r\n");
    assert_eq!(home.read(FILE), after);
}

#[test]
fn uses_the_profile_of_the_flag_then_the_variable_then_the_file() {
    let home = home_with("default_profile = 'file'\n[profiles.file]\nclient_id = 1\n");
    for (args, variable, profile) in [
        (&["--profile", "two words"][..], "variable", "two words"),
        (&[], "variable", "variable"),
        (&[], "", "file"),
    ] {
        set_token(&home, &["--client-id", "1"])
            .args(args)
            .env("LEXBOT_PROFILE", variable)
            .stderr(stored(profile))
            .run();
    }
    for profile in ["two words", "variable", "file"] {
        assert_eq!(token_in(&home, profile), TOKEN);
    }
}

#[test]
fn prints_the_next_steps() {
    for (home, profile, hints) in [
        (
            Home::new(),
            "acme",
            "hint: the client ID is still missing; Lexer shows it beside the token: \
             lexbot config set client_id N --profile acme, or set LEXBOT_CLIENT_ID\n\
             hint: to use this profile, give --profile acme, set LEXBOT_PROFILE=acme,\n      \
             or make it the default: lexbot config set default_profile acme\n",
        ),
        (
            Home::new(),
            "x\"y;id",
            "hint: the client ID is still missing; Lexer shows it beside the token: \
             lexbot config set client_id N --profile 'x\"y;id', or set LEXBOT_CLIENT_ID\n\
             hint: to use this profile, give --profile 'x\"y;id', set LEXBOT_PROFILE='x\"y;id',\n      \
             or make it the default: lexbot config set default_profile 'x\"y;id'\n",
        ),
        (
            home_with("[profiles.default]\ntoken_command = 'pass show x'\nclient_id = 1\n"),
            "default",
            "hint: the profile has a token_command, too; the stored token takes precedence over it\n",
        ),
    ] {
        set_token(&home, &["--profile", profile])
            .stderr(stored(profile) + hints)
            .run();
    }
}

/// The harness fails a run that shows the token or [`SECRET`].
#[test]
fn rejects_invalid_input_and_arguments_and_changes_nothing() {
    const TEXT: &str = "[profiles.default]\ntoken = 'old'\n";
    let empty = format!("the token is empty\n{ASK}");
    let spaced = format!("the token contains white space\n{ASK}");
    let convert = if cfg!(windows) {
        "to send that from PowerShell: $OutputEncoding = [Text.UTF8Encoding]::new()"
    } else {
        "to convert it: iconv -f UTF-16 -t UTF-8"
    };
    let utf_16 = format!("the token is text in UTF-16, and lexbot reads UTF-8 ({convert})\n{ASK}");
    let unsendable =
        format!("the token has a character that can't be sent in an HTTP header\n{ASK}");
    let argument = "a token can't be an argument: other users of the machine can see those\n...";
    let client_id = "invalid value '0' for '--client-id <N>': must be a whole number above 0\n...";
    let http = "--base-url: the base URL is refused: http:// would send the token unencrypted\n...";
    let user = "--base-url: the base URL is refused: it has a user name or a password\n...";
    let secret_url = format!("https://{SECRET}@h");
    for (args, input, code, error) in [
        (&[][..], &b""[..], 2, &empty[..]),
        (&[], b" \t\r\ns3cret\n", 2, &empty),
        (&[], b"s3cret\x01\n", 2, &unsendable),
        (&[], "s3cret-é\n".as_bytes(), 2, &unsendable),
        (&[], b"s3cret\xff\n", 2, &unsendable),
        (&[], b"s3cret token\n", 2, &spaced),
        (&[], b"Bearer 's3cret\ttoken'\n", 2, &spaced),
        (&[], b"''\n", 2, &empty),
        (&[], b"\xff\xfes\x003\0c\0r\0e\0t\0\r\0\n\0", 2, &utf_16),
        (&[], b"s\x003\0c\0r\0e\0t\0", 2, &utf_16),
        (&[TOKEN], b"token\n", 2, argument),
        (&["--", TOKEN], b"token\n", 2, argument),
        (&["-p", "acme", TOKEN], b"token\n", 2, argument),
        (&["--client-id", "0"], b"token\n", 2, client_id),
        (
            &["--account-id", " "],
            b"token\n",
            2,
            "invalid value ' ' for '--account-id <PAGE>': must not be empty\n...",
        ),
        (
            &["--account-id", "Acme"],
            b"token\n",
            2,
            "invalid value 'Acme' for '--account-id <PAGE>': must be the digits of a Facebook page ID\n...",
        ),
        (
            &["--profile", ""],
            b"token\n",
            2,
            "invalid value '' for '--profile <NAME>': must not be empty\n...",
        ),
        (&["--base-url", "http://lexer.example"], b"token\n", 3, http),
        (&["--base-url", &secret_url], b"token\n", 3, user),
    ] {
        let (new, existing) = (Home::new(), home_with(TEXT));
        for home in [&new, &existing] {
            set_token(home, args)
                .stdin(input)
                .stderr_like(format!("error: {error}"))
                .code(code)
                .run();
        }
        assert_eq!(new.names(""), ["run", "tmp"]);
        assert_eq!(existing.names("lexbot"), ["config.toml"]);
        assert_eq!(existing.read(FILE), TEXT);
    }
}

#[test]
fn leaves_a_file_that_it_cannot_edit_as_it_is() {
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
            "default_profile in lexbot/config.toml must be a string",
        ),
    ] {
        let home = home_with(text);
        set_token(&home, &[])
            .stderr_like(format!("error: {error}\n..."))
            .code(3)
            .run();
        assert_unchanged(&home, text);
    }
}

#[test]
fn a_file_stays_small_enough_to_be_read_again() {
    const MAX_SIZE: usize = 1024 * 1024;
    let table = format!("[profiles.default]\ntoken = \"{TOKEN}\"\n");
    for (size, fits) in [(MAX_SIZE, true), (MAX_SIZE + 1, false)] {
        let text = "#".repeat(size - table.len() - 2) + "\n";
        let home = home_with(&text);
        if fits {
            set_token(&home, &[]).stderr_like("stored [..]\n...").run();
            assert_eq!(home.read(FILE).len(), size);
            config(&home, ["show"]).stdout_like("...").run();
            continue;
        }
        set_token(&home, &[])
            .stderr(
                "error: cannot write lexbot/config.toml: it would be larger than 1 MiB\n\
                 hint: the file is unchanged; remove what isn't needed, or name another file with --config\n",
            )
            .code(3)
            .run();
        assert_unchanged(&home, &text);
    }
}

#[test]
fn concurrent_runs_lose_no_profile() {
    let home = home_with("# mine\n");
    let profiles = ["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"];
    let mut runs = profiles.map(|profile| {
        config(&home, ["set-token", "--client-id", "1", "-p", profile])
            .stderr_like("stored the token [..]\n...")
            .spawn()
    });
    // All wait for their input. Now all continue at once.
    for run in &mut runs {
        run.write_line(TOKEN);
        run.close_stdin();
    }
    for run in runs {
        run.wait();
    }
    let text = home.read(FILE);
    assert!(text.starts_with("# mine\n\n[profiles.p"), "{text}");
    let table: toml::Table = text.parse().expect("a file of TOML");
    let stored: Vec<_> = table["profiles"].as_table().into_iter().flatten().collect();
    assert_eq!(stored.len(), profiles.len(), "{text}");
    for profile in profiles {
        assert_eq!(token_in(&home, profile), TOKEN);
    }
}

#[cfg(unix)]
mod on_unix {
    use std::fs::File;
    use std::os::unix::fs::{MetadataExt as _, chown, symlink};
    use std::thread;
    use std::time::Duration;

    use super::{FILE, Home, TOKEN, assert_unchanged, fs, home_with, set_token, stored};
    use crate::support::{lexbot, program, requires};

    const PROFILE: &str = "[profiles.default]\nclient_id = 1\n";

    #[test]
    fn the_file_and_its_directory_are_only_for_their_owner() {
        let home = Home::new();
        let run = || {
            set_token(&home, &["--client-id", "1", "--config", "a/b/c.toml"])
                .stderr_like("stored [..] of a/b/c.toml\n")
        };
        run().run();
        home.set_mode("a/b/c.toml", 0o644);
        run().run();
        for (path, mode) in [("a", 0o700), ("a/b", 0o700), ("a/b/c.toml", 0o600)] {
            assert_eq!(home.mode(path), mode, "{path}");
        }
        assert_eq!(home.names("a/b"), ["c.toml"]);
        assert_eq!(home.names("tmp"), [""; 0]);
    }

    #[test]
    fn a_symbolic_link_stays_and_its_target_is_edited_or_created() {
        let edited = format!("{PROFILE}token = \"{TOKEN}\"\n");
        let created = format!("[profiles.default]\ntoken = \"{TOKEN}\"\nclient_id = 1\n");
        for (before, after) in [(Some(PROFILE), edited), (None, created)] {
            let home = Home::new();
            let target = "../links/link.toml";
            for (link, target) in [(FILE, target), ("links/link.toml", "../dotfiles/real.toml")] {
                fs::create_dir(home.path().join(link).parent().unwrap()).unwrap();
                symlink(target, home.path().join(link)).unwrap();
            }
            if let Some(text) = before {
                home.write_private("dotfiles/real.toml", text);
            }
            set_token(&home, &["--client-id", "1"])
                .stderr(stored("default"))
                .run();
            let link = fs::read_link(home.path().join(FILE)).unwrap();
            assert_eq!(link.to_str(), Some(target));
            assert_eq!(home.read("dotfiles/real.toml"), after);
            assert_eq!(home.mode("dotfiles/real.toml"), 0o600);
        }
    }

    #[test]
    fn a_file_keeps_its_owner_and_group() {
        // Only root can give a file away.
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let home = home_with(PROFILE);
        let path = home.path().join(FILE);
        chown(&path, Some(65533), Some(65532)).unwrap();
        home.set_mode(FILE, 0o644);
        set_token(&home, &[]).stderr(stored("default")).run();
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (65533, 65532));
        assert_eq!(home.mode(FILE), 0o600);
    }

    /// Earlier versions locked a file with this name.
    #[test]
    fn nothing_in_the_place_of_a_lock_file_is_touched() {
        for make in ["ln -s ../target c.toml.lock", "mkfifo c.toml.lock"] {
            let home = Home::new();
            home.write("d/c.toml", "");
            let script = format!("cd d && {make}");
            program("sh", ["-c", &script]).home(&home).run();
            set_token(&home, &["--config", "d/c.toml", "--client-id", "1"])
                .stderr_like("stored [..]\n")
                .run();
            assert_eq!(home.names("d"), ["c.toml", "c.toml.lock"]);
            assert_eq!(home.names(""), ["d", "run", "tmp"]);
        }
    }

    #[test]
    fn a_lock_that_somebody_holds_is_named() {
        let home = home_with(PROFILE);
        let directory = File::open(home.path().join("lexbot")).unwrap();
        directory.lock().unwrap();
        set_token(&home, &[])
            .stderr(
                "error: another process holds the lock on lexbot\n\
                 hint: nothing was stored; run it again when the other process has ended\n",
            )
            .code(3)
            .run();
        assert_unchanged(&home, PROFILE);
    }

    #[test]
    fn a_signal_ends_the_wait_for_a_lock() {
        for (signal, code) in [("INT", -2), ("TERM", -15)] {
            let home = home_with(PROFILE);
            let directory = File::open(home.path().join("lexbot")).unwrap();
            directory.lock().unwrap();
            let run = set_token(&home, &[]).code(code).spawn();
            // Nothing shows that it waits. A signal that arrives earlier ends it, too.
            thread::sleep(Duration::from_millis(300));
            run.signal(signal);
            run.wait();
            assert_unchanged(&home, PROFILE);
        }
    }

    #[test]
    fn a_copy_that_a_killed_run_left_is_removed() {
        let home = home_with(PROFILE);
        let copy = "lexbot/.lexbot-xyz.tmp";
        home.write(copy, TOKEN);
        home.write("lexbot/.lexbot-mine", "");
        let directory = File::open(home.path().join("lexbot")).unwrap();
        directory.lock().unwrap();
        let run = set_token(&home, &[]).stderr(stored("default")).spawn();
        thread::sleep(Duration::from_millis(100));
        // It may be in use.
        assert_eq!(home.read(copy), TOKEN);
        directory.unlock().unwrap();
        run.wait();
        assert_eq!(home.names("lexbot"), [".lexbot-mine", "config.toml"]);
    }

    /// `strace` kills the run when it renames its copy of the file.
    #[test]
    fn a_killed_run_leaves_the_old_file_and_nothing_for_ever() {
        if !requires("strace") {
            return;
        }
        let home = home_with(PROFILE);
        program("strace", ["-f", "-o", "/dev/null"])
            .args(["-e", "inject=rename,renameat,renameat2:signal=KILL"])
            .args([
                env!("CARGO_BIN_EXE_lexbot"),
                "config",
                "set-token",
                "--config",
                FILE,
            ])
            .home(&home)
            .stdin(TOKEN)
            .code(-9)
            .run();
        assert_eq!(home.read(FILE), PROFILE);
        assert_eq!(home.names("lexbot").len(), 2);
        set_token(&home, &[]).stderr(stored("default")).run();
        assert_eq!(home.names("lexbot"), ["config.toml"]);
    }

    #[test]
    fn every_new_directory_is_synced_to_its_parent() {
        if !requires("strace") {
            return;
        }
        let home = Home::new();
        program(
            "strace",
            ["-f", "-y", "-o", "trace", "-e", "trace=/mkdir|fsync|rename"],
        )
        .args([env!("CARGO_BIN_EXE_lexbot"), "config", "set-token"])
        .args(["--config", "a/b/c.toml", "--client-id", "1"])
        .home(&home)
        .stdin(TOKEN)
        .stderr_like("stored [..]\n")
        .run();
        let trace = home.read("trace");
        let root = home.path().canonicalize().unwrap();
        let synced = |path: &str| format!("<{}>)", root.join(path).display());
        let mut lines = trace.lines();
        for step in [
            "\"a\"".to_owned(),
            synced("").replace("/>", ">"),
            "\"a/b\"".to_owned(),
            synced("a"),
            ".lexbot-".to_owned(),
            "rename".to_owned(),
            synced("a/b"),
        ] {
            assert!(
                lines.any(|line| line.contains(&step)),
                "no {step} in\n{trace}"
            );
        }
    }

    #[test]
    fn refuses_what_is_not_a_regular_file() {
        let home = Home::new();
        symlink("loop", home.path().join("loop")).unwrap();
        for (path, error) in [
            (".", "it is a directory"),
            ("/dev/null", "it is not a regular file"),
            ("loop", "it is a loop of symbolic links"),
        ] {
            set_token(&home, &["--config", path])
                .stderr(format!(
                    "error: cannot write {path}: {error}\n\
                     hint: name another file with --config or LEXBOT_CONFIG\n"
                ))
                .code(3)
                .run();
        }
        assert_eq!(home.names(""), ["loop", "run", "tmp"]);
    }

    #[test]
    fn reports_a_directory_that_it_cannot_write_to() {
        let home = home_with("# mine\n");
        home.set_mode("lexbot", 0o500);
        set_token(&home, &[])
            .unprivileged()
            .stderr(
                "error: cannot write lexbot/config.toml: permission denied\n\
                 hint: the file is unchanged; check its owner, the rights to its directory, and the space on the disk\n",
            )
            .code(3)
            .run();
        assert_unchanged(&home, "# mine\n");
        home.set_mode("lexbot", 0o700);
    }

    /// `strace` makes the system refuse to give a file away, as it does unless root asks.
    #[test]
    fn a_file_that_would_lose_its_owner_is_not_replaced() {
        if !rustix::process::geteuid().is_root() || !requires("strace") {
            return;
        }
        let home = home_with(PROFILE);
        chown(home.path().join(FILE), Some(65533), None).unwrap();
        program("strace", ["-f", "-o", "/dev/null", "-e"])
            .args(["inject=fchown:error=EPERM", env!("CARGO_BIN_EXE_lexbot")])
            .args(["config", "set-token", "--config", FILE])
            .home(&home)
            .stdin(TOKEN)
            .stderr(
                "error: cannot write lexbot/config.toml: it belongs to another user\n\
                 hint: the file is unchanged; check its owner, the rights to its directory, and the space on the disk\n",
            )
            .code(3)
            .run();
        assert_unchanged(&home, PROFILE);
    }

    #[test]
    fn a_home_that_does_not_exist_is_not_created() {
        let home = Home::new();
        let missing = home.path().join("missing");
        lexbot(["config", "set-token"])
            .home(&home)
            .env("HOME", &missing)
            .no_env("XDG_CONFIG_HOME")
            .stdin(TOKEN)
            .stderr_like(
                "error: cannot create the directory [..]: there is no home directory [..]/missing\n\
                 hint: create it, or name another file with --config or LEXBOT_CONFIG\n",
            )
            .code(3)
            .run();
        assert!(!missing.exists());
    }

    /// A file size limit of zero fails every write, as a full disk does.
    #[test]
    fn a_full_disk_leaves_the_file_and_nothing_else() {
        let home = home_with("# mine\n");
        let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" config set-token";
        program("sh", ["-c", script, env!("CARGO_BIN_EXE_lexbot")])
            .home(&home)
            .env("LEXBOT_CONFIG", FILE)
            .stdin(TOKEN)
            .stderr(
                "error: cannot write lexbot/config.toml: file too large\n\
                 hint: the file is unchanged; check its owner, the rights to its directory, and the space on the disk\n",
            )
            .code(3)
            .run();
        assert_unchanged(&home, "# mine\n");
    }
}

/// On a terminal the token is asked for, and what is typed isn't shown.
#[cfg(target_os = "linux")]
mod on_a_terminal {
    use std::fs::File;
    use std::process::Command;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::{FILE, Home, TOKEN, stored};
    use crate::support::{Running, program, requires};

    /// Prints the terminal's name and a process ID, asks for a token, and prints the exit code and whether the terminal
    /// shows again what is typed. The shell survives Ctrl-C.
    const SESSION: &str = "trap : INT; tty; \
        sh -c 'echo $$; exec \"$LEXBOT\" config set-token --client-id 1'; \
        echo code $?; stty -a | grep -o -e '-*echo '";

    /// A session that has got as far as hiding what is typed, and its process ID.
    fn session(home: &Home, output: &str) -> (Running, String) {
        let session = program("script", ["--quiet", "--echo", "always"])
            .args(["--command", SESSION, "/dev/null"])
            .home(home)
            .env("LEXBOT", env!("CARGO_BIN_EXE_lexbot"))
            .env("LEXBOT_CONFIG", FILE)
            .env("SHELL", "/bin/sh")
            .env("NO_COLOR", "1")
            .stdout_like(format!(
                "[..]\r\n[..]\r\nToken for profile \"default\" (not shown): {output}\r\necho \r\n"
            ))
            .spawn();
        let terminal = session.read_line();
        let id = session.read_line().trim().to_owned();
        wait_until_it_hides_typing(terminal.trim());
        (session, id)
    }

    fn signal(name: &str, id: &str) {
        let script = format!("kill -s {name} {id}");
        program("sh", ["-c", &script]).run();
    }

    #[test]
    fn asks_for_the_token_and_hides_typing() {
        if !requires("script") {
            return;
        }
        let home = Home::new();
        let output = format!("\r\n{}\r\ncode 0", stored("default").trim_end());
        let (mut session, _) = session(&home, &output);
        session.write_line(TOKEN);
        session.wait();
        assert!(home.read(FILE).contains(TOKEN));
    }

    #[test]
    fn a_signal_at_the_prompt_restores_the_terminal() {
        if !requires("script") {
            return;
        }
        for (name, output) in [
            ("INT", "error: interrupted\r\ncode 130"),
            ("TERM", "\r\nerror: interrupted\r\ncode 143"),
            ("HUP", "\r\nerror: interrupted\r\ncode 129"),
            ("QUIT", "\r\nerror: interrupted\r\ncode 131"),
        ] {
            let home = Home::new();
            let (session, id) = session(&home, output);
            signal(name, &id);
            session.wait();
            assert_eq!(home.names(""), ["run", "tmp"]);
        }
    }

    #[test]
    fn ctrl_c_works_at_the_prompt_and_after_it() {
        if !requires("script") {
            return;
        }
        let home = Home::new();
        let (mut at_the_prompt, _) = session(&home, "\r\nerror: interrupted\r\ncode 130");
        at_the_prompt.write_line("half a tok\x03");
        at_the_prompt.wait();

        home.write(FILE, "");
        let directory = File::open(home.path().join("lexbot")).unwrap();
        directory.lock().unwrap();
        let (mut waiting, _) = session(&home, "\r\n^Ccode 130");
        waiting.write_line(TOKEN);
        thread::sleep(Duration::from_millis(300));
        waiting.write("\x03");
        waiting.wait();
        assert_eq!(home.read(FILE), "");
    }

    /// The prompt appears a moment before the terminal stops showing what is typed, and nothing signals when.
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
