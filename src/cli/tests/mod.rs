//! The definitions are consistent, and the examples and man pages agree with them.

// The pages describe the sandbox.
#[cfg(feature = "sandbox")]
mod man;

use clap::{Command, CommandFactory as _, Parser as _};

use super::Cli;

#[test]
fn definitions_are_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn examples_are_valid_command_lines() {
    let mut root = Cli::command();
    root.build();
    assert_examples_are_valid(&root);
}

fn assert_examples_are_valid(command: &Command) {
    let help = command.get_after_long_help().unwrap().to_string();
    let examples = help.split("\n\n").next().unwrap();
    let examples: Vec<_> = examples
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.contains("lexbot"))
        .collect();
    assert!(examples.len() > 1, "{}: {examples:?}", command.get_name());
    for line in examples {
        let words = line
            .split([' ', '(', ')', '"'])
            .skip_while(|word| *word != "lexbot")
            .take_while(|word| !matches!(*word, "|" | ">" | ">>" | ""));
        if let Err(error) = Cli::try_parse_from(words) {
            panic!("{line}: {error}");
        }
    }
    command
        .get_subcommands()
        .for_each(assert_examples_are_valid);
}
