//! `lexbot claim` and `lexbot echo`: messages in, requests out, an outcome for each.

mod curl;
mod dry_run;
mod flags;
mod source;

use std::process::ExitCode;

use super::plan::{Sending, plan};
use crate::api::Action;
use crate::cli::Send;
use crate::client::endpoint;
use crate::delivery::{Delivery, End, Reason};
use crate::exit::Exit;
use crate::hint::Situation;
use crate::journal::{Accepted, Journal};
use crate::report::{Console, Progress, Reporter};
use crate::settings::{Environment, Settings};
use dry_run::DryRun;
use source::Source;

/// What only one of the two subcommands has.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Own<'a> {
    /// `claim --state`
    pub(crate) state: Option<&'a str>,
    /// `echo --app-id`
    pub(crate) app_id: Option<&'a str>,
}

/// Runs `lexbot claim` or `lexbot echo`.
pub(crate) fn run(
    action: Action,
    args: &Send,
    own: Own,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<ExitCode> {
    flags::check_usage(action, args, own)?;
    // Unvalidated, the flag is the message's own: it goes out as it is, whatever a setting would have to be.
    let account_id = args
        .message
        .account_id
        .as_deref()
        .filter(|_| !args.no_validate);
    let settings = Settings::resolve(&args.connection, account_id, environment)?;
    for warning in &settings.warnings {
        console.warning(warning);
    }
    let rules = flags::rules(action, args, own, &settings)?;
    let source = match &args.input {
        Some(path) => Source::open(path)?,
        None => Source::Flags(flags::message(&args.message, own, &rules)?),
    };
    if args.dry_run || args.curl {
        let url = if args.curl {
            let client_id = settings.client_id()?;
            Some(endpoint(&settings.base_url.value, client_id, action))
        } else {
            None
        };
        let dry_run = DryRun {
            rules: &rules,
            url,
            accepted: args
                .journal
                .as_deref()
                .map(Accepted::at)
                .transpose()?
                .unwrap_or_default(),
            reporter: Reporter::for_dry_run(console, &args.output),
        };
        return dry_run.run(source);
    }

    let sending = Sending {
        action,
        rate: args.rate,
        jobs: args.jobs,
        connection: &args.connection,
        output: &args.output,
    };
    let plan = plan(sending, &settings, environment, console)?;
    let situation = Situation::of(&settings, &plan.client)?;
    let progress = if args.output.quiet || args.output.verbose {
        Progress::none()
    } else {
        source.progress()
    };
    let reading = progress.reading();
    let reporter = Reporter::new(console, &args.output, situation, progress);
    let journal = args.journal.as_deref().map(Journal::open).transpose()?;
    let delivery = Delivery::new(plan, reporter, journal)?;
    let end = match source {
        Source::Flags(message) => delivery.one(message),
        Source::Input(mut input) => {
            let summary = !args.output.quiet;
            let end = delivery.many(input.is_endless, move |delivery| {
                input.each_item(&rules, &reading, &mut |line, item| {
                    delivery.take(line, item)
                })
            })?;
            if summary && !end.came_to_nothing() {
                console.aside(&end.tally.summary());
            }
            end
        }
    };
    finish(end, console)
}

/// The exit code, and why the run stopped before its input ended.
fn finish(end: End, console: Console) -> anyhow::Result<ExitCode> {
    if let Some(failure) = end.failure {
        return Err(failure);
    }
    let worst = end.tally.exit();
    let exit = match end.stopped {
        Some(Reason::Signal(signal)) => Exit::Interrupted(signal),
        Some(Reason::Unavailable) => {
            console.hint("10 messages in a row got no final answer, so the run stopped: run it again later, with --journal to skip what was accepted");
            worst.max(Exit::Unavailable)
        }
        Some(Reason::Unauthorized) => worst.max(Exit::Unauthorized),
        Some(Reason::CannotReport) | None => worst,
    };
    Ok(exit.into())
}
