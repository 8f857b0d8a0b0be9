//! Sends one message: keeps to the rate limit, makes an attempt, and another where that can help.

mod backoff;

use std::time::{Duration, Instant, SystemTime};

use crate::api::Action;
use crate::client::{Client, RequestError, Response};
use crate::env::Environment;
use crate::output::{Console, print_request, print_response};
use crate::rate_limit::{RateLimit, StateFile};
use crate::result::is_retryable;
use crate::settings::Settings;
use crate::shutdown::Shutdown;
use crate::token::Token;
use backoff::{backoff, retry_after};

/// What the command line says about sending, apart from the settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SenderConfig {
    /// What to tell Lexer.
    pub(crate) action: Action,
    /// Requests a second, if other than the profile's.
    pub(crate) rate: Option<f64>,
    /// How many requests at once.
    pub(crate) jobs: u16,
    /// How many further attempts after the first.
    pub(crate) retries: u32,
    /// Whether to print each request and response.
    pub(crate) verbose: bool,
}

/// Sends messages to Lexer. Several threads share one.
#[derive(Debug)]
pub(crate) struct Sender {
    /// What to tell Lexer.
    pub(crate) action: Action,
    /// The connection to Lexer.
    pub(crate) client: Client,
    rate_limit: RateLimit,
    retries: u32,
    /// Where requests and responses are printed, if anywhere.
    verbose: Option<Console>,
}

/// How sending a message ended.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The end of the last attempt.
    pub(crate) last: Result<Response, RequestError>,
    /// How many attempts there were.
    pub(crate) attempts: u32,
    /// From the start of the first attempt to the end of the last.
    pub(crate) elapsed: Duration,
}

impl Sender {
    /// Prepares to send with `settings`. Asks for the token, which may run a command.
    pub(crate) fn new(
        config: SenderConfig,
        settings: &Settings,
        environment: &Environment,
        console: Console,
    ) -> anyhow::Result<Self> {
        let client_id = settings.client_id()?;
        let token = settings.token()?;
        let rate = config.rate.unwrap_or(settings.rate.value);
        let rate_limit = RateLimit::new(rate, state_file(rate, settings, &token, console));
        let client = Client::new(
            &settings.base_url.value,
            client_id,
            token,
            settings.timeout.value,
            config.jobs.into(),
            environment,
        )?;
        Ok(Sender {
            action: config.action,
            client,
            rate_limit,
            retries: config.retries,
            verbose: config.verbose.then_some(console),
        })
    }

    /// Waits until a request may be sent. Returns false if the run stops first.
    pub(crate) fn wait_for_turn(&self, shutdown: &Shutdown) -> bool {
        shutdown.reason().is_none() && self.rate_limit.wait(shutdown)
    }

    /// Sends `body`, whose turn it is, and again where that can help.
    pub(crate) fn send(&self, body: &str, shutdown: &Shutdown) -> Sent {
        let start = Instant::now();
        let mut attempts = 1;
        let mut last = self.attempt(body);
        while is_retryable(&last) {
            let wait = wait_after(attempts, &last);
            if last.as_ref().is_ok_and(|response| response.status == 429) {
                self.rate_limit.pause(wait);
            }
            if attempts > self.retries || !shutdown.sleep(wait) || !self.wait_for_turn(shutdown) {
                break;
            }
            attempts += 1;
            last = self.attempt(body);
        }
        Sent {
            last,
            attempts,
            elapsed: start.elapsed(),
        }
    }

    fn attempt(&self, body: &str) -> Result<Response, RequestError> {
        let request = self.client.request(self.action, body);
        let Some(console) = self.verbose else {
            return self.client.send(request);
        };
        print_request(console, &request, self.client.token());
        let start = Instant::now();
        let attempt = self.client.send(request);
        print_response(
            console,
            attempt.as_ref().map_err(|error| error.message.as_str()),
            start.elapsed(),
        );
        attempt
    }
}

/// How long to wait before the next attempt: as long as the server asks, else as long as a backoff takes.
fn wait_after(attempts: u32, last: &Result<Response, RequestError>) -> Duration {
    last.as_ref()
        .ok()
        .and_then(Response::retry_after)
        .and_then(|value| retry_after(value, SystemTime::now()))
        .unwrap_or_else(|| backoff(attempts, fastrand::f64()))
}

/// The file through which all processes with this token share one rate limit, if it can be used.
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
