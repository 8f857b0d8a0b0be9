//! A state file that can't be used: one warning, and the run goes on.

use std::fs::{self, File};
use std::time::{Duration, Instant};

use super::{assert_claims, directory, home_after_a_run, state_files};
use crate::batch::{claims, lines, summary};
use crate::example::{claim, claim_of, line};
use crate::support::{Home, Reply, Server, lexbot};

/// The pattern of the warning about this problem.
fn warning(problem: &str) -> String {
    format!("warning: {problem}; the rate limit isn't shared with other lexbot processes\n")
}

#[test]
fn a_lock_that_somebody_holds_costs_two_seconds_once() {
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    let held = File::open(&file).unwrap();
    held.lock().unwrap();
    // Two seconds for each message, or for each use of the file, would take longer.
    lexbot(["claim", "-i", "-", "--rate", "100"])
        .home(&home)
        .stdin(lines(10))
        .server(&server)
        .stdout_like("...")
        .stderr_like(warning("another process holds the lock on [..]") + &summary("10 accepted"))
        .limit(Duration::from_secs(15))
        .run();
    assert_eq!(server.requests().len(), 11);
    drop(held);
    assert_claims(&home, &server);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_wait_for_a_lock() {
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    let held = File::open(&file).unwrap();
    held.lock().unwrap();
    let run = claim()
        .args(["-v"])
        .home(&home)
        .server(&server)
        .stdout("--- m_1 not sent: the run was stopped\n")
        .stderr_like("> POST [..]\n...")
        .code(130)
        .spawn();
    // It is printed before the request asks for its turn.
    run.read_stderr_line();
    run.signal("INT");
    let stderr = run.wait().stderr;
    // There would be one after two seconds.
    assert!(!stderr.contains("warning"), "{stderr}");
    assert_eq!(server.requests().len(), 1);
}

/// On Windows a state file in use can't be deleted.
#[cfg(unix)]
#[test]
fn a_directory_deleted_during_a_run_is_made_again() {
    let server = Server::always(Reply::created());
    let home = Home::new();
    let mut run = lexbot(["claim", "-i", "-", "--rate", "100"])
        .home(&home)
        .server(&server)
        .stdout_like("...")
        .stderr_like(summary("3 accepted"))
        .spawn();
    for (id, deleted) in [("m_1", "file"), ("m_2", "directory"), ("m_3", "")] {
        run.write_line(&line(id));
        assert_eq!(run.read_line(), format!("201 {id} claimed"));
        let files = state_files(&home);
        assert_eq!(files.len(), 1);
        match deleted {
            "file" => fs::remove_file(&files[0]).unwrap(),
            "directory" => fs::remove_dir_all(home.path().join(directory())).unwrap(),
            _ => {}
        }
    }
    run.finish();
    server.ignore_requests();
}

#[cfg(unix)]
#[test]
fn a_directory_that_can_t_be_written_to_causes_one_warning() {
    let server = Server::always(Reply::created());
    let home = Home::new();
    fs::create_dir_all(home.path().join(directory())).unwrap();
    home.set_mode(directory(), 0o500);
    lexbot(["claim", "-i", "-", "--rate", "100"])
        .home(&home)
        .unprivileged()
        .stdin(lines(4))
        .server(&server)
        .stdout_like("...")
        .stderr_like(warning("cannot use [..]: permission denied") + &summary("4 accepted"))
        .run();
    server.ignore_requests();
    home.set_mode(directory(), 0o700);
}

#[test]
fn a_process_without_a_rate_obeys_its_own_pause() {
    let slow_down = Reply::status(429, "Too Many Requests").header("Retry-After", "1");
    let server = Server::answering([slow_down, Reply::created()]);
    let home = Home::new();
    home.write(".cache", "");
    let start = Instant::now();
    claims(&["-j", "1", "--retries", "0"])
        .home(&home)
        .env("LEXBOT_CACHE_DIR", ".cache/lexbot")
        .stdin(lines(2))
        .server(&server)
        .stdout_like("429 m_1 [..]\n201 m_2 claimed\n")
        .stderr_like(
            warning("cannot create [..]") + "hint: [..]\n" + &summary("1 accepted, 1 unavailable"),
        )
        .code(5)
        .run();
    assert!(start.elapsed() >= Duration::from_secs(1));
    server.received(["m_1", "m_2"].map(claim_of));
}

#[cfg(unix)]
#[test]
fn a_file_of_another_user_causes_one_warning() {
    // Only root can give a file away.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let server = Server::always(Reply::created());
    let (home, file) = home_after_a_run(&server);
    let before = home.read(&file);
    std::os::unix::fs::chown(&file, Some(65534), None).unwrap();
    lexbot(["claim", "-i", "-", "--rate", "100"])
        .home(&home)
        .stdin(lines(4))
        .server(&server)
        .stdout_like("...")
        .stderr_like(
            warning("cannot use [..]: it belongs to another user") + &summary("4 accepted"),
        )
        .run();
    assert_eq!(home.read(&file), before);
    server.ignore_requests();
}
