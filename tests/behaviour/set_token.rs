//! `config set-token`: the content of the file afterwards, whatever it was before and whatever goes wrong.

#[cfg(unix)]
use std::fs;

use crate::settings::{FILE, config, home_with};
use crate::support::{Home, Run, TOKEN};

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

/// `errors.txt` has what happens if one more byte would be needed.
#[test]
fn the_largest_file_can_be_read_again() {
    const MAX_SIZE: usize = 1024 * 1024;
    let table = format!("[profiles.default]\ntoken = \"{TOKEN}\"\n");
    let home = home_with("#".repeat(MAX_SIZE - table.len() - 2) + "\n");
    set_token(&home, &[]).stderr_like("stored [..]\n...").run();
    assert_eq!(home.read(FILE).len(), MAX_SIZE);
    config(&home, ["show"]).stdout_like("...").run();
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

    use super::{FILE, Home, TOKEN, fs, home_with, set_token, stored};
    use crate::settings::assert_unchanged;
    use crate::support::{program, requires};

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
        at_the_prompt.write("half a tok\x03");
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
