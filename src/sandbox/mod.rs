//! `lexbot sandbox`: a local stand-in for the Lexer API, to try lexbot or a bot without touching a real inbox.
//!
//! A request passes `server` (connections), `http` (bytes), `inbox` with `rate_limit` and `validation` (which decide),
//! `response` (what is sent) and `log` (what is shown). `child`, `signals` and `variables` run a command against the
//! sandbox.

mod child;
mod http;
mod inbox;
mod log;
mod rate_limit;
mod response;
mod server;
mod signals;
mod validation;
mod variables;

use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use crate::cli::SandboxArgs;
use crate::env::Environment;
use crate::error::CliError;
use crate::output::{Console, sanitize};
use crate::shutdown;
use crate::token::Token;
use child::Ended;
use inbox::Inbox;
use server::Service;
use variables::Variables;

/// Runs the sandbox until a signal stops it, or until the given command ends.
pub(crate) fn run(
    args: &SandboxArgs,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let token = Token::parse(&args.token).map_err(|reason| {
        CliError::usage(format!("--token: {reason}"))
            .hint("make one up from letters and digits, or leave --token out")
    })?;
    let listener = server::listen(args.port)?;
    let address = listener
        .local_addr()
        .context("cannot tell the sandbox's own port")?;
    let variables = Variables::new(&format!("http://{address}/api/clients"), &token, args);

    let live = args.command.is_empty().then_some(console);
    let inbox = Inbox::new(token, args.client_id, args.account_id.clone(), args.rate);
    let latency = Duration::from_millis(args.latency);
    let service = Arc::new(Service::new(inbox, latency, live));

    let Some((program, arguments)) = args.command.split_first() else {
        // The default action would end neither a process that a script started in the background nor the first
        // process of a container.
        shutdown::on_signal(|signal| std::process::exit(128 + signal))
            .context("cannot handle signals")?;
        announce(&variables, console)?;
        server::serve(&listener, &service);
    };
    let serving = Arc::clone(&service);
    std::thread::Builder::new()
        .spawn(move || server::serve(&listener, &serving))
        .context("cannot start the sandbox's thread")?;
    match run_command(program, arguments, &variables, environment, console)? {
        Ended::DidNotRun(code) => Ok(code.into()),
        Ended::Exited(code) => {
            for line in service.summary() {
                console.eprint_line(&line);
            }
            Ok(code.into())
        }
    }
}

/// Prints the base URL to stdout, for scripts that wait for it, and then instructions to stderr.
fn announce(variables: &Variables, console: Console) -> anyhow::Result<()> {
    console.result(variables.base_url())?;
    console.eprint_line("The sandbox answers as Lexer does, and holds nothing real. To use it:");
    console.eprint_line(&format!("  {}", sanitize(&variables.export())));
    console.eprint_line("Each request is listed here. Ctrl-C stops the sandbox.");
    Ok(())
}

/// Runs the command with the sandbox's settings in its environment instead of the user's.
fn run_command(
    program: &OsStr,
    arguments: &[OsString],
    variables: &Variables,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<Ended> {
    let lexbot = std::env::current_exe().context("cannot tell where lexbot itself is")?;
    let directory = lexbot
        .parent()
        .context("cannot tell which directory lexbot is in")?;
    let path = child::path_starting_with(directory, environment.get_os("PATH"))?;
    let home = tempfile::Builder::new()
        .prefix("lexbot-sandbox-")
        .tempdir()
        .map_err(|error| {
            let parent = std::env::temp_dir();
            let (parent, reason) = (parent.display(), error.kind());
            CliError::configuration(format!("cannot create a directory in {parent}: {reason}"))
                .hint("set TMPDIR to a directory that you can write to")
        })?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .envs(variables.pairs())
        .env("LEXBOT_CONFIG", home.path().join("config.toml"))
        .env_remove("LEXBOT_PROFILE")
        .env("PATH", path);
    child::run(command, console)
}
