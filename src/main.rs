//! lexbot: tells Lexer which Messenger messages a chatbot handles.
//!
//! `.github/CONTRIBUTING.md` lists the modules in the order in which a message goes through them.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        reason = "a test that can't go on has failed"
    )
)]

mod api_facts;
mod batch;
#[cfg(unix)]
mod child_process;
mod cli;
mod client;
mod commands;
mod env;
mod error;
mod exit;
#[cfg(windows)]
mod find_program;
mod fs;
mod handed_over;
mod hint;
mod input;
mod journal;
mod locks;
mod message;
mod message_result;
mod outcome;
mod output;
mod pasted_text;
#[cfg(test)]
mod proptest_config;
mod rate_limit;
mod run_activity;
#[cfg(feature = "sandbox")]
mod sandbox;
mod sender;
mod settings;
mod shell;
mod shutdown;
#[cfg(unix)]
mod terminal;
mod token;
mod value_part;

use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Command};
use env::Environment;
use error::CliError;
use exit::Exit;
use output::{ColorWhen, Console, ReaderGone};

fn main() -> ExitCode {
    let environment = Environment::of_process();
    let args = cli::with_help_option(std::env::args_os().collect());
    let (console, ended) = match Cli::try_parse_from(&args) {
        Ok(cli) => {
            let console = Console::new(color_of(&cli.command), &environment);
            (console, run(cli.command, &environment, console))
        }
        Err(error) => {
            let console = Console::new(ColorWhen::Auto, &environment);
            let ended = match cli::usage_error(&error, &args) {
                Some(error) => Err(error.into()),
                None => output::print_help(&error),
            };
            (console, ended)
        }
    };
    ended.unwrap_or_else(|error| print_error(&error, &environment, console))
}

fn run(command: Command, environment: &Environment, console: Console) -> anyhow::Result<ExitCode> {
    match command {
        Command::Claim(args) => commands::send::run((&args).into(), environment, console),
        Command::Echo(args) => commands::send::run((&args).into(), environment, console),
        Command::Relay(args) => commands::send::run((&args).into(), environment, console),
        Command::Check(args) => commands::check::run(&args, environment, console),
        Command::Config(command) => commands::config::run(&command, environment, console),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => sandbox::run(&args, environment, console),
        Command::Completions(args) => commands::completions::run(&args, console),
    }
}

/// Prints `error`. It may repeat an argument, and that may be a token in the wrong place.
fn print_error(error: &anyhow::Error, environment: &Environment, console: Console) -> ExitCode {
    if error.is::<ReaderGone>() {
        return Exit::StdoutClosed.into();
    }
    console.error(&environment.redact(&format!("{error:#}")));
    if let Some(hint) = CliError::hint_of(error) {
        console.hint(&environment.redact(hint));
    }
    CliError::exit_of(error).into()
}

fn color_of(command: &Command) -> ColorWhen {
    match command {
        Command::Claim(args) => args.send.output.color,
        Command::Echo(args) => args.send.output.color,
        Command::Relay(args) => args.send.output.color,
        Command::Check(args) => args.output.color,
        _ => ColorWhen::Auto,
    }
}
