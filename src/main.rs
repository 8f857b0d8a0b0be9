//! lexbot: tells Lexer which Messenger messages a chatbot handles.
//!
//! One message's way through the modules:
//! `cli` (what was typed) → `settings` (where and as whom) → `input` and `message` (what) → `client` (the
//! request) → `outcome` (what came of it) → `report` (what is printed) → `exit` (what a script sees).

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        reason = "a test that can't go on has failed"
    )
)]

mod api;
mod batch;
mod cli;
mod client;
mod commands;
mod env;
mod error;
mod exit;
mod fs;
mod hint;
mod input;
mod journal;
mod message;
mod outcome;
mod output;
#[cfg(test)]
mod proptest_config;
mod rate_limit;
mod result;
#[cfg(feature = "sandbox")]
mod sandbox;
mod sender;
mod settings;
mod shell;
mod shutdown;
mod token;

use std::process::ExitCode;

use clap::Parser as _;

use api::Action;
use cli::{Cli, Command};
use commands::send::SendOptions;
use env::Environment;
use error::CliError;
use exit::Exit;
use output::{ColorWhen, Console, ReaderGone};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return output::usage_error(&error),
    };
    let environment = Environment::of_process();
    let console = Console::new(color_of(&cli.command), wants_no_color(&environment));
    match run(cli.command, &environment, console) {
        Ok(code) => code,
        Err(error) if error.is::<ReaderGone>() => Exit::Success.into(),
        Err(error) => {
            console.error(&format!("{error:#}"));
            if let Some(hint) = CliError::hint_of(&error) {
                console.hint(hint);
            }
            CliError::exit_of(&error).into()
        }
    }
}

fn run(command: Command, environment: &Environment, console: Console) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check(args) => commands::check::run(&args, environment, console),
        Command::Completions(args) => commands::completions::run(&args, console),
        Command::Config(command) => commands::config::run(&command, environment, console),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => sandbox::run(&args, environment, console),
        Command::Claim(args) => {
            let options = SendOptions {
                action: Action::Claim,
                state: args.state.as_deref(),
                app_id: None,
            };
            commands::send::run(options, &args.send, environment, console)
        }
        Command::Echo(args) => {
            let options = SendOptions {
                action: Action::Echo,
                state: None,
                app_id: args.app_id.as_deref(),
            };
            commands::send::run(options, &args.send, environment, console)
        }
    }
}

/// Whether the environment asks for no colour, or names a terminal that knows none.
fn wants_no_color(environment: &Environment) -> bool {
    environment.get_os("NO_COLOR").is_some()
        || environment
            .get_os("TERM")
            .is_some_and(|term| term == "dumb")
}

fn color_of(command: &Command) -> ColorWhen {
    match command {
        Command::Claim(args) => args.send.output.color,
        Command::Echo(args) => args.send.output.color,
        Command::Check(args) => args.output.color,
        _ => ColorWhen::Auto,
    }
}
