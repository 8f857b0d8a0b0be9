//! `lexbot claim`, `lexbot echo` and `lexbot relay`: sends messages, and prints a result for each.

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use super::dry_run;
use super::message_source::{Input, Source};
use super::send_options::SendOptions;
use crate::batch::{Batch, MAX_CONSECUTIVE_FAILURES, RunSummary};
use crate::cli::SendArgs;
use crate::env::Environment;
use crate::error::CliError;
use crate::exit::Exit;
use crate::fs::change_warning;
use crate::handed_over::HandedOver;
use crate::hint::HintContext;
use crate::journal::Journal;
use crate::message::ExpandOptions;
use crate::outcome::Outcome;
use crate::output::{Console, Progress, ReaderGone, Reporter, counted};
use crate::sender::{Sender, SenderConfig};
use crate::settings::Settings;
use crate::shutdown::{Shutdown, StopReason};

/// Runs `lexbot claim`, `lexbot echo` or `lexbot relay`.
pub(crate) fn run(
    options: SendOptions,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let settings = Settings::resolve(&options.overrides(), environment)?;
    for warning in &settings.warnings {
        console.warning(warning);
    }
    let expand_options = options.expand_options(&settings);
    if options.action.is_none() && expand_options.app_id.is_none() {
        return Err(no_app_id(&settings).into());
    }
    let handed_over = options
        .handed_over
        .map(|path| HandedOver::open(path, environment, console))
        .transpose()?;
    let is_dry_run = options.args.dry_run || options.args.curl;
    let shutdown = Arc::<Shutdown>::default();
    let source = match options.input {
        Some(path) => {
            let flushed = is_dry_run.then_some(console);
            Source::open(path, &shutdown, flushed)?
        }
        None => Source::Flags(options.message(&expand_options)?),
    };
    if is_dry_run {
        return dry_run::run(
            options,
            &expand_options,
            handed_over,
            source,
            &settings,
            console,
        );
    }
    let sender = Sender::new(
        sender_config(options.args),
        handed_over,
        &settings,
        environment,
        console,
        shutdown,
    )?;
    let context = HintContext::of(&settings, &sender.client);
    send(options, source, expand_options, sender, context, console)
}

fn sender_config(args: &SendArgs) -> SenderConfig {
    SenderConfig {
        rate: args.rate,
        jobs: args.jobs,
        retries: args.connection.retries,
        verbose: args.output.verbose,
        quiet: args.output.quiet,
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

/// Sends the messages from `source`, and prints a result for each and a summary.
fn send(
    options: SendOptions,
    source: Source,
    expand_options: ExpandOptions,
    sender: Sender,
    context: HintContext,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let args = options.args;
    let progress = Arc::new(source.progress());
    let reporter = Reporter::new(
        console,
        args.output.options(),
        Some(context),
        Arc::clone(&progress),
    );
    let journal = args.journal.as_deref();
    if let Some(warning) =
        journal.and_then(|path| change_warning(path, "which messages are skipped"))
    {
        console.warning(&warning);
    }
    let journal = journal.map(Journal::open).transpose()?;
    let is_batch = matches!(source, Source::Input(_));
    let shown = (is_batch && !args.output.verbose).then(|| Arc::clone(&progress));
    let status = sender.watch(is_batch, shown);
    let batch = Batch::new(options.action, sender, reporter, journal)?;
    let (summary, lines_left) = match source {
        Source::Flags(message) => (batch.one(message), Some(0)),
        Source::Input(input) => send_input(&batch, input, expand_options, progress)?,
    };
    drop(status);
    if is_batch && !args.output.quiet && summary.has_begun() {
        console.eprint_line(&summary_line(&summary, lines_left));
    }
    finish(summary, lines_left, console)
}

/// Sends the messages in `input`. Also returns how many of its lines are left, if that is known.
fn send_input(
    batch: &Arc<Batch>,
    mut input: Box<Input>,
    options: ExpandOptions,
    progress: Arc<Progress>,
) -> anyhow::Result<(RunSummary, Option<u64>)> {
    let lines_left = Arc::new(OnceLock::new());
    let found = Arc::clone(&lines_left);
    let summary = batch.many(input.is_endless(), move |batch| {
        let read = input.expand(&options, &progress, &mut |part, expanded| {
            batch.take(part, expanded);
            Ok(())
        });
        found.get_or_init(|| input.lines_left());
        read
    })?;
    // Nothing is known if the reader is still blocked.
    Ok((summary, lines_left.get().copied().flatten()))
}

/// The counts; if the run stopped early, also how many lines are left.
fn summary_line(summary: &RunSummary, lines_left: Option<u64>) -> String {
    let is_stopped = match summary.stopped {
        Some(StopReason::Signal(_)) => true,
        Some(StopReason::CannotReport) => !is_complete(summary, lines_left),
        // The rest of the input was read nevertheless.
        Some(StopReason::Unauthorized | StopReason::Unavailable) | None => false,
    };
    if is_stopped {
        let left = lines_left.filter(|lines| *lines > 0);
        let left = left.map(|lines| format!("{} left", counted(lines, "line")));
        format!("stopped: {}", summary.tally.summary(left))
    } else {
        summary.tally.summary(None)
    }
}

/// Whether the input had ended and everything in it was sent.
fn is_complete(summary: &RunSummary, lines_left: Option<u64>) -> bool {
    lines_left == Some(0) && summary.tally.number_of(Outcome::NotSent) == 0
}

/// The exit code, with a hint if the run stopped because Lexer was not available.
fn finish(
    summary: RunSummary,
    lines_left: Option<u64>,
    console: Console,
) -> anyhow::Result<ExitCode> {
    let worst = summary.tally.exit();
    let is_complete = is_complete(&summary, lines_left);
    let failure = summary.failure;
    let exit = match (summary.stopped, failure) {
        (Some(StopReason::Signal(signal)), failure) => {
            if let Some(failure) = failure.filter(|failure| !failure.is::<ReaderGone>()) {
                console.error(&format!("{failure:#}"));
            }
            Exit::Interrupted(signal)
        }
        (_, Some(failure)) if failure.is::<ReaderGone>() && is_complete => worst,
        // A reader that is gone has an exit code of its own.
        (_, Some(failure)) => return Err(failure),
        (Some(StopReason::Unavailable), None) => {
            console.hint(&format!(
                "{MAX_CONSECUTIVE_FAILURES} messages in a row got no final response, so the run stopped: run it again later, with --journal to skip what was accepted"
            ));
            worst.max(Exit::Unavailable)
        }
        (Some(StopReason::Unauthorized), None) => worst.max(Exit::Unauthorized),
        (Some(StopReason::CannotReport) | None, None) => worst,
    };
    Ok(exit.into())
}
