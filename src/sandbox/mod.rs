//! `lexbot sandbox`: a local stand-in for the Lexer API, to try lexbot or a bot on without touching an inbox.
//!
//! A request's way: `server` (connections) → `http` (bytes) → `inbox` and `message` (which answer) → `answer` (what
//! stands in it) → `received` (what is told of it).

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
use crate::token::Token;
use child::Ended;
use inbox::Inbox;
use server::Service;
use variables::Variables;

/// Runs the sandbox: until it is stopped, or as long as the command runs that was given.
pub(crate) fn run(
    args: &SandboxArgs,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let token = Token::parse(&args.token).map_err(|why| {
        CliError::usage(format!("--token: {why}"))
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
        signals::end_the_process().context("cannot handle signals")?;
        announce(&variables, console)?;
        server::serve(&listener, &service);
    };
    let serving = Arc::clone(&service);
    std::thread::Builder::new()
        .spawn(move || server::serve(&listener, &serving))
        .context("cannot start the sandbox's thread")?;
    let code = match run_command(program, arguments, &variables, environment, console)? {
        Ended::Exited(code) => {
            for line in service.summary() {
                console.eprint_line(&line);
            }
            code
        }
        Ended::DidNotRun(code) => code,
    };
    Ok(code.into())
}

/// The base URL first, on standard output, for scripts that wait for it; the rest is for people.
fn announce(variables: &Variables, console: Console) -> anyhow::Result<()> {
    console.result(variables.base_url())?;
    console.eprint_line("The sandbox answers as Lexer does, and holds nothing real. To use it:");
    console.eprint_line(&format!("  {}", sanitize(&variables.export())));
    console.eprint_line("Each request is listed here. Ctrl-C stops the sandbox.");
    Ok(())
}

/// Runs the command with the sandbox's settings in its environment, and none of the user's own.
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
            let (parent, why) = (parent.display(), error.kind());
            CliError::configuration(format!("cannot create a directory in {parent}: {why}"))
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
