//! `lexbot claim` and `lexbot echo`: sends messages, and prints a result for each.

use std::process::ExitCode;
use std::sync::Arc;

use super::dry_run;
use super::message_flags::{self, SendOptions};
use super::message_source::Source;
use crate::batch::{Batch, MAX_CONSECUTIVE_FAILURES, RunSummary};
use crate::env::Environment;
use crate::exit::Exit;
use crate::hint::HintContext;
use crate::journal::Journal;
use crate::message::ExpandOptions;
use crate::output::{Console, Progress, ReaderGone, Reporter};
use crate::sender::{Sender, SenderConfig};
use crate::settings::{Overrides, Settings};
use crate::shutdown::{ReadInterrupt, Shutdown, StopReason};

/// Runs `lexbot claim` or `lexbot echo`.
pub(crate) fn run(
    options: SendOptions,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    message_flags::check_usage(options)?;
    let settings = resolve(options, environment)?;
    for warning in &settings.warnings {
        console.warning(warning);
    }
    let expand_options = message_flags::expand_options(options, &settings)?;
    let reading = ReadInterrupt::default();
    let source = match &options.args.input {
        Some(path) => Source::open(path, &reading)?,
        None => Source::Flags(message_flags::message(options, &expand_options)?),
    };
    if options.args.dry_run || options.args.curl {
        dry_run::run(options, &expand_options, source, &settings, console)
    } else {
        send(
            options,
            expand_options,
            (source, reading),
            &settings,
            environment,
            console,
        )
    }
}

fn resolve(options: SendOptions, environment: &Environment) -> anyhow::Result<Settings> {
    let args = options.args;
    // With --no-validate, the flag is part of the message and need not be a valid setting.
    let account_id = args.message.account_id.as_deref();
    let overrides = Overrides {
        account_id: account_id.filter(|_| !args.no_validate),
        ..args.connection.overrides()
    };
    Settings::resolve(&overrides, environment)
}

fn send(
    options: SendOptions,
    expand_options: ExpandOptions,
    (source, reading): (Source, ReadInterrupt),
    settings: &Settings,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let args = options.args;
    let config = SenderConfig {
        action: options.action,
        rate: args.rate,
        jobs: args.jobs,
        retries: args.connection.retries,
        verbose: args.output.verbose,
        quiet: args.output.quiet,
    };
    let shutdown = Arc::<Shutdown>::default();
    let sender = Sender::new(
        config,
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
    let batch = Batch::new(sender, args.jobs, reporter, journal, shutdown, reading)?;
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
