//! Every command with every option that changes what is written, with the token from each place it can be in.

use super::{ORIGINS, Origin, files_with_token, home_with_token, reflecting, run_in, with_message};
use crate::support::{Authority, Home, Reply, Server, TOKEN, TlsServer, lexbot, refused_port};

/// The commands that send something.
fn sending() -> Vec<Vec<&'static str>> {
    let journal = ["claim", "--journal", "journal", "--json", "--retries", "0"];
    vec![
        with_message(&["claim", "--retries", "0"]),
        with_message(&["claim", "--retries", "0", "-v"]),
        with_message(&[
            "claim",
            "--retries",
            "0",
            "--json",
            "-v",
            "--color",
            "always",
        ]),
        with_message(&["echo", "--retries", "0", "-q"]),
        with_message(&journal),
        vec!["claim", "-i", "-", "--retries", "0", "-v", "-j", "1"],
        vec!["echo", "-i", "-", "--retries", "0", "--json"],
        vec![
            "claim",
            "-i",
            "-",
            "--retries",
            "0",
            "--no-validate",
            "--rate",
            "0",
        ],
        vec!["check", "--retries", "0"],
        vec!["check", "--retries", "0", "--json"],
        vec!["check", "--retries", "0", "-v"],
    ]
}

/// The commands that only look at the settings, or not even at them.
fn silent() -> Vec<Vec<&'static str>> {
    vec![
        with_message(&["claim", "--dry-run"]),
        with_message(&["claim", "--dry-run", "--json", "-v"]),
        with_message(&["claim", "--curl"]),
        vec!["claim", "--curl", "-i", "-"],
        vec!["echo", "--dry-run", "-i", "-", "--no-validate"],
        vec!["config", "show"],
        vec!["config", "show", "--json"],
        vec!["config", "path"],
        vec!["completions", "bash"],
        vec!["--help"],
        vec!["claim", "--help"],
        vec!["claim"],
        vec!["claim", "--object-id"],
        vec!["check", "--config", "keys/lexer"],
        vec!["check", "--profile", "other"],
        vec!["check", "--base-url", "http://lexer.example"],
    ]
}

/// Runs everything in `args` at a server that gives `reply`, and looks at what is left.
#[track_caller]
fn assert_kept(origin: Origin, commands: &[Vec<&str>], reply: &Reply) {
    let home = home_with_token(origin);
    let server = Server::always(reply.clone());
    for args in commands {
        run_in(&home, origin, args, &server.url()).run();
    }
    server.ignore_requests();
    assert_eq!(
        files_with_token(home.path()),
        [""; 0],
        "{origin:?} {reply:?}"
    );
}

#[test]
fn no_server_gets_it_printed_or_written() {
    // Where it is from makes no difference to what is made of an answer: that is for the next test.
    for reply in reflecting() {
        assert_kept(Origin::Command, &sending(), &reply);
    }
}

