//! Every command with every option that changes what is written, with the token from each of its sources.

use super::{ORIGINS, Origin, files_with_token, home_with_token, reflecting, run_in};
use crate::example::FLAGS;
use crate::support::{
    Authority, Home, Reply, Running, Server, TOKEN, TlsServer, lexbot, refused_port,
};

/// The commands that send something; `M` is a message in flags.
const SENDING: [&str; 11] = [
    "claim M --retries 0",
    "claim M --retries 0 -v",
    "claim M --retries 0 --json -v --color always",
    "echo M --retries 0 -q",
    "claim M --retries 0 --json --journal journal",
    "claim -i - --retries 0 -v -j 1",
    "echo -i - --retries 0 --json",
    "claim -i - --retries 0 --no-validate --rate 0",
    "check --retries 0",
    "check --retries 0 --json",
    "check --retries 0 -v",
];

/// The commands that only look at the settings, or not even at them.
const OTHERS: [&str; 16] = [
    "claim M --dry-run",
    "claim M --dry-run --json -v",
    "claim M --curl",
    "claim --curl -i -",
    "echo --dry-run -i - --no-validate",
    "config show",
    "config show --json",
    "config path",
    "completions bash",
    "--help",
    "claim --help",
    "claim",
    "claim --object-id",
    "check --config keys/lexer",
    "check --profile other",
    "check --base-url http://lexer.example",
];

/// Runs these commands at a server that gives `reply`, and asserts that no file has the token.
#[track_caller]
fn assert_secret(origin: Origin, commands: &[&str], reply: &Reply) {
    let home = home_with_token(origin);
    let server = Server::always(reply.clone());
    for command in commands {
        run_in(&home, origin, command, &server.url()).run();
    }
    server.ignore_requests();
    let found = files_with_token(home.path());
    assert_eq!(found, [""; 0], "{origin:?} {reply:?}");
}

#[test]
fn the_token_stays_secret_whatever_a_server_sends() {
    // Its origin makes no difference to a response: that is for the next test.
    for reply in reflecting() {
        assert_secret(Origin::Command, &SENDING, &reply);
    }
}

#[test]
fn the_token_stays_secret_wherever_it_comes_from() {
    let reply = Reply::status(500, "Oops").json(&format!(r#"{{"error":"{TOKEN}"}}"#));
    for origin in ORIGINS {
        assert_secret(origin, &SENDING, &reply);
        assert_secret(origin, &OTHERS, &Reply::close());
    }
}

#[test]
fn the_token_stays_secret_whatever_the_network_does() {
    let home = home_with_token(Origin::File);
    let authority = Authority::new("ours");
    let certificate = authority.certify("elsewhere.example");
    let tls = TlsServer::start(certificate, Server::answering([]));
    tls.ignore_requests();
    let refused = refused_port();
    let no_address = format!("https://{}.example", "lexer".repeat(13));
    for url in [refused.url(), tls.url(), no_address] {
        for command in SENDING {
            run_in(&home, Origin::File, command, &url)
                .env("SSL_CERT_FILE", authority.path())
                .run();
        }
    }
    assert_eq!(files_with_token(home.path()), [""; 0]);
}

/// A claim that waits for its response, with the token from a command, in this home.
fn waiting(home: &Home) -> (Server, Running) {
    let server = Server::always(Reply::silence());
    let run = lexbot(["claim", "--journal", "journal"])
        .args(FLAGS)
        .home(home)
        .env("LEXBOT_BASE_URL", server.url())
        .code(-9)
        .spawn();
    server.wait_for(1);
    server.ignore_requests();
    (server, run)
}

#[test]
fn a_killed_run_leaves_no_token_behind() {
    let home = home_with_token(Origin::Command);
    let (_server, run) = waiting(&home);
    run.signal("KILL");
    run.wait();
    assert_eq!(files_with_token(home.path()), [""; 0]);
}

#[test]
fn set_token_stores_the_token_only_in_the_file() {
    let home = Home::new();
    for options in ["--client-id 1", "-p acme --base-url https://lexer.example"] {
        lexbot(["config", "set-token"])
            .args(options.split(' '))
            .home(&home)
            .stdin(format!("{TOKEN}\nsecond line\n"))
            .any_output()
            .run();
    }
    assert_eq!(files_with_token(home.path()), [""; 0]);
    let config = home.read(home.config_path());
    assert_eq!(config.matches(TOKEN).count(), 2, "{config}");
}

#[test]
fn the_token_of_a_variable_is_not_stored_with_another_setting() {
    let home = home_with_token(Origin::Variable);
    lexbot(["config", "set-token", "--account-id", "77"])
        .home(&home)
        .env("LEXBOT_TOKEN", TOKEN)
        .stdin("another-one\n")
        .any_output()
        .run();
    assert!(!home.read(home.config_path()).contains(&TOKEN[..8]));
}

#[cfg(target_os = "linux")]
#[test]
fn the_token_is_in_no_process_s_arguments() {
    let home = home_with_token(Origin::Command);
    let (_server, run) = waiting(&home);
    let mine = home.path().as_os_str().as_encoded_bytes();
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
}
