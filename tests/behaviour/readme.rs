//! Every command that README and RECIPES show with its output is run, and prints what they say.
//!
//! A command without output isn't run unless it writes a file: it needs an account, a network or a build. What differs
//! from run to run (times, rates, ports, paths) is not compared.

mod bot;

use crate::support::{Home, program, requires};

const README: &str = include_str!("../../README.md");
const RECIPES: &str = include_str!("../../.github/RECIPES.md");

/// What the examples run, besides the files that the documents show with `cat`.
const BOT: &str = r#"#!/bin/sh
for n in 1 2 3; do
    echo '{"object":"page","entry":[{"id":"112233445566","messaging":[{"sender":{"id":"555"},"recipient":{"id":"112233445566"},"timestamp":145869275247'$n',"message":{"mid":"m_'$n'","text":"hello"}}]}]}'
done
"#;

/// A command and the output under it.
#[derive(Debug)]
struct Example {
    command: String,
    output: String,
}

#[test]
fn readme_shows_what_is_printed() {
    assert_shows_what_is_printed(README, 7);
}

#[test]
fn recipes_show_what_is_printed() {
    if requires("jq") {
        assert_shows_what_is_printed(RECIPES, 7);
    }
}

/// Runs the examples of `document`, at least `minimum` of them, one after the other in the same home.
#[track_caller]
fn assert_shows_what_is_printed(document: &str, minimum: usize) {
    let home = Home::new();
    home.write("bot.sh", BOT);
    home.write_config("[profiles.default]\nclient_id = 123\naccount_id = \"112233445566\"\n");
    let mut run = 0;
    for example in examples(document) {
        if let Some(file) = example.command.strip_prefix("cat ") {
            home.write(file, example.output.clone());
            continue;
        }
        let printed = printed_by(&example.command, &home);
        assert_eq!(
            masked(&printed),
            masked(&example.output),
            "$ {}",
            example.command
        );
        run += 1;
    }
    assert!(run >= minimum, "only {run} examples were found");
}

/// What the shell prints for `command`, both streams as a person sees them.
fn printed_by(command: &str, home: &Home) -> String {
    let lexbot = env!("CARGO_BIN_EXE_lexbot");
    let script = format!(
        "lexbot() {{ '{lexbot}' \"$@\"; }}\nchmod +x ./*.sh\nexec 2>&1\n{}\nexit 0",
        command.replace("cargo run --release --", "lexbot")
    );
    program("sh", ["-c", &script])
        .home(home)
        .stdin("lx_0123456789abcdef\n")
        .stdout_like("...")
        .run()
        .stdout
}

fn examples(document: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        let line = line
            .strip_prefix("   ")
            .filter(|_| line.starts_with("   "))
            .unwrap_or(line);
        match (line, inside) {
            ("```console", _) => inside = true,
            ("```", true) => inside = false,
            (_, true) => match line.strip_prefix("$ ") {
                Some(command) => examples.push(Example {
                    command: command.to_owned(),
                    output: String::new(),
                }),
                // The prompt appears only on a terminal.
                None if line.starts_with("Token for profile") => {}
                None => {
                    let example = examples
                        .last_mut()
                        .expect("a command stands before its output");
                    example.output.push_str(line);
                    example.output.push('\n');
                }
            },
            _ => {}
        }
    }
    let writes_a_file = |command: &str| command.contains(" > ") || command.starts_with("echo ");
    examples.retain(|example| !example.output.is_empty() || writes_a_file(&example.command));
    examples
}

/// `text` without what differs from run to run.
fn masked(text: &str) -> String {
    const VARYING: [&str; 3] = ["round trip", "127.0.0.1:", "elapsed_ms"];
    text.lines()
        .map(|line| {
            let line = line.split_inclusive(' ').map(|word| {
                if word.contains("config.toml") {
                    "config.toml"
                } else {
                    word
                }
            });
            let mut line = line.collect::<String>();
            // How long a batch took, and how fast it was.
            if line.contains(" accepted") {
                line.truncate(line.find(" in ").unwrap_or(line.len()));
            }
            if VARYING.iter().any(|what| line.contains(what)) {
                line.replace(|character: char| character.is_ascii_digit(), "") + "\n"
            } else {
                line + "\n"
            }
        })
        .collect()
}