#[test]
fn no_place_that_it_is_from_gets_it_printed_or_written() {
    let reply = Reply::status(500, "Oops").json(&format!(r#"{{"error":"{TOKEN}"}}"#));
    for origin in ORIGINS {
        assert_kept(origin, &sending(), &reply);
        assert_kept(origin, &silent(), &Reply::close());
    }
}

#[test]
fn no_fault_of_the_network_gets_it_printed_or_written() {
    let home = home_with_token(Origin::File);
    let authority = Authority::new("ours");
    let tls = TlsServer::start(
        authority.certify("elsewhere.example"),
        Server::answering([]),
    );
    tls.ignore_requests();
    let refused = refused_port();
    for url in [
        refused.url(),
        tls.url(),
        format!("https://{}.example", "lexer".repeat(13)),
    ] {
        for args in sending() {
            run_in(&home, Origin::File, &args, &url)
                .env("SSL_CERT_FILE", authority.path())
                .run();
        }
    }
    assert_eq!(files_with_token(home.path()), [""; 0]);
}

#[test]
fn a_run_that_is_killed_leaves_it_nowhere() {
    let home = home_with_token(Origin::Command);
    let server = Server::always(Reply::silence());
    let run = lexbot(with_message(&["claim", "--journal", "journal"]))
        .home(&home)
        .env("LEXBOT_BASE_URL", server.url())
        .code(-9)
        .spawn();
    server.wait_for(1);
    run.signal("KILL");
    run.wait();
    server.ignore_requests();
    assert_eq!(files_with_token(home.path()), [""; 0]);
}

#[test]
fn it_is_stored_in_the_file_alone() {
    let home = Home::new();
    for args in [
        &["config", "set-token", "--client-id", "1"][..],
        &[
            "config",
            "set-token",
            "-p",
            "acme",
            "--base-url",
            "https://lexer.example",
        ],
    ] {
        lexbot(args)
            .home(&home)
            .stdin(format!("{TOKEN}\nsecond line\n"))
            .stdout_like("...")
            .stderr_like("...")
            .run();
    }
    assert_eq!(files_with_token(home.path()), [""; 0]);
    let config = home.read(home.config_path());
    assert_eq!(config.matches(TOKEN).count(), 2, "{config}");
}

#[test]
fn a_variable_s_token_isn_t_stored_with_another_setting() {
    let home = home_with_token(Origin::Variable);
    lexbot(["config", "set-token", "--account-id", "77"])
        .home(&home)
        .env("LEXBOT_TOKEN", TOKEN)
        .stdin("another-one\n")
        .stdout_like("...")
        .stderr_like("...")
        .run();
    assert!(!home.read(home.config_path()).contains(&TOKEN[..8]));
}

#[test]
fn it_isn_t_repeated_where_it_was_typed_in_a_wrong_place() {
    // The harness looks for it in what is printed.
    let option = format!("--token={TOKEN}");
    for args in [
        &["config", "set-token", TOKEN][..],
        &["config", "set-token", "--token", TOKEN],
        &["config", "set-token", &option],
        &["config", "set-token", "--client-id", TOKEN],
        &["check", "--token", TOKEN],
        &["check", &option],
        &["claim", "--token", TOKEN],
        &["claim", &option],
        &["config", "show", "--token", TOKEN],
        &["check", "--client-id", TOKEN],
    ] {
        lexbot(args).stderr_like("error: [..]\n...").code(2).run();
    }
    for (variable, config) in [
        ("LEXBOT_CLIENT_ID", ""),
        ("LEXBOT_BASE_URL", ""),
        (
            "HTTPS_PROXY",
            "[profiles.default]\ntoken = 'x'\nclient_id = 1\n",
        ),
        ("X", "[profiles.default]\nclient_id = '{TOKEN}'\n"),
        ("X", "[profiles.default]\nclient_id = {TOKEN}\n"),
        ("X", "[profiles.default]\nbase_url = '{TOKEN}'\n"),
        ("X", "[profiles.default]\nrate = '{TOKEN}'\n"),
        ("X", "profiles = '{TOKEN}'\n"),
        ("X", "{TOKEN}\n"),
    ] {
        let value = format!("{TOKEN} ://");
        lexbot(["check"])
            .config(&config.replace("{TOKEN}", TOKEN))
            .env(variable, value)
            .stdout_like("...")
            .stderr_like("error: [..]\n...")
            .code(3)
            .run();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn it_is_in_no_process_s_arguments() {
    let home = home_with_token(Origin::Command);
    let server = Server::always(Reply::silence());
    let run = lexbot(with_message(&["claim"]))
        .home(&home)
        .env("LEXBOT_BASE_URL", server.url())
        .code(-9)
        .spawn();
    server.wait_for(1);
    let mine = home.path().as_os_str().as_encoded_bytes().to_owned();
    let mut seen = 0;
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(arguments) = std::fs::read(entry.path().join("cmdline")) else {
            continue;
        };
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        if environment.windows(mine.len()).any(|part| part == mine) {
            seen += 1;
            assert!(!super::has_token(&arguments));
        }
    }
    assert!(seen > 0, "the run itself");
    run.signal("KILL");
    run.wait();
    server.ignore_requests();
}
