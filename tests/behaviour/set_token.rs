//! `config set-token` where it takes signals, other processes, other users or a terminal. `config.txt` has the rest.

use std::fs::File;
use std::thread;
use std::time::Duration;

use crate::support::{Home, Run, TOKEN, lexbot};

/// Where these tests have the configuration file, seen from the home: messages name it the same in every home.
const FILE: &str = "lexbot/config.toml";

const PROFILE: &str = "[profiles.default]\nclient_id = 1\n";

/// A home whose configuration file has `text`.
fn home_with(text: &str) -> Home {
    let home = Home::new();
    home.write_private(FILE, text);
    home
}

/// A home whose configuration file is locked for as long as the second value is kept.
fn locked() -> (Home, File) {
    let home = home_with(PROFILE);
    let lock = if cfg!(windows) {
        File::create(home.path().join("lexbot/config.toml.lock"))
    } else {
        File::open(home.path().join("lexbot"))
    };
    let lock = lock.unwrap();
    lock.lock().unwrap();
    (home, lock)
}

/// `lexbot config set-token` with the token on standard input.
fn set_token(home: &Home) -> Run {
    lexbot(["config", "set-token"])
        .home(home)
        .env("LEXBOT_CONFIG", FILE)
        .stdin(format!("{TOKEN}\n"))
}

/// What is printed when the token was stored.
fn stored() -> String {
    let end = &TOKEN[28..];
    format!("stored the token …{end} in profile \"default\" of {FILE}\n")
}

#[test]
fn concurrent_runs_lose_no_profile() {
    let home = home_with("# mine\n");
    let profiles = ["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"];
    let mut runs = profiles.map(|profile| {
        lexbot(["config", "set-token", "--client-id", "1", "-p", profile])
            .home(&home)
            .env("LEXBOT_CONFIG", FILE)
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
    let stored = table["profiles"].as_table().expect("a table");
    assert!(stored.keys().eq(profiles), "{text}");
    assert!(
        stored
            .values()
            .all(|profile| profile["token"].as_str() == Some(TOKEN))
    );
}

#[test]
fn a_copy_that_a_killed_run_left_is_removed() {
    let (home, lock) = locked();
    let copy = "lexbot/.lexbot-xyz.tmp";
    home.write(copy, TOKEN);
    home.write("lexbot/.lexbot-mine", "");
    let run = set_token(&home).stderr(stored()).spawn();
    thread::sleep(Duration::from_millis(100));
    // It may be in use.
    assert_eq!(home.read(copy), TOKEN);
    drop(lock);
    run.wait();
    let left = home.names("lexbot");
    assert_eq!(left[..2], [".lexbot-mine", "config.toml"]);
}

#[cfg(unix)]
mod on_unix {
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, chown};
    use std::thread;
    use std::time::Duration;

    use super::{FILE, Home, PROFILE, Run, TOKEN, home_with, locked, set_token, stored};
    use crate::support::{program, requires};

    const UNCHANGED: &str = "hint: the file is unchanged; check its owner, the rights to its directory, and the space on the disk\n";

    /// Asserts that the configuration file is still [`PROFILE`], and that its directory has nothing else.
    #[track_caller]
    fn assert_unchanged(home: &Home) {
        assert_eq!(home.read(FILE), PROFILE);
        assert_eq!(home.names("lexbot"), ["config.toml"]);
    }

    /// `lexbot config set-token` for this file, under `strace` with these arguments.
    fn traced(home: &Home, strace: &[&str], file: &str) -> Run {
        program("strace", ["-f"])
            .args(strace)
            .args([env!("CARGO_BIN_EXE_lexbot"), "config", "set-token"])
            .args(["--config", file, "--client-id", "1"])
            .home(home)
            .stdin(TOKEN)
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
        set_token(&home).stderr(stored()).run();
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (65533, 65532));
        assert_eq!(home.mode(FILE), 0o600);
    }

    #[test]
    fn a_signal_ends_the_wait_for_a_lock() {
        for (signal, code) in [("INT", -2), ("TERM", -15)] {
            let (home, _lock) = locked();
            let run = set_token(&home).code(code).spawn();
            // Nothing shows that it waits. A signal that arrives earlier ends it, too.
            thread::sleep(Duration::from_millis(300));
            run.signal(signal);
            run.wait();
            assert_unchanged(&home);
        }
    }

    /// `strace` kills the run when it renames its copy of the file.
    #[test]
    fn a_killed_run_leaves_the_old_file_and_nothing_for_ever() {
        if !requires("strace") {
            return;
        }
        let home = home_with(PROFILE);
        let kill = "inject=rename,renameat,renameat2:signal=KILL";
        let run = traced(&home, &["-o", "/dev/null", "-e", kill], FILE);
        run.code(-9).run();
        assert_eq!(home.read(FILE), PROFILE);
        assert_eq!(home.names("lexbot").len(), 2);
        set_token(&home).stderr(stored()).run();
        assert_eq!(home.names("lexbot"), ["config.toml"]);
    }

    #[test]
    fn every_new_directory_is_synced_to_its_parent() {
        if !requires("strace") {
            return;
        }
        let home = Home::new();
        let calls = ["-y", "-o", "trace", "-e", "trace=/mkdir|fsync|rename"];
        let run = traced(&home, &calls, "a/b/c.toml");
        run.stderr_like("stored [..]\n").run();
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
            let found = lines.any(|line| line.contains(&step));
            assert!(found, "no {step} in\n{trace}");
        }
    }

    #[test]
    fn reports_a_directory_that_it_cannot_write_to() {
        let home = home_with(PROFILE);
        home.set_mode("lexbot", 0o500);
        set_token(&home)
            .unprivileged()
            .stderr(format!(
                "error: cannot write {FILE}: permission denied\n{UNCHANGED}"
            ))
            .code(3)
            .run();
        assert_unchanged(&home);
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
        let refuse = "inject=fchown:error=EPERM";
        traced(&home, &["-o", "/dev/null", "-e", refuse], FILE)
            .stderr(format!(
                "error: cannot write {FILE}: it belongs to another user\n{UNCHANGED}"
            ))
            .code(3)
            .run();
        assert_unchanged(&home);
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
    use crate::support::{Running, in_a_terminal, program, requires};

    /// Prints the terminal's name and a process ID, asks for a token, and prints the exit code and whether the terminal
    /// shows again what is typed. The shell survives Ctrl-C.
    const SESSION: &str = "trap : INT; tty; \
        sh -c 'echo $$; exec lexbot config set-token --client-id 1'; \
        echo code $?; stty -a | grep -o -e '-*echo '";

    /// A session that has got as far as hiding what is typed, and its process ID.
    fn session(home: &Home, output: &str) -> (Running, String) {
        let session = in_a_terminal(SESSION)
            .home(home)
            .env("LEXBOT_CONFIG", FILE)
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
        let output = format!("\r\n{}\r\ncode 0", stored().trim_end());
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
