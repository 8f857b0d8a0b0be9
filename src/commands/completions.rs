//! `lexbot completions`: the completions for a shell, made from the same definitions as the command line.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Command, CommandFactory as _, ValueHint};
use clap_complete::Shell;

use crate::cli::{Cli, CompletionsArgs};
use crate::output::Console;

/// Prints the completions.
pub(crate) fn run(args: &CompletionsArgs, console: Console) -> anyhow::Result<ExitCode> {
    let mut command = free_text(Cli::command());
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "lexbot", &mut script);
    let mut script = String::from_utf8(script).context("the completions are not text")?;
    if args.shell == Shell::Fish {
        for command in command.get_subcommands() {
            let condition = format!("__fish_lexbot_using_subcommand {}", command.get_name());
            script.extend(fish_values(command, &condition));
            for nested in command.get_subcommands() {
                let name = nested.get_name();
                let condition = format!("{condition}; and __fish_seen_subcommand_from {name}");
                script.extend(fish_values(nested, &condition));
            }
        }
    }
    console.result(script.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

/// Keeps shells from offering file names as values, except for options that have another hint.
fn free_text(command: Command) -> Command {
    command
        .mut_args(|arg| {
            let any_value = arg.get_action().takes_values() && arg.get_possible_values().is_empty();
            match arg.get_value_hint() {
                ValueHint::Unknown if any_value => arg.value_hint(ValueHint::Other),
                _ => arg,
            }
        })
        .mut_subcommands(free_text)
}

/// What `clap_complete` leaves out for fish: the values of an argument that isn't an option, under this condition.
fn fish_values(command: &Command, condition: &str) -> Option<String> {
    let values: Vec<String> = command
        .get_positionals()
        .flat_map(clap::Arg::get_possible_values)
        .map(|value| value.get_name().to_owned())
        .collect();
    let values = values.join(" ");
    (!values.is_empty()).then(|| {
        format!(
            "complete -c lexbot -n \"{condition}; and not __fish_seen_subcommand_from {values}\" \
             -f -a \"{values}\"\n"
        )
    })
}
