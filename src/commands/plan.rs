//! From settings to a plan: what every command needs that sends requests.

use crate::api::Action;
use crate::cli::{Connection, Output};
use crate::client::Client;
use crate::delivery::Plan;
use crate::pace::{Pace, StateFile};
use crate::report::Console;
use crate::secret::Token;
use crate::settings::{Environment, Settings};

/// What the command line says of sending, besides the settings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending<'a> {
    /// What is told to Lexer.
    pub(super) action: Action,
    /// `--rate`
    pub(super) rate: Option<f64>,
    /// `--jobs`
    pub(super) jobs: u16,
    /// Where to send, and how often to try.
    pub(super) connection: &'a Connection,
    /// What to print.
    pub(super) output: &'a Output,
}

/// The plan for `sending` with `settings`. Asks for the token, which may run a command.
pub(super) fn plan(
    sending: Sending,
    settings: &Settings,
    environment: &Environment,
    console: Console,
) -> anyhow::Result<Plan> {
    let client_id = settings.client_id()?;
    let token = settings.token()?;
    let rate = sending.rate.unwrap_or(settings.rate.value);
    let pace = Pace::new(rate, state_file(rate, settings, &token, console));
    let client = Client::new(
        &settings.base_url.value,
        client_id,
        token,
        settings.timeout,
        sending.jobs.into(),
        environment,
    )?;
    Ok(Plan {
        action: sending.action,
        client,
        pace,
        retries: sending.connection.retries,
        jobs: sending.jobs.into(),
        verbose: sending.output.verbose.then_some(console),
    })
}

/// The file through which all processes with this token keep one pace; without it this process keeps its own.
fn state_file(
    rate: f64,
    settings: &Settings,
    token: &Token,
    console: Console,
) -> Option<StateFile> {
    if rate <= 0.0 {
        return None;
    }
    let Some(cache) = dirs::cache_dir() else {
        console.warning(
            "there is no cache directory (is HOME set?), so this run keeps the rate by itself",
        );
        return None;
    };
    StateFile::open(&cache, settings.base_url.value.as_str(), token)
        .map_err(|error| {
            console.warning(&format!(
                "{error:#}; this run keeps the rate by itself, without regard to other lexbot processes"
            ));
        })
        .ok()
}
