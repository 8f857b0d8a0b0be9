//! `lexbot config`: store the token, and look at the settings.

mod set_token;
mod show;

use std::process::ExitCode;

use crate::cli::ConfigCommand;
use crate::exit::Exit;
use crate::report::{Console, harmless};
use crate::settings::{Environment, config_path};

/// Runs `command`.
pub(crate) fn run(
    command: &ConfigCommand,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    match command {
        ConfigCommand::SetToken(args) => set_token::run(args, environment, console)?,
        ConfigCommand::Show(args) => show::run(args, environment, console)?,
        ConfigCommand::Path(args) => {
            let path = config_path(args.config.as_deref(), environment)?.value;
            console.result(&harmless(&path.to_string_lossy()))?;
        }
    }
    Ok(Exit::Success.into())
}
