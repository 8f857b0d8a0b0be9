//! `lexbot claim` and `lexbot echo`: messages in, requests out, a result for each.

use std::process::ExitCode;

use super::dry_run::DryRun;
use super::message_flags;
use super::message_source::Source;
use crate::api::Action;
use crate::batch::{Batch, MAX_CONSECUTIVE_FAILURES, RunSummary};
use crate::cli::Send;
use crate::client::endpoint;
use crate::env::Environment;
use crate::exit::Exit;
use crate::hint::HintContext;
use crate::journal::{Accepted, Journal};
use crate::output::{Console, Progress, Reporter};
use crate::sender::{Sender, SenderConfig};
use crate::settings::{Overrides, Settings};
use crate::shutdown::StopReason;

/// A subcommand that sends messages, and the options that only it has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SendOptions<'a> {
    /// What to tell Lexer.
    pub(crate) action: Action,
    /// `claim --state`
    pub(crate) state: Option<&'a str>,
    /// `echo --app-id`
    pub(crate) app_id: Option<&'a str>,
}

/// Runs `lexbot claim` or `lexbot echo`.
pub(crate) fn run(
    options: SendOptions,
    args: &Send,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    message_flags::check_usage(options, args)?;
    let settings = resolve(args, environment, console)?;
    let expand_options = message_flags::expand_options(options, args, &settings)?;
    let source = match &args.input {
        Some(path) => Source::open(path)?,
        None => Source::Flags(message_flags::message(
            &args.message,
            options.state,
            &expand_options,
        )?),
    };
    if args.dry_run || args.curl {
        let url = if args.curl {
            let client_id = settings.client_id()?;
            Some(endpoint(
                &settings.base_url.value,
                client_id,
                options.action,
            ))
        } else {
            None
        };
        let accepted = args.journal.as_deref().map(Accepted::at).transpose()?;
        return DryRun::new(
            &expand_options,
            url,
            accepted.unwrap_or_default(),
            console,
            args.output.options(),
        )
        .run(source);
    }

    let config = SenderConfig {
        action: options.action,
        rate: args.rate,
        jobs: args.jobs,
        retries: args.connection.retries,
        verbose: args.output.verbose,
    };
    let sender = Sender::new(config, &settings, environment, console)?;
    let context = HintContext::of(&settings, &sender.client)?;
    let progress = if args.output.quiet || args.output.verbose {
        Progress::none()
    } else {
        source.progress()
    };
    let position = progress.input_position();
    let reporter = Reporter::new(console, args.output.options(), context, progress);
    let journal = args.journal.as_deref().map(Journal::open).transpose()?;
    let batch = Batch::new(sender, args.jobs, reporter, journal)?;
    let summary = match source {
        Source::Flags(message) => batch.one(message),
        Source::Input(mut input) => {
            let summary = batch.many(input.is_endless, move |batch| {
                input.expand(&expand_options, &position, &mut |line, expanded| {
                    batch.take(line, expanded)
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

fn resolve(args: &Send, environment: &Environment, console: Console) -> anyhow::Result<Settings> {
    // Unvalidated, the flag is part of the message and need not be a valid setting.
    let account_id = args
        .message
        .account_id
        .as_deref()
        .filter(|_| !args.no_validate);
    let overrides = Overrides {
        account_id,
        ..args.connection.overrides()
    };
    let settings = Settings::resolve(&overrides, environment)?;
    for warning in &settings.warnings {
        console.warning(warning);
    }
    Ok(settings)
}

/// The exit code, with a hint if the run stopped before the end of its input.
fn finish(summary: RunSummary, console: Console) -> anyhow::Result<ExitCode> {
    if let Some(failure) = summary.failure {
        return Err(failure);
    }
    let worst = summary.tally.exit();
    let exit = match summary.stopped {
        Some(StopReason::Signal(signal)) => Exit::Interrupted(signal),
        Some(StopReason::Unavailable) => {
            console.hint(&format!(
                "{MAX_CONSECUTIVE_FAILURES} messages in a row got no final answer, so the run stopped: run it again later, with --journal to skip what was accepted"
            ));
            worst.max(Exit::Unavailable)
        }
        Some(StopReason::Unauthorized) => worst.max(Exit::Unauthorized),
        Some(StopReason::CannotReport) | None => worst,
    };
    Ok(exit.into())
}
