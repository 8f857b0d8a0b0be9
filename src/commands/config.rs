//! `lexbot config`: store the token, and look at the settings.

use std::process::ExitCode;

use crate::cli::ConfigCommand;
use crate::env::Environment;
use crate::exit::Exit;
use crate::output::{Console, sanitize};
use crate::settings::config_path;

/// Runs `command`.
pub(crate) fn run(
    command: &ConfigCommand,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    match command {
        ConfigCommand::SetToken(args) => super::set_token::run(args, environment, console)?,
        ConfigCommand::Show(args) => super::config_show::run(args, environment, console)?,
        ConfigCommand::Path(args) => {
            let path = config_path(args.config.as_deref(), environment)?.value;
            console.result(&sanitize(&path.to_string_lossy()))?;
        }
    }
    Ok(Exit::Success.into())
}
