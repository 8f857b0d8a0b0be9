//! `lexbot claim`, `lexbot echo` and `lexbot relay`: sends messages, and prints a result for each.

use std::process::ExitCode;
use std::sync::Arc;

use super::dry_run;
use super::message_flags;
use super::message_source::Source;
use super::send_options::SendOptions;
use crate::batch::{Batch, MAX_CONSECUTIVE_FAILURES, RunSummary};
use crate::env::Environment;
use crate::error::CliError;
use crate::exit::Exit;
use crate::handed_over::HandedOver;
use crate::hint::HintContext;
use crate::journal::Journal;
use crate::message::ExpandOptions;
use crate::output::{Console, Progress, ReaderGone, Reporter};
use crate::sender::{Sender, SenderConfig};
use crate::settings::Settings;
use crate::shutdown::{ReadInterrupt, Shutdown, StopReason};

/// Runs `lexbot claim`, `lexbot echo` or `lexbot relay`.
pub(crate) fn run(
    options: SendOptions,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    message_flags::check_usage(options)?;
    let settings = Settings::resolve(&options.overrides(), environment)?;
    for warning in &settings.warnings {
        console.warning(warning);
    }
    let expand_options = message_flags::expand_options(options, &settings)?;
    if options.action.is_none() && expand_options.app_id.is_none() {
        return Err(no_app_id(&settings).into());
    }
    let handed_over = options
        .handed_over
        .map(|path| HandedOver::open(path, console))
        .transpose()?;
    let reading = ReadInterrupt::default();
    let source = match (options.input, options.action, options.message) {
        (Some(path), _, _) => Source::open(path, &reading)?,
        (None, Some(action), Some(args)) => {
            let message = message_flags::message(action, args, options.state, &expand_options)?;
            Source::Flags(message)
        }
        (None, _, _) => return Err(CliError::usage("there is no input").into()),
    };
    if options.args.dry_run || options.args.curl {
        dry_run::run(
            options,
            &expand_options,
            handed_over,
            source,
            &settings,
            console,
        )
    } else {
        send(
            options,
            expand_options,
            handed_over,
            (source, reading),
            &settings,
            environment,
            console,
        )
    }
}

/// Why `relay` can't start without the bot's own app.
fn no_app_id(settings: &Settings) -> CliError {
    CliError::configuration("no app ID: relay must know which echoes are the bot's own").hint(
        format!(
            "give --app-id ID (App ID in Meta's App Dashboard), set LEXBOT_APP_ID,\n\
         or store it: {}; any takes the echoes of all apps, Lexer's as well",
            settings.config_command("set app_id ID"),
        ),
    )
}

fn send(
    options: SendOptions,
    expand_options: ExpandOptions,
    handed_over: Option<HandedOver>,
    (source, reading): (Source, ReadInterrupt),
    settings: &Settings,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let args = options.args;
    let config = SenderConfig {
        rate: args.rate,
        jobs: args.jobs,
        retries: args.connection.retries,
        verbose: args.output.verbose,
        quiet: args.output.quiet,
    };
    let shutdown = Arc::<Shutdown>::default();
    let sender = Sender::new(
        config,
        handed_over,
        settings,
        environment,
        console,
        Arc::clone(&shutdown),
    )?;
    let context = HintContext::of(settings, &sender.client)?;
    let progress = if args.output.quiet || args.output.verbose {
        Progress::none()
    } else {
        source.progress()
    };
    let reporter = Reporter::new(
        console,
        args.output.options(),
        Some(context),
        progress.clone(),
    );
    let journal = args.journal.as_deref().map(Journal::open).transpose()?;
    let batch = Batch::new(
        options.action,
        sender,
        args.jobs,
        reporter,
        journal,
        shutdown,
        reading,
    )?;
    let summary = match source {
        Source::Flags(message) => batch.one(message),
        Source::Input(mut input) => {
            let summary = batch.many(input.is_endless(), move |batch| {
                input.expand(&expand_options, &progress, &mut |part, expanded| {
                    batch.take(part, expanded);
                    Ok(())
                })
            })?;
            if !args.output.quiet && !summary.is_empty() {
                console.eprint_line(&summary.tally.summary());
            }
            summary
        }
    };
    finish(summary, console)
}

/// The exit code, with a hint if the run stopped because Lexer was not available.
fn finish(summary: RunSummary, console: Console) -> anyhow::Result<ExitCode> {
    if let Some(failure) = summary.failure {
        let Some(StopReason::Signal(signal)) = summary.stopped else {
            return Err(failure);
        };
        if !failure.is::<ReaderGone>() {
            console.error(&format!("{failure:#}"));
        }
        return Ok(Exit::Interrupted(signal).into());
    }
    let worst = summary.tally.exit();
    let exit = match summary.stopped {
        Some(StopReason::Signal(signal)) => Exit::Interrupted(signal),
        Some(StopReason::Unavailable) => {
            console.hint(&format!(
                "{MAX_CONSECUTIVE_FAILURES} messages in a row got no final response, so the run stopped: run it again later, with --journal to skip what was accepted"
            ));
            worst.max(Exit::Unavailable)
        }
        Some(StopReason::Unauthorized) => worst.max(Exit::Unauthorized),
        Some(StopReason::CannotReport) | None => worst,
    };
    Ok(exit.into())
}
