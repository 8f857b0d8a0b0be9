//! `lexbot sandbox`: a local stand-in for the Lexer API, to try lexbot or a bot without touching a real inbox.
//!
//! A request passes `server` (connections), `http` (bytes), `state` (all that follows, and faults), `inbox` (which
//! decides), `response` (what is sent), `log` (what is shown and expected) and `record`. `command` runs a command against
//! the sandbox.

mod command;
mod http;
mod inbox;
mod log;
mod record;
mod response;
mod server;
mod state;

use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use tempfile::TempDir;

use crate::cli::SandboxArgs;
use crate::env::Environment;
use crate::error::{CliError, reason};
use crate::exit::Exit;
use crate::locks::lock;
use crate::output::{Console, sanitize};
use crate::shell;
use crate::shutdown;
use crate::token::Token;
use inbox::{Inbox, StrictLimit};
use log::RequestLog;
use record::Record;
use state::State;

/// The page in `LEXBOT_ACCOUNT_ID` if the user gave none: then the sandbox knows every page.
const DEFAULT_PAGE: &str = "1234567890";

/// The variable that says where temporary files go.
const TEMPORARY: &str = if cfg!(windows) { "TEMP" } else { "TMPDIR" };

/// The names and values of environment variables.
type Variables = [(&'static str, String); 4];

/// Runs the sandbox until a signal stops it, or until the given command ends.
pub(crate) fn run(
    args: &SandboxArgs,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    check_command(&args.command)?;
    let token = Token::parse(&args.token).map_err(|problem| {
        CliError::usage(format!("--token: {problem}"))
            .hint("make one up from letters and digits, or leave --token out")
    })?;
    let listener = server::listen(args.port)?;
    let address = listener
        .local_addr()
        .context("cannot tell the sandbox's own port")?;
    let base_url = format!("http://{address}/api/clients");
    let variables = variables(&base_url, &token, args);

    let state = Arc::new(Mutex::new(state(args, token, console)?));

    let Some((program, arguments)) = args.command.split_first() else {
        let ending = Arc::clone(&state);
        // By default, Ctrl-C doesn't end a process that a script started in the background, and no signal ends the
        // first process of a container.
        let has_expectations = !args.expect.is_empty();
        let on_signal = move |signal| end(&ending, has_expectations, signal);
        shutdown::on_signal(on_signal, || {}).context("cannot handle signals")?;
        announce(&base_url, &variables, console)?;
        server::serve(&listener, &state);
    };
    let serving = Arc::clone(&state);
    std::thread::Builder::new()
        .spawn(move || server::serve(&listener, &serving))
        .context("cannot start the sandbox's thread")?;
    let (command, _home) = command(program, arguments, variables, environment)?;
    let code = command::run(command, console, || {
        let state = lock(&state);
        for line in state.log.summary() {
            console.eprint_line(&line);
        }
        let exit = state.conclude();
        // Locked until the process ends, so that the end cuts no line of the record.
        std::mem::forget(state);
        exit
    })?;
    Ok(code.into())
}

fn state(args: &SandboxArgs, token: Token, console: Console) -> Result<State, CliError> {
    let faults = args.faults.0.clone();
    if let [first @ .., _] = &*faults
        && first.iter().any(|fault| fault.count.is_none())
    {
        let error =
            "a --fail or --drop without COUNT applies to all requests, so none can follow it";
        return Err(CliError::usage(error).hint("give it a COUNT, such as --fail 503:1"));
    }
    // Last, so that a usage error never empties the file.
    let record = args
        .record
        .as_deref()
        .map(|path| Record::create(path, token.clone()))
        .transpose()?;
    Ok(State {
        faults,
        record,
        inbox: Inbox {
            token,
            client_id: args.client_id,
            pages: args.account_id.clone(),
            rate_limit: StrictLimit::new(args.rate),
        },
        latency: Duration::from_millis(args.latency),
        log: RequestLog::new(args.expect.clone()),
        console,
        is_live: args.command.is_empty(),
    })
}

/// Ends a sandbox without a command, as `signal` asks. Whether expectations are met then matters more than the signal,
/// which is the only way to end it.
fn end(state: &Mutex<State>, has_expectations: bool, signal: i32) {
    // Locked until the process ends, so that the end cuts no line of the record.
    let state = lock(state);
    let exit = match state.conclude() {
        Exit::Success if !has_expectations => Exit::Interrupted(signal),
        exit => exit,
    };
    std::process::exit(exit.code().into());
}

/// Refuses an empty command, such as that of a script whose variable is empty.
fn check_command(command: &[OsString]) -> Result<(), CliError> {
    let is_empty = match command.first() {
        Some(program) => program.is_empty(),
        None => std::env::args_os().any(|arg| arg == "--"),
    };
    if is_empty {
        return Err(CliError::usage("there is no command after --")
            .hint("lexbot sandbox -- COMMAND, or lexbot sandbox to run it until Ctrl-C"));
    }
    Ok(())
}

/// The variables that point lexbot, or a bot, at the sandbox.
fn variables(base_url: &str, token: &Token, args: &SandboxArgs) -> Variables {
    let page = args.account_id.first().map_or(DEFAULT_PAGE, String::as_str);
    [
        ("LEXBOT_BASE_URL", base_url.to_owned()),
        ("LEXBOT_TOKEN", token.expose().to_owned()),
        ("LEXBOT_CLIENT_ID", args.client_id.to_string()),
        ("LEXBOT_ACCOUNT_ID", page.to_owned()),
    ]
}

/// Prints the base URL to stdout, for scripts that wait for it, and then instructions to stderr.
fn announce(base_url: &str, variables: &Variables, console: Console) -> anyhow::Result<()> {
    console.result(base_url)?;
    console.eprint_line("The sandbox responds as Lexer does, and holds nothing real. To use it:");
    let assignments = variables.each_ref();
    let assignments = assignments.map(|(name, value)| shell::assignment(name, value));
    console.eprint_line(&format!("  {}", sanitize(&assignments.join("; "))));
    console.eprint_line("Each request is listed here. Ctrl-C stops the sandbox.");
    Ok(())
}

/// The command with the sandbox's settings in its environment instead of the user's, and the directory that it needs.
fn command(
    program: &OsStr,
    arguments: &[OsString],
    variables: Variables,
    environment: &Environment,
) -> anyhow::Result<(Command, TempDir)> {
    let home = tempfile::Builder::new()
        .prefix("lexbot-sandbox-")
        .tempdir()
        .map_err(|error| {
            let parent = std::env::temp_dir();
            let (parent, reason) = (parent.display(), reason(&error));
            CliError::configuration(format!("cannot create a directory in {parent}: {reason}"))
                .hint(format!(
                    "set {TEMPORARY} to a directory that you can write to"
                ))
        })?;
    let path = command::path_with_lexbot(home.path(), environment.get_os("PATH"))?;
    #[cfg(windows)]
    let found = crate::find_program::find_program(program, &path);
    #[cfg(windows)]
    let program = found.as_ref().map_or(program, |file| file.as_os_str());
    let mut command = Command::new(program);
    command
        .args(arguments)
        .envs(variables)
        .env("LEXBOT_CONFIG", home.path().join("config.toml"))
        .env("LEXBOT_CACHE_DIR", home.path().join("cache"))
        .env_remove("LEXBOT_PROFILE")
        .env("PATH", path);
    Ok((command, home))
}
